#!/usr/bin/env bash
# Checks everything, on a bare machine with a Rust toolchain and Python 3. It installs what it needs under `target/`,
# and Chromium, LibreOffice and two families of fonts from Debian's packages where they are missing. Then it runs the
# checks of `tests/quick.sh`, checks the dependencies, and reads the outputs with other programs.
source "$(dirname "$0")/steps.sh"

# Builds the program as the tests build it, so that its dependencies are not compiled again with other features.
needs_program() {
    limited 7200 cargo build --locked --quiet --bins --tests
}

sustain() {
    limited 900 target/debug/sustain --quiet "$@"
}

# Installs Debian packages.
needs_packages() {
    limited 600 apt-get -qq update
    DEBIAN_FRONTEND=noninteractive limited 1800 apt-get -qq install -y --no-install-recommends "$@" >/dev/null
}

needs_chromium() {
    if ! command -v chromium >/dev/null; then
        needs_packages chromium
    fi
    # The fonts that pages are tested under, whatever else the machine has.
    if [ ! -f /usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf ]; then
        needs_packages fonts-dejavu-core
    fi
    if [ ! -f /usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf ]; then
        needs_packages fonts-liberation
    fi
}

needs_office() {
    if ! command -v soffice >/dev/null; then
        needs_packages libreoffice-calc-nogui
    fi
}

# Makes a batch and decides it, under the scheme of the batch where no other is named.
make_batch() { # FOLDER CLAIMS [SCHEME]
    sustain sample --claims "$2" --seed 3 --format parquet --out "$1/batch"
    sustain validate --scheme "${3:-$1/batch/scheme.toml}" --claims "$1/batch/claims.parquet" \
        --register "$1/batch/register.parquet" --earnings "$1/batch/earnings.parquet" --out "$1/run"
}

# Makes the rates of a batch under a scheme with volumes, targets and baselines, so that their page has every kind of
# drawing.
make_rates() { # FOLDER PROFILE
    if [ ! -d "$1/run" ]; then
        make_batch "$1" 2000 lse-poc-2017
    fi
    sustain rates --scheme lse-poc-2017 --register "$1/batch/register.parquet" --earnings "$1/batch/earnings.parquet" \
        --extract-to 2019-03-31 --by contract,cohort,start_quarter --run "$1/run" --disclosure "$2" --curves --out "$1/rates-$2"
}

other_readers() {
    needs_program
    needs_python
    sustain demo --out "$room/demo"
    limited 300 "$python" tests/interop/read_outputs.py "$room/demo"
}

rates_in_sql() {
    needs_program
    needs_python
    # Three registers: how many claims each is made of, and the seed.
    local register
    for register in "22000 20" "5000 7" "3000 41"; do
        mkdir "$room/${register/ /-}"
        # shellcheck disable=SC2086
        limited 1800 "$python" tests/interop/check_rates.py target/debug/sustain "$room/${register/ /-}" $register
    done
}

rates_attacked() {
    needs_program
    needs_python
    limited 1800 "$python" tests/interop/attack_rates.py target/debug/sustain "$room/attack"
}

# The adversarial tests in their short form; `tests/long.sh` has the long one.
attacked() { # NAME
    needs_program
    limited 900 python3 "tests/faults/$1.py" target/debug/sustain
}

calls_that_fail() { attacked calls; }
disks_that_fail() { attacked disks; }
kills() { attacked kills; }
damaged_texts() { attacked texts; }
damaged_files() { attacked damages; }
sentinels() { attacked sentinels; }
ledgers() { attacked ledgers; }

inputs_of_excess() {
    needs_program
    needs_python
    limited 900 "$python" tests/loads/loads.py target/debug/sustain
}

report_in_chromium() {
    needs_program
    needs_python
    needs_chromium
    sustain demo --out "$room/demo"
    limited 600 "$python" tests/interop/check_report.py "$room/demo/report.html"
    make_batch "$room" 10000
    limited 600 "$python" tests/interop/check_report.py "$room/run/report.html" 10000
}

packs_in_chromium() {
    needs_program
    needs_python
    needs_chromium
    sustain demo --out "$room/demo"
    sustain packs "$room/demo" --out "$room/packs"
    limited 600 "$python" tests/interop/check_page.py "$room/packs/provider-PR01.html"
}

rates_in_chromium() {
    needs_program
    needs_python
    needs_chromium
    make_rates "$room" internal
    limited 600 "$python" tests/interop/check_page.py "$room/rates-internal/not-for-release/rates.html" 4
    make_rates "$room" round-5
    limited 600 "$python" tests/interop/check_page.py "$room/rates-round-5/rates.html" 4
}

rates_in_libreoffice() {
    needs_program
    needs_python
    needs_office
    make_rates "$room" internal
    limited 700 "$python" tests/interop/check_spreadsheets.py "$room/rates-internal/not-for-release" "$room/sheets"
    make_rates "$room" round-5
    limited 700 "$python" tests/interop/check_spreadsheets.py "$room/rates-round-5" "$room/released-sheets"
}

dependencies() {
    export PATH="$tools/bin:$PATH"
    if ! command -v cargo-deny >/dev/null; then
        limited 3600 cargo install --quiet --locked --root "$tools" cargo-deny --version 0.20.2
    fi
    limited 600 cargo deny --log-level error check licenses bans sources
    # Advisories are checked where their database can be fetched; where it cannot, that is no failure of the project.
    if limited 600 cargo deny --log-level off fetch db >/dev/null 2>&1; then
        limited 600 cargo deny --log-level error check advisories
    else
        echo "advisories were not checked: their database could not be fetched here"
    fi
}

quick_tier
step "outputs read by DuckDB and PyArrow" other_readers
step "rates worked out again in SQL" rates_in_sql
step "released rates attacked" rates_attacked
step "calls that fail" calls_that_fail
step "disks that are full or do not confirm" disks_that_fail
step "verbs killed" kills
step "damaged text files" damaged_texts
step "damaged Parquet, stores and published folders" damaged_files
step "sentinels in cells and headers" sentinels
step "ledgers attacked" ledgers
step "inputs of which there is too much" inputs_of_excess
step "reports in Chromium" report_in_chromium
step "packs in Chromium" packs_in_chromium
step "the page of rates in Chromium" rates_in_chromium
step "the spreadsheets of rates in LibreOffice" rates_in_libreoffice
step "licences, bans and sources of dependencies" dependencies

finish

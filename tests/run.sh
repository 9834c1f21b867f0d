#!/usr/bin/env bash
# Everything that must hold, on a bare machine with a Rust toolchain and Python 3: installs what it needs beside the
# build (nothing outside `target/` but Chromium and LibreOffice, from Debian's packages, where there
# is none), then checks what `tests/quick.sh` checks, dependencies and the outputs' other readers.
set -euo pipefail
cd "$(dirname "$0")/.."
tools="$PWD/target/tools"
mkdir -p "$tools"

step() { printf '\n== %s\n' "$1"; }

bash tests/quick.sh

step "outputs read by DuckDB and PyArrow"
if [ ! -x "$tools/python/bin/python" ]; then
    python3 -m venv "$tools/python"
fi
"$tools/python/bin/pip" --quiet --disable-pip-version-check install -r tests/interop/requirements.txt
rm -rf target/interop && mkdir -p target/interop
cargo run --locked --quiet -- --quiet demo --out target/interop/demo
"$tools/python/bin/python" tests/interop/read_outputs.py target/interop/demo

step "rates worked out again in SQL"
"$tools/python/bin/python" tests/interop/check_rates.py target/debug/sustain target/interop 22000

step "reports, packs and the page of rates in Chromium"
if ! command -v chromium >/dev/null; then
    apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y chromium >/dev/null
fi
"$tools/python/bin/python" tests/interop/check_report.py target/interop/demo/report.html
cargo run --locked --quiet -- --quiet sample --claims 10000 --seed 3 --format parquet --out target/interop/many
cargo run --locked --quiet -- --quiet validate --scheme target/interop/many/scheme.toml --claims target/interop/many/claims.parquet \
    --register target/interop/many/register.parquet --earnings target/interop/many/earnings.parquet --out target/interop/many-run
"$tools/python/bin/python" tests/interop/check_report.py target/interop/many-run/report.html 10000
cargo run --locked --quiet -- --quiet packs target/interop/demo --out target/interop/packs
"$tools/python/bin/python" tests/interop/check_page.py target/interop/packs/provider-PR01.html
"$tools/python/bin/python" tests/interop/check_page.py target/interop/rates/rates.html 3

step "the spreadsheets of rates in LibreOffice"
if ! command -v soffice >/dev/null; then
    apt-get -qq update
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends libreoffice-calc-nogui >/dev/null
fi
"$tools/python/bin/python" tests/interop/check_spreadsheets.py target/interop/rates target/interop/sheets

step "licences, bans and sources of dependencies"
export PATH="$tools/bin:$PATH"
if ! command -v cargo-deny >/dev/null; then
    cargo install --quiet --locked --root "$tools" cargo-deny --version 0.20.2
fi
cargo deny --log-level error check licenses bans sources
# Advisories are checked where their database can be fetched; where it cannot, that is no failure of the project.
if cargo deny --log-level off fetch db >/dev/null 2>&1; then
    cargo deny --log-level error check advisories
else
    echo "advisories were not checked: their database could not be fetched here"
fi

step "all of it holds"

#!/usr/bin/env bash
# The adversarial tests in their long form: every trial there is, where `tests/run.sh` makes a sample of them. It takes some
# hours. With a program named, that one is attacked, a release build of the same sources for one, which is quicker:
#
#     bash tests/long.sh [SUSTAIN]
source "$(dirname "$0")/steps.sh"
program="${1:-target/debug/sustain}"

needs_program() {
    if [ "$program" = target/debug/sustain ]; then
        limited 7200 cargo build --locked --quiet --bins --tests
    fi
}

attacked() { # NAME
    needs_program
    limited 21600 python3 "tests/faults/$1.py" "$program" --long
}

calls() { attacked calls; }
disks() { attacked disks; }
kills() { attacked kills; }
texts() { attacked texts; }
damages() { attacked damages; }
sentinels() { attacked sentinels; }
ledgers() { attacked ledgers; }

loads() {
    needs_program
    needs_python
    limited 21600 "$python" tests/loads/loads.py "$program" --long
}

step "every call of every verb fails" calls
step "disks that are full or do not confirm" disks
step "verbs killed at every call and any moment" kills
step "text files damaged in every way at every row" texts
step "Parquet, stores and published folders damaged" damages
step "sentinels in every cell and header" sentinels
step "ledgers killed, on failing disks, with turned bits" ledgers
step "inputs of which there is too much" loads

finish

#!/usr/bin/env bash
# Writes again what the repository keeps and something else makes: the registry of rules, from the files of the rules and the
# rulebook's table; then the README's table of rules, the schemas and the sample data, from the program.
set -euo pipefail
cd "$(dirname "$0")/.."
export SUSTAIN_REGENERATE=1
# The registry comes first: the program is then built with every rule that has a file.
cargo test --locked --quiet --test it registry::
cargo test --locked --quiet --test it contracts::
# What the core says of every readable case.
cargo test --locked --quiet --test it cases::

#!/usr/bin/env bash
# The quick tier: formatting, lints and every test that needs no other program, no root and no network beyond crates.
# `tests/run.sh` begins with it and goes on with everything else.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$1"; }

step "formatting"
cargo fmt --check

step "lints"
cargo clippy --locked --all-targets --quiet -- -D warnings

step "tests"
cargo test --locked --quiet

#!/usr/bin/env bash
# The quick tier: formatting, lints and every test that needs no other program, no root and no network beyond crates.
# `tests/run.sh` begins with it and goes on with everything else.
source "$(dirname "$0")/steps.sh"
quick_tier
finish

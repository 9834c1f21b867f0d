#!/usr/bin/env bash
# Changes the core of the program in every way that cargo-mutants knows (domain, evidence, rules and batch), one change at a time,
# and counts the changes that no test finds. The core uses no frames and no files, so it is put into a crate of its own, with the
# tests that need nothing else.
#
#     bash tests/mutants/core.sh [PART]
#
# There are some 2,500 changes, of which each takes a few seconds. PART is a part of them, such as 3/20. What was found lies
# in target/mutants/mutants.out. A change that no test finds here may be found by the tests of the whole program, which take
# minutes: those are to be tried one by one. What no test can find is explained in tests/mutants/survivors.md.
source "$(dirname "$0")/../steps.sh"
crate="$PWD/target/mutants"
rm -rf "$crate/src" "$crate/tests" "$crate/docs"
mkdir -p "$crate/src" "$crate/tests" "$crate/docs"

cp -r src/batch src/domain src/evidence src/judge.rs src/rules src/scheme "$crate/src/"
cp -r tests/cases tests/said "$crate/tests/"
cp tests/it/cases.rs "$crate/src/"
cp tests/mutants/alone.rs "$crate/src/lib.rs"
cp docs/rulebook.md "$crate/docs/"
cp Cargo.lock "$crate/"

# The dependencies of the core, as the program names them.
python3 - "$crate" <<'END'
import sys, tomllib
whole = tomllib.load(open("Cargo.toml", "rb"))
core = ["blake3", "chrono", "chrono-tz", "num-bigint", "rayon", "schemars", "serde", "serde_json", "strsim", "thiserror",
        "toml", "unicode-normalization", "hashbrown", "memchr", "tempfile"]

def line(name, of):
    if isinstance(of, str):
        return f'{name} = "{of}"'
    features = ", ".join(f'"{feature}"' for feature in of.get("features", []))
    defaults = str(of.get("default-features", True)).lower()
    return f'{name} = {{ version = "{of["version"]}", default-features = {defaults}, features = [{features}] }}'

text = ['[package]', 'name = "sustain"', 'version = "0.0.0"', 'edition = "2024"', '', '[dependencies]']
text += [line(name, whole["dependencies"][name]) for name in core]
text += ['', '[dev-dependencies]', line("proptest", whole["dev-dependencies"]["proptest"]), '', '[workspace]', '',
         '# Dependencies are built once, the core for every change.', '[profile.dev]', 'debug = false', '',
         '[profile.dev.package."*"]', 'opt-level = 2']
open(f"{sys.argv[1]}/Cargo.toml", "w").write("\n".join(text) + "\n")
END

export PATH="$tools/bin:$PATH"
if ! command -v cargo-mutants >/dev/null; then
    limited 3600 cargo install --quiet --locked --root "$tools" cargo-mutants --version 27.1.0
fi
cd "$crate" || exit 1
part=()
if [ -n "${1:-}" ]; then
    part=(--shard "$1" --sharding round-robin)
fi
cargo mutants --jobs 2 --baseline run --timeout 30 --no-shuffle "${part[@]}" \
    --file 'src/batch/**' --file 'src/domain/**' --file 'src/evidence/**' --file 'src/rules/**' -- --lib

# What `tests/quick.sh` and `tests/run.sh` share: steps, and the steps of the quick tier.
#
# Each step makes what it needs in a fresh folder of its own, so that it tells the same on every machine and in any order.
# A step that fails does not keep the others from running; all failures are listed at the end. Nothing waits forever.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# The folder of the step that runs.
room=
failed=()

# Runs a function as a step. It is not run in a condition: bash would go on there after a command that fails.
step() { # TITLE FUNCTION
    printf '\n== %s\n' "$1"
    room="$PWD/target/interop/$2"
    rm -rf "$room"
    mkdir -p "$room"
    (set -e; "$2")
    local status=$?
    if [ "$status" != 0 ]; then
        printf 'FAILED: %s (exit code %s)\n' "$1" "$status"
        failed+=("$1")
    fi
}

# Runs a command that is ended where it takes more than so many seconds.
limited() { # SECONDS COMMAND...
    local status=0
    timeout --kill-after=15 "$1" "${@:2}" || status=$?
    if [ "$status" = 124 ] || [ "$status" = 137 ]; then
        echo "ended after $1 seconds: ${*:2}" >&2
    fi
    return "$status"
}

formatting() {
    cargo fmt --check
}

lints() {
    limited 7200 cargo clippy --locked --all-targets --quiet -- -D warnings
}

tests() {
    limited 7200 cargo test --locked --quiet
}

quick_tier() {
    step "formatting" formatting
    step "lints" lints
    step "tests" tests
}

# Says what does not hold, and ends with 1 where anything does not.
finish() {
    if [ "${#failed[@]}" != 0 ]; then
        printf '\n== what does not hold\n'
        printf '%s\n' "${failed[@]}"
        exit 1
    fi
    printf '\n== all of it holds\n'
}

# Shared by `tests/quick.sh` and `tests/run.sh`: how a step runs, and the steps of the quick tier.
#
# Each step makes what it needs in a fresh folder of its own, so that its result depends neither on the machine nor on
# the order of steps. A step that fails does not stop the others; all failures are listed at the end. Every wait has a
# limit.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# The folder of the step that runs.
room=
failed=()

# Runs a function as a step. The function does not run inside a condition, where bash would go on after a failed
# command.
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

# Runs a command, and ends it if it takes longer than this many seconds.
limited() { # SECONDS COMMAND...
    local status=0
    timeout --kill-after=15 "$1" "${@:2}" || status=$?
    if [ "$status" = 124 ] || [ "$status" = 137 ]; then
        echo "ended after $1 seconds: ${*:2}" >&2
    fi
    return "$status"
}

tools="$PWD/target/tools"
python="$tools/python/bin/python"

# Makes a Python with the packages that the checks of outputs need.
needs_python() {
    if ! "$python" -c "import pip" 2>/dev/null; then
        limited 300 python3 -m venv --clear "$tools/python"
    fi
    limited 900 "$python" -m pip --quiet --disable-pip-version-check install -r tests/interop/requirements.txt
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

# Lists the steps that failed, and exits with 1 if there are any.
finish() {
    if [ "${#failed[@]}" != 0 ]; then
        printf '\n== what does not hold\n'
        printf '%s\n' "${failed[@]}"
        exit 1
    fi
    printf '\n== all of it holds\n'
}

# Sets up the project's own Python environment; sourced by ./vigil and ./test (POSIX sh).
#
#   set_up LOCK STAMP    install LOCK into .venv unless STAMP says that it is there already
#
# Safe when started twice at once, and again after being interrupted anywhere.
# shellcheck shell=sh

: "${root:?set by the caller}"

say() { printf '%s\n' "vigil: $*" >&2; }

die() {
    say "$*"
    exit 1
}

apt_line() {
    say "On Debian or Ubuntu:  sudo apt-get install python3 python3-venv"
    exit 1
}

find_python() {
    for python in python3.13 python3.12 python3.11 python3; do
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            return
        fi
    done
    say "Python 3.11 or newer is needed, and none was found."
    apt_line
}

digest() {
    if command -v sha256sum >/dev/null 2>&1; then sha256sum; else shasum -a 256; fi | cut -c 1-64
}

wanted_stamp() {
    { cat "$root/$1" "$root/pyproject.toml"; "$python" --version; } | digest
}

is_set_up() {
    [ -x "$root/.venv/bin/python" ] && [ "$(cat "$root/.venv/$1" 2>/dev/null)" = "$wanted" ]
}

# Runs a step quietly, says how long it took, and shows where to look when it fails.
step() {
    what=$1
    shift
    began=$(date +%s)
    if ! "$@" >>"$root/.venv/setup.log" 2>&1; then
        return 1
    fi
    say "$what ($(($(date +%s) - began)) s)"
}

make_venv() {
    if [ -x "$root/.venv/bin/python" ] && "$root/.venv/bin/python" -c 'import pip' 2>/dev/null &&
        [ "$("$root/.venv/bin/python" --version)" = "$("$python" --version)" ]; then
        return
    fi
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        say "Python's venv module is missing."
        apt_line
    fi
    rm -rf "$root/.venv"
    if ! "$python" -m venv "$root/.venv" >&2; then
        rm -rf "$root/.venv"
        say "The Python environment could not be made."
        apt_line
    fi
}

install_with_uv() {
    "$root/.venv/bin/python" -m pip install --quiet --require-hashes --no-deps \
        --requirement "$root/script/installer.lock" &&
        UV_PYTHON_DOWNLOADS=never UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX-${PIP_INDEX_URL-}}" \
            run_uv pip install --python "$root/.venv/bin/python" --require-hashes --compile-bytecode \
            --requirement "$root/$1"
}

run_uv() (
    [ -n "$UV_DEFAULT_INDEX" ] || unset UV_DEFAULT_INDEX
    exec "$root/.venv/bin/uv" "$@"
)

install_with_pip() {
    "$root/.venv/bin/python" -m pip install --require-hashes --requirement "$root/$1"
}

# The project itself is not copied: a path file, relative so that the folder can be moved.
link_project() {
    site=$("$root/.venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    echo "../../../.." >"$site/vigil.pth"
}

set_up() {
    python=$root/.venv/bin/python
    if [ -x "$python" ] && wanted=$(wanted_stamp "$1") && is_set_up "$2"; then
        return
    fi
    find_python
    wanted=$(wanted_stamp "$1")
    : 2>/dev/null >>"$root/.setup.lock" || die "The folder $root can't be written to; setting up needs that once."
    exec 9>>"$root/.setup.lock"
    "$python" -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)'
    if ! is_set_up "$2"; then
        make_venv
        : >"$root/.venv/setup.log"
        step "installed what $1 lists" install_with_uv "$1" ||
            step "installed what $1 lists, with pip" install_with_pip "$1" || {
            say "Installing failed; the last lines of $root/.venv/setup.log are:"
            tail -n 5 "$root/.venv/setup.log" >&2
            die "Most often the package index can't be reached: check the network, or set PIP_INDEX_URL."
        }
        link_project
        printf '%s\n' "$wanted" >"$root/.venv/$2.new"
        mv "$root/.venv/$2.new" "$root/.venv/$2"
    fi
    exec 9>&-
}

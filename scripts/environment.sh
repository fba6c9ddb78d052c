# Sourced by the scripts beside it: finds a Python >= 3.11 and makes the environment they run in.
#
#   environment EXTRA     makes or renews $VENV with the project installed (EXTRA: "" or "dev"), sets $VENV
#
# The environment is made anew when setup.cfg or the interpreter changes. Where it lies: DL_LIT_VENV, else .venv/.

ROOT=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
VENV=${DL_LIT_VENV:-$ROOT/.venv}

find_python() {
    local candidate
    for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
        # A name on the PATH proves nothing (version managers leave empty shims): ask it.
        if [ -n "$candidate" ] && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    echo "dl-lit needs Python 3.11 or newer and found none. Install one, or name it: PYTHON=/path/to/python3 $0" >&2
    return 1
}

make_venv() {
    local python=$1
    if "$python" -m venv --clear "$VENV" 2>/dev/null; then return; fi
    # Debian's python3 comes without ensurepip; virtualenv carries its own pip.
    rm -rf "$VENV"
    if "$python" -m virtualenv -q "$VENV" 2>/dev/null; then return; fi
    echo "This Python cannot make a virtual environment. On Debian or Ubuntu: apt-get install python3-venv" >&2
    return 1
}

environment() {
    local extra=$1 python stamp wanted
    python=$(find_python) || return 1
    stamp=$VENV/.dl-lit-environment
    wanted="$("$python" -c 'import sys; print(sys.version)') $(cksum < "$ROOT/setup.cfg") $ROOT"
    if [ -f "$stamp" ] && [ "$(head -n 1 "$stamp")" = "$wanted" ] && grep -qx "extra:$extra" "$stamp"; then return; fi
    echo "Making the environment in $VENV (once; about half a minute)..." >&2
    if ! { [ -f "$stamp" ] && [ "$(head -n 1 "$stamp")" = "$wanted" ]; }; then
        make_venv "$python" || return 1
        printf '%s\n' "$wanted" > "$stamp.new"
    else
        cp "$stamp" "$stamp.new"
    fi
    if ! "$VENV/bin/python" -m pip install --disable-pip-version-check -e "$ROOT${extra:+[$extra]}" > "$VENV/pip.log" 2>&1; then
        tail -n 20 "$VENV/pip.log" >&2
        echo "Installing failed; the lines above say why. With a proxy or a mirror, set PIP_INDEX_URL or HTTPS_PROXY." >&2
        return 1
    fi
    printf 'extra:%s\n' "$extra" >> "$stamp.new"
    # The dev environment has all that the plain one has.
    [ -z "$extra" ] || printf 'extra:\n' >> "$stamp.new"
    mv "$stamp.new" "$stamp"
}

#!/bin/sh
# Make .venv/ with everything in requirements-dev.txt. Needs only python3 (3.11 or later) and pip.
set -eu
cd "$(dirname "$0")/.."
python="${PYTHON:-python3}"
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "需要 Python 3.11 或更新版本 / Python 3.11 or later is needed: $("$python" --version)" >&2
    exit 1
fi
if [ ! -x .venv/bin/python ]; then
    # Debian's python3 without python3-venv cannot put pip into the environment; the system's pip then can
    "$python" -m venv .venv 2>/dev/null || {
        rm -rf .venv
        "$python" -m venv --without-pip .venv
        "$python" -m pip --python .venv/bin/python install --quiet pip
    }
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
touch .venv/.ready

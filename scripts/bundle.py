"""One archive that installs without any network: code, front-end assets, wheels and a script.

`make bundle` → var/bundle/cixi-VERSION-MACHINE.tar.gz. MACHINES="x86_64 aarch64" makes one for each;
wheels are for the Python that runs this.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
OUT = ROOT / "var" / "bundle"
LEAST_GLIBC = ("2014", "_2_17", "_2_27", "_2_28", "_2_31", "_2_34")
INSTALL = """#!/bin/sh
# Install in place, without any network: needs Python {python} on {machine}. Then see docs/operations.md.
set -eu
cd "$(dirname "$0")"
sha256sum --quiet --check SHA256SUMS
"${{PYTHON:-python3}}" - <<'END'
import platform, sys
here, wanted = ("%d.%d" % sys.version_info[:2], platform.machine()), ("{python}", "{machine}")
sys.exit(0 if here == wanted else f"这个包用于 Python %s、%s，本机是 %s、%s" % (wanted + here))
END
"${{PYTHON:-python3}}" -m venv .venv
.venv/bin/python -m pip install --quiet --no-index --find-links wheels -r requirements.txt
.venv/bin/python manage.py collectstatic --no-input --verbosity 0
echo "已安装。设置环境变量后运行 .venv/bin/python manage.py migrate，然后 .venv/bin/python manage.py doctor"
"""


def main() -> None:
    from cixi_xiezuo import VERSION

    machines = os.environ.get("MACHINES", platform.machine()).split()
    for machine in machines:
        print(made(VERSION, machine))


def made(version: str, machine: str) -> Path:
    name = f"cixi-{version}-{machine}"
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / name
        code(folder)
        wheels(folder / "wheels", machine)
        python = ".".join(platform.python_version_tuple()[:2])
        script = folder / "install.sh"
        script.write_text(INSTALL.format(python=python, machine=machine))
        script.chmod(0o755)
        sums(folder)
        archive = OUT / f"{name}.tar.gz"
        with tarfile.open(archive, "w:gz", compresslevel=1) as tar:
            tar.add(folder, arcname=name)
    return archive


def code(folder: Path) -> None:
    """What is committed, without the tests' samples, and the front-end assets that setup has fetched."""
    folder.mkdir()
    packed = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x", "-C", folder], input=packed, check=True)
    shutil.copytree(ROOT / "static" / "vendor", folder / "static" / "vendor", dirs_exist_ok=True)


def wheels(folder: Path, machine: str) -> None:
    """The pinned packages as wheels for a Linux machine; a package without one fails."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary=:all:", "--dest", str(folder), "-r", str(ROOT / "requirements.txt")]
    if machine != platform.machine():
        for glibc in LEAST_GLIBC:
            command += ["--platform", f"manylinux{glibc}_{machine}"]
        command += ["--implementation", "cp", "--python-version", platform.python_version()]
    subprocess.run(command, check=True)


def sums(folder: Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder)}\n" for path in files
    ]
    (folder / "SHA256SUMS").write_text("".join(lines))


if __name__ == "__main__":
    main()

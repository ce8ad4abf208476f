"""Databases with all tables made: by `manage.py migrate` once a shape of the product, then copied.

Running every migration takes as long as a hundred tests, and a run needs more than ten such databases. The copies'
originals are kept under var/ until the product's code changes.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var" / "test-tables"
APPS = ("cixi_xiezuo", "units", "procurement", "assessment", "initiatives")
TEMPLATE = "migrated"
"""The name of such a database on a PostgreSQL that tests/services.py starts."""


def sqlite() -> Path:
    """A file with all tables and nothing in them but what migrations put there."""

    def make(path: Path) -> None:
        migrate(f"sqlite:///{path}")

    return kept("tables.sqlite3", make)


def migrate(url: str) -> None:
    """Make the tables, as a program of the product."""
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    given = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "cixi_xiezuo.settings"}
    subprocess.run(command, cwd=ROOT, env=os.environ | given, check=True)


def copy(source: Path, target: Path) -> None:
    """With owners and holes as they are."""
    subprocess.run(["cp", "-a", source, target], check=True)


def kept(name: str, make: Callable[[Path], None]) -> Path:
    """What `make` puts at the path it is given, made once for the product as it is now."""
    with _alone():
        folder = KEPT / _shape()
        path = folder / name
        if not path.exists():
            for old in KEPT.iterdir():
                if old.is_dir() and old != folder:
                    shutil.rmtree(old)
            folder.mkdir(exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder) as half:
                make(Path(half) / name)
                (Path(half) / name).rename(path)
        return path


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time looks and makes; the others then find it made."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _shape() -> str:
    """Changes with any code that migrations may use, and with the libraries."""
    code = hashlib.sha256()
    for path in sorted(
        [ROOT / "requirements.txt", *(each for app in APPS for each in (ROOT / app).rglob("*.py"))]
    ):
        code.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return code.hexdigest()[:16]

"""What is written down about settings and services is what the program has."""

from __future__ import annotations

import re
import runpy
import subprocess

import pytest
import yaml

from tests.services import ROOT

pytestmark = pytest.mark.nodb
READ = re.compile(r'(?:env\.\w+|environ\.get|_URL)\(\s*"([A-Z][A-Z0-9_]+)"')
PLACES = ("cixi_xiezuo", "units", "procurement", "assessment", "scripts")


def test_every_setting_is_in_the_table_of_the_operations_page() -> None:
    read = {
        name
        for place in PLACES
        for path in (ROOT / place).rglob("*.py")
        for name in READ.findall(path.read_text())
    }
    rows = [
        line for line in (ROOT / "docs" / "operations.md").read_text().splitlines() if line.startswith("|")
    ]
    written = {name for row in rows for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", row.split("|")[1])}
    assert read - written == set()
    assert written - read <= {"PROMETHEUS_MULTIPROC_DIR"}, "the table has what nobody reads"


def test_every_service_starts_a_program_that_is_there() -> None:
    commands = [
        line.partition("=")[2]
        for unit in (ROOT / "deploy").glob("*.service")
        for line in unit.read_text().splitlines()
        if line.startswith("ExecStart=")
    ]
    assert len(commands) == 3
    for command in commands:
        assert re.search(r"cixi_xiezuo\.wsgi|-A cixi_xiezuo worker|manage\.py backup", command)
    services = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())["services"]
    assert {"web", "worker", "database", "broker"} <= set(services)
    assert "--beat" in services["worker"]["command"]


def test_an_image_takes_in_nothing_that_an_installation_in_the_folder_keeps() -> None:
    """`COPY . .` with a signing key, receipts, or another machine's packages among it."""
    kept_out = (ROOT / ".dockerignore").read_text().split()
    ignored = [line for line in (ROOT / ".gitignore").read_text().split() if line.endswith("/")]
    folders = {line.strip("/") for line in ignored if not line.startswith((".", "__"))} | {".venv", ".git"}
    assert folders - set(kept_out) - {"tests/screenshots"} == set()


def test_the_bundles_script_refuses_a_changed_file(tmp_path) -> None:
    bundle = runpy.run_path(str(ROOT / "scripts" / "bundle.py"))
    (tmp_path / "install.sh").write_text(bundle["INSTALL"].format(python="3.11", machine="x86_64"))
    (tmp_path / "code.py").write_text("print(1)")
    bundle["sums"](tmp_path)
    (tmp_path / "code.py").write_text("print(2)")
    run = subprocess.run(["sh", "install.sh"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert not (tmp_path / ".venv").exists()

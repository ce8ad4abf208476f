"""docs/dependencies.md names every pinned package once; a direct one is used, any other is asked for by another."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, requires

import pytest

from tests.services import ROOT

pytestmark = pytest.mark.nodb
RUNNING = ("cixi_xiezuo", "units", "procurement", "assessment", "initiatives")
CODE = (*RUNNING, "tests", "scripts", "benchmarks")
CONFIGURED = ("cixi_xiezuo/settings.py", "pyproject.toml", "Makefile", "requirements-node.txt")
"""Where a package is named that no code imports: by a setting, a tool's section, a command."""


@cache
def modules_of_packages() -> Mapping[str, list[str]]:
    """Outermost module → the packages that bring it."""
    return packages_distributions()


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned() -> list[str]:
    """Packages of all requirement files, and those that pages load."""
    lines = [line for file in ROOT.glob("requirements*.txt") for line in file.read_text().splitlines()]
    loaded = json.loads((ROOT / "package.json").read_text())["dependencies"]
    return [plain(line.partition("==")[0]) for line in lines if "==" in line] + list(loaded)


def tables() -> dict[str, list[list[str]]]:
    """Chapter → the cells of its rows."""
    chapters = (ROOT / "docs" / "dependencies.md").read_text().split("\n## ")[1:]
    found = {}
    for chapter in chapters:
        rows = [line.strip("|").split(" | ") for line in chapter.splitlines() if line.startswith("|")]
        found[chapter.partition("\n")[0]] = [[cell.strip() for cell in row] for row in rows[2:]]
    return found


TABLES = tables()
DIRECT = {row[0] for chapter in ("The running system", "Work on it") for row in TABLES[chapter]}
BESIDE = {row[0]: row[1] for row in TABLES["What comes with them"]}


@cache
def imported(*places: str) -> set[str]:
    """The outermost modules that code asks for."""
    if len(places) > 1:
        return set().union(*map(imported, places))
    trees = [ast.parse(path.read_text()) for path in (ROOT / places[0]).rglob("*.py")]
    return {module for tree in trees for node in ast.walk(tree) for module in _modules(node)}


def _modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [name.name.partition(".")[0] for name in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module.partition(".")[0]]
    return []


def test_each_pinned_package_has_one_row_and_each_row_a_package() -> None:
    rows = [row[0] for table in TABLES.values() for row in table]
    assert sorted(rows) == sorted(pinned())


def test_what_code_imports_is_direct() -> None:
    of = modules_of_packages()
    asked = {plain(name) for module in imported(*CODE) for name in of.get(module, [])[:1]}
    assert asked - DIRECT == set()


def test_the_running_system_needs_nothing_of_the_tests() -> None:
    """What an installation imports is in requirements.txt: the bundle and the container install no other."""
    of = modules_of_packages()
    installed = {
        plain(line.partition("==")[0]) for line in (ROOT / "requirements.txt").read_text().splitlines()
    }
    asked = {plain(name) for module in imported(*RUNNING) for name in of.get(module, [])[:1]}
    assert asked - installed == set()


def test_what_is_direct_is_used() -> None:
    """Dropped where it is neither imported nor named by a setting, a tool's section or a command."""
    modules = imported(*CODE)
    named = "".join((ROOT / path).read_text() for path in CONFIGURED)
    named += "".join(path.read_text() for path in (ROOT / "deploy").glob("*") if path.is_file())
    named = named.lower().replace("_", "-")
    of: dict[str, set[str]] = {}
    for module, packages in modules_of_packages().items():
        for package in packages:
            of.setdefault(plain(package), set()).add(module)
    unused = {
        package
        for package in DIRECT
        if not of.get(package, set()) & modules
        and not any(plain(word) in named for word in {package, *of.get(package, set())})
    }
    assert unused == set()


def test_what_is_not_direct_is_asked_for_by_the_package_beside_it() -> None:
    wrong = []
    for package, beside in BESIDE.items():
        for name in re.split(", | and ", beside.removesuffix(" and others")):
            try:
                asked = requires(name) or []
            except PackageNotFoundError:  # installed by `make mutants` alone
                assert name == "mutmut"
                continue
            if package not in {plain(re.split(r"[^\w.-]", each)[0]) for each in asked}:
                wrong.append((package, name))
    assert wrong == []

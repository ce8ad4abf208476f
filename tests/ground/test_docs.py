"""What the documents name is there: paths, names in modules, links, commands; and pages made from data are up to date."""

from __future__ import annotations

import ast
import re
import runpy
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.services import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
FOLDERS = "|".join(
    sorted(
        path.name
        for path in ROOT.iterdir()
        if path.is_dir() and path.name.isidentifier() and path.name != "var"
    )
)
NAMED = re.compile(rf"(?<![\w./-])((?:{FOLDERS})/[\w./-]*\w/?)(?:::(\w+))?")
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
MADE = ("static/vendor",)
"""Folders that `make setup` fills."""

pytestmark = pytest.mark.nodb


@pytest.fixture(params=PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def page(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_each_path_and_name_on_a_page_is_there(page: Path) -> None:
    gone = []
    for path, name in NAMED.findall(page.read_text()):
        if path.startswith(MADE):
            continue
        if not (ROOT / path).exists() or (name and name not in names_in(ROOT / path)):
            gone.append(f"{path}::{name}" if name else path)
    assert gone == []


def test_each_link_on_a_page_leads_to_a_file(page: Path) -> None:
    assert [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()] == []


def test_each_command_on_a_page_can_be_given(page: Path) -> None:
    """`make …` has a target, `manage.py …` a command of that name, `python -m …` a module."""
    text = page.read_text()
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    made = set(re.findall(r"(?:`|^ {4}|\n)make ([a-z]+)", text, re.MULTILINE))
    managed = set(re.findall(r"manage\.py ([a-z_]+)", text))
    modules = set(re.findall(r"python -m ([a-z_.]*\w)", text))
    assert made - targets == set()
    assert managed - set(get_commands()) == set()
    assert {module for module in modules if find_spec(module) is None} == set()


def test_each_document_that_code_names_is_there() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True).stdout
    files = [name for name in listed.split("\0") if (ROOT / name).is_file()]
    known = [f"/{name}" for name in files if name.endswith(".md")]
    named = {
        f"{file}: {name}"
        for file in files
        if file.endswith((".py", ".toml", ".html"))
        for name in re.findall(r"(?<![\w./-])[\w/-]+\.md\b", (ROOT / file).read_text())
        if not any(each.endswith(f"/{name}") for each in known)
    }
    assert named == set()


def test_the_page_of_the_rules_says_what_the_policies_say() -> None:
    """Where it is behind: `make docs`."""
    script = runpy.run_path(str(ROOT / "scripts" / "rules_page.py"))
    assert script["PAGE"].read_text() == script["page"]()


@cache
def names_in(module: Path) -> set[str]:
    """The functions and classes that a module defines."""
    return {
        node.name
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }

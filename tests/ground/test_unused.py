"""Nothing is left over: each function, template and style class of ours is named somewhere beside where it is made."""

from __future__ import annotations

import ast
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.services import ROOT

pytestmark = pytest.mark.nodb
APPS = ("cixi_xiezuo/", "units/", "procurement/", "assessment/", "initiatives/")
CALLED_BY_LIBRARIES = {
    "_get_session_auth_hash",
    "collect",
    "from_db_value",
    "get_available_name",
    "get_prep_value",
    "value_to_string",
}
BY_PATTERN = re.compile(r"__\w+__|clean_\w+|\w+Config")
"""Called by a name that is put together: by Python, by forms, by Django for an app."""
TEMPLATES_BY_NAME = {"403.html", "403_csrf.html", "404.html"}
"""Django's own names for error pages."""
CLASSES_BY_PATTERN = re.compile(r"bar-\w+|whatif-\d")


def ours(*endings: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [
        ROOT / name for name in listed.stdout.split("\0") if name.endswith(endings) and (ROOT / name).exists()
    ]


def below(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def code() -> str:
    """All that may name something: code, templates, scripts, settings of services."""
    files = ours(".py", ".html", ".txt", ".js", ".toml", ".service", "Makefile", "Procfile")
    return "\n".join(path.read_text() for path in files if "/migrations/" not in below(path))


def test_each_function_and_class_is_named_somewhere_else(code: str) -> None:
    words = Counter(re.findall(r"\w+", code))
    left = [
        f"{below(path)}: {node.name}"
        for path in ours(".py")
        if below(path).startswith(APPS) and "/migrations/" not in below(path)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and words[node.name] == 1
        and node.name not in CALLED_BY_LIBRARIES
        and not BY_PATTERN.fullmatch(node.name)
    ]
    assert left == []


def test_each_constant_of_a_module_is_read(code: str) -> None:
    """Settings apart, which Django reads; and what Django looks for in addresses."""
    words = Counter(re.findall(r"\w+", code))
    left = [
        f"{below(path)}: {name.id}"
        for path in ours(".py")
        if below(path).startswith(APPS) and "/migrations/" not in below(path) and path.name != "settings.py"
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        for name in ast.walk(target)
        if isinstance(name, ast.Name) and words[name.id] == 1 and name.id not in {"handler400", "handler500"}
    ]
    assert left == []


def test_each_template_is_named_somewhere(code: str) -> None:
    """By its path, or by its folder's where the rest is put in: "folder/{name}.html"."""
    paths = [below(path) for path in ours(".html", ".txt") if below(path).startswith("templates/")]
    names = {path.removeprefix("templates/") for path in paths} - TEMPLATES_BY_NAME
    assert [name for name in names if name not in code and f'"{Path(name).parent}/{{' not in code] == []


def test_each_style_class_is_used(code: str) -> None:
    made = {
        name
        for path in ours(".css")
        for name in re.findall(r"\.([a-z][a-z0-9_-]+)(?=[^{}]*\{)", path.read_text())
    }
    used = set(re.findall(r"[\w-]+", code))
    assert {name for name in made - used if not CLASSES_BY_PATTERN.fullmatch(name)} == set()


def test_each_icon_of_the_sprite_is_used() -> None:
    names = {
        line for line in (ROOT / "static/icons.txt").read_text().splitlines() if line[:1] not in ("", "#")
    }
    text = "\n".join(path.read_text() for path in ours(".html", ".py", ".js") if "/tests/" not in str(path))
    assert names - set(re.findall(r"[\w-]+", text)) == set()

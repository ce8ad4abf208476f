"""What the template linter cannot see."""

import re

import pytest

from tests.services import ROOT

pytestmark = pytest.mark.nodb
UNSAFE = re.compile(r"\|\s*safe(seq)?\b|\{%\s*autoescape\s+off|\{%\s*csp_nonce|request\.csp_nonce")


def test_no_template_marks_anything_safe():
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in sorted((ROOT / "templates").rglob("*"))
        if path.is_file()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if UNSAFE.search(line)
    ]
    assert not found


def test_every_icon_named_in_a_template_is_in_the_sprite():
    known = set((ROOT / "static" / "icons.txt").read_text(encoding="utf-8").split("\n"))
    used = {
        name
        for path in (ROOT / "templates").rglob("*.html")
        for name in re.findall(
            r"components/icon\.html\"\s+with\s+name=\"([a-z0-9-]+)\"", path.read_text(encoding="utf-8")
        )
    }
    assert not used - known

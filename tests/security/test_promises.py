"""Each test that docs/security.md names is there, so that no promise stands on nothing."""

from __future__ import annotations

import re

import pytest

from tests.services import ROOT

NAMED = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", (ROOT / "docs" / "security.md").read_text())


@pytest.mark.nodb
def test_every_row_of_the_table_names_a_test() -> None:
    table = (ROOT / "docs" / "security.md").read_text().partition("\n## Tools")[0]
    rows = [row for row in table.splitlines() if row.startswith("| ")][2:]
    assert len(rows) > 20
    assert [row for row in rows if "::test_" not in row] == []


@pytest.mark.nodb
@pytest.mark.parametrize(("path", "name"), sorted(set(NAMED)))
def test_a_named_test_is_there(path: str, name: str) -> None:
    assert re.search(rf"^\s*def {name}\(", (ROOT / path).read_text(), re.MULTILINE)

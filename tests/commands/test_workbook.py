"""`workbook`: the file is there whole, replaces an older one, and the export is on the audit trail."""

from __future__ import annotations

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from cixi_xiezuo.audit import AuditEvent
from tests.factories import make_policy, make_purchase, make_unit

pytestmark = pytest.mark.django_db


def test_it_writes_the_book_over_an_older_one(run, tmp_path: Path) -> None:
    make_policy()
    make_purchase(make_unit("D01"), invoice_number="83089647")
    target = tmp_path / "考核.xlsx"
    target.write_text("older")
    outcome = run("workbook", "2021", "--as-of", "2021-12-31", "-o", str(target))
    assert (outcome.code, outcome.err) == (0, "")
    book = CalamineWorkbook.from_path(target)
    assert book.sheet_names[:2] == ["封面", "汇总"]
    assert "83089647" in {value for row in book.get_sheet_by_name("票据清单").to_python() for value in row}
    assert [path.name for path in tmp_path.iterdir()] == ["考核.xlsx"]
    assert AuditEvent.objects.get(action="导出").detail == {"as_of": "2021-12-31"}

"""The year's assessment workbook: a sheet a file, all from one moment's standing and lines.

Each sheet is a module with `NAME` and `write(sheet, source)`, and a line in SHEETS. Another app adds its own at the end: a
module `workbook_sheets` with SHEETS.
"""

from __future__ import annotations

import datetime
import io
from typing import IO

from django.conf import settings

from assessment.workbook import (
    channels,
    cover,
    lines,
    missing_bases,
    months,
    organisers,
    problems,
    ranking,
    readings,
    receipts,
    shortfalls,
    summary,
)
from assessment.workbook.rule_sheets import RULE_SHEETS
from assessment.workbook.source import Source
from cixi_xiezuo.parts import modules
from cixi_xiezuo.sheets import Book
from cixi_xiezuo.snapshot import snapshot

__all__ = ["build", "file_name", "write"]

SHEETS = (
    months,
    organisers,
    channels,
    shortfalls,
    missing_bases,
    problems,
    lines,
    receipts,
    readings,
)
"""After the cover, the summary, a sheet a rule, and the ranking."""


def build(year: int, as_of: datetime.date | None = None) -> bytes:
    """The workbook as bytes. Raises Refused when there is no policy for the year."""
    target = io.BytesIO()
    write(target, year, as_of)
    return target.getvalue()


def file_name(year: int, as_of: datetime.date) -> str:
    return f"{year}年度消费帮扶考核（截至{as_of:%Y%m%d}）.xlsx"


def write(target: str | IO[bytes], year: int, as_of: datetime.date | None = None) -> Source:
    """Write it to a path or a binary file; memory does not grow with the number of purchases."""
    with snapshot():
        source = Source.read(year, as_of)
        with Book(
            target, title=source.title, subject=source.standing.policy.title, author=settings.SITE_NAME
        ) as book:
            book.property("年度", str(year))
            book.property("截止日", source.standing.as_of.isoformat())
            _fill(book, source)
    return source


def _fill(book: Book, source: Source) -> None:
    """The summary comes first after the cover and is written last: it refers to the others."""
    cover.write(book.sheet(cover.NAME), source)
    first = book.sheet(summary.NAME)
    rules = {
        kind: spec.write(book.sheet(spec.name(source)), source)
        for kind, spec in RULE_SHEETS.items()
        if kind in source.standing.facts.rules
    }
    ranked = ranking.write(book.sheet(ranking.NAME), source)
    for each in (*SHEETS, *(sheet for app in modules("workbook_sheets") for sheet in app.SHEETS)):
        each.write(book.sheet(each.NAME), source)
    summary.write(first, source, rules, ranked)

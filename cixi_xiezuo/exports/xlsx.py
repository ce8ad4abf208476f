"""Writing long tables as .xlsx: streamed, so that memory does not grow with the rows, and typed by column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import IO, Any

from cixi_xiezuo.columns import Column
from cixi_xiezuo.sheets import LAST_ROW, Book
from cixi_xiezuo.sheettext import cell_text

NOTES = [Column("说明", 80)]


def write_xlsx(
    target: IO[bytes],
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    notes: Sequence[str] = (),
) -> int:
    """Write a table, in as many sheets as it needs, and a sheet 说明 with the notes. Returns the number of rows."""
    every = iter(rows)
    first: list[Sequence[Any]] = []
    sheets = count = 0
    with Book(target, title=title) as book:
        while first or not sheets:
            sheets += 1
            table = book.sheet(_name(title, sheets)).table(columns, ruled=False)
            count += table.extend(islice(chain(first, every), LAST_ROW - 2))
            table.close()
            first = list(islice(every, 1))
        if notes:
            book.sheet("说明").table(NOTES, ruled=False).extend([note] for note in notes)
    return count


def _name(title: str, place: int) -> str:
    """A sheet's name: at most 31 characters, without those that Excel refuses."""
    more = "" if place == 1 else f" ({place})"
    plain = re.sub(r"[\[\]:*?/\\&<>\"']", " ", cell_text(title)).strip()
    return (plain[: 31 - len(more)] or "Sheet") + more

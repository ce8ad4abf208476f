"""A file's bytes → its table. Runs in the reading process."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Any

from procurement.tablefile import limits
from procurement.tablefile.headers import PROBLEMS, canonical, head_row, normal
from procurement.tablefile.limits import TooMuch
from procurement.tablefile.table import Table
from procurement.tablefile.text import NO_TABLE, read_text
from procurement.tablefile.workbook import Found, read_workbook

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(data: bytes) -> Table:
    """Raises TooMuch, with the sentence to show, for what is no table or too large a one."""
    if not data.strip():
        raise TooMuch("文件是空的，请重新选择")
    found = _found(data)
    first = list(itertools.islice(found.rows, limits.HEAD_ROWS))
    place, known = head_row(first)
    if not known and not found.sheet:
        raise TooMuch(NO_TABLE)
    heads = [_text(str(head)).strip() for head in first[place]] if first else []
    while heads and not normal(heads[-1]):
        heads.pop()
    if len(heads) > limits.MAX_COLUMNS:
        raise TooMuch(f"表格过大：最多 {limits.MAX_COLUMNS} 列")
    names = canonical(heads)
    if place:
        found.notices.append(f"列名在第 {place + 1} 行，上面的 {place} 行是标题，没有读取")
    kept = [index for index, name in enumerate(names) if name != PROBLEMS]
    rows = itertools.chain(first[place + 1 :], found.rows)
    return Table(
        names=[names[index] for index in kept],
        heads=[heads[index] for index in kept],
        head_row=place + 1,
        rows=_filled(rows, place + 2, kept),
        sheet=found.sheet,
        notices=found.notices,
    )


def _found(data: bytes) -> Found:
    if data.startswith(_ZIP):
        return read_workbook(data, zipped=True)
    if data.startswith(_OLE):
        return read_workbook(data, zipped=False)
    return Found(read_text(data))


def _filled(rows: Iterator[list[Any]], first: int, kept: Sequence[int]) -> Iterator[tuple[int, list[Any]]]:
    """The rows that hold anything under a head, numbered as in the sheet."""
    width = max(kept, default=-1) + 1
    for number, row in enumerate(rows, start=first):
        if len(row) < width:
            row = row + [""] * (width - len(row))
        values = [row[index] for index in kept]
        if any(value != "" and (type(value) is not str or value.strip()) for value in values):
            yield number, [_text(value) if type(value) is str else value for value in values]


def _text(value: str) -> str:
    """As long as a cell may be, without what no keyboard types: a database refuses some of it, and MARK means more."""
    value = value[: limits.MAX_CELL]
    return value if value.isprintable() else _CONTROLS.sub("", value)

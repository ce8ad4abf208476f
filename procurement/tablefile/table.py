"""What was read, and how it travels from the reading process: a line of JSON for the head, then one a row."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

MARK = "\x01"
"""Begins what JSON has no type for; the reading process takes it off whatever text begins with it."""


class Broken(str):
    """A cell that has no value to read; the text says why (Chinese)."""

    __slots__ = ()


UNCALCULATED = "是公式但没有计算结果，请在 Excel 或 WPS 中打开并保存一次，或粘贴为数值"


@dataclass(slots=True)
class Table:
    """`names`: agreed column names; `heads`: as written; `head_row`: their row's number in the sheet, from 1.

    `rows` gives (row number in the sheet, values) of every row below the head that holds anything, once.
    """

    names: list[str]
    heads: list[str]
    head_row: int
    rows: Iterator[tuple[int, list[Any]]]
    sheet: str = ""
    notices: list[str] = field(default_factory=list)

    def head(self) -> dict[str, Any]:
        """All but the rows, as JSON takes it."""
        return {
            "names": self.names,
            "heads": self.heads,
            "head_row": self.head_row,
            "sheet": self.sheet,
            "notices": self.notices,
        }


def broken(word: str) -> Broken:
    """A cell that cannot be read, marked for its way to the parent, which takes the mark off."""
    return Broken(f"{MARK}E{word}")


def pack(value: Any) -> str:
    """What JSON has no type for."""
    if isinstance(value, datetime.datetime):
        return f"{MARK}T{value.isoformat()}"
    if isinstance(value, datetime.date):
        return f"{MARK}D{value.isoformat()}"
    return str(value)


def unpack(text: str) -> Any:
    kind, rest = text[1:2], text[2:]
    if kind == "T":
        return datetime.datetime.fromisoformat(rest)
    if kind == "D":
        return datetime.date.fromisoformat(rest)
    return Broken(rest)


def rows_of(lines: Iterable[bytes]) -> Iterator[tuple[int, list[Any]]]:
    """The rows of lines as `row_line` made them."""
    for line in lines:
        number, *values = json.loads(line)
        if b"\\u0001" in line:
            values = [
                unpack(value) if isinstance(value, str) and value[:1] == MARK else value for value in values
            ]
        yield number, values


def row_line(number: int, values: Sequence[Any]) -> str:
    return json.dumps([number, *values], ensure_ascii=False, default=pack)

"""A table for a terminal: columns line up although a Chinese character is two columns wide."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def plain_table(head: Sequence[str], rows: Iterable[Sequence[object]], *, right: Iterable[int] = ()) -> str:
    """Lines of text, the columns numbered in `right` flush right. None is shown as a dash."""
    cells = [list(head)] + [["—" if value is None else str(value) for value in row] for row in rows]
    widths = [max(width(row[column]) for row in cells) for column in range(len(head))]
    flush = set(right)

    def pad(text: str, column: int) -> str:
        space = " " * (widths[column] - width(text))
        return space + text if column in flush else text + space

    return "\n".join("  ".join(pad(text, i) for i, text in enumerate(row)).rstrip() for row in cells)

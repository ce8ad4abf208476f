"""Text on its way into a spreadsheet: it stays text, whatever it looks like."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import IO, Any

LONGEST = 32_767
"""Characters that fit into one cell."""

_FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def cell_text(text: str) -> str:
    """What a cell may hold: no control characters (line feeds stay), no half characters, not too long.

    A tab becomes a blank and a carriage return goes, so that neither can lead a cell.
    """
    text = text.replace("\r\n", "\n").replace("\t", " ")
    return _FORBIDDEN.sub("", text)[:LONGEST]


def triggers(text: str) -> bool:
    """Would a spreadsheet take it for a formula if somebody typed it (blanks before it do not help)?"""
    return text.lstrip(" \n\u3000\u00a0").startswith(_TRIGGERS)


def csv_text(text: str) -> str:
    """For a CSV field, which has no types: an apostrophe before what would become a formula."""
    text = cell_text(text)
    return f"'{text}" if triggers(text) else text


def write_rows(target: IO[bytes], rows: Iterable[Iterable[Any]]) -> int:
    """Rows as they come, in UTF-8 with the mark by which Excel knows it; returns how many. The target stays open.

    Somebody's text goes through `csv_text` before: here nothing tells it from a negative amount.
    """
    stream = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
    write = csv.writer(stream).writerow
    count = 0
    for row in rows:
        write(row)
        count += 1
    stream.flush()
    stream.detach()
    return count

"""Writing tables as .csv: UTF-8 with its mark, so that Excel reads it; text that would become a formula is guarded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import chain
from typing import IO, Any

from cixi_xiezuo.exports.listing import Column, Kind
from cixi_xiezuo.money import from_fen
from cixi_xiezuo.sheettext import csv_text, write_rows


def write_csv(target: IO[bytes], columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> int:
    """Returns the number of rows. The target stays open."""
    kinds = [column.kind for column in columns]
    head = [csv_text(column.title) for column in columns]
    fields = ([_field(kind, value) for kind, value in zip(kinds, row, strict=True)] for row in rows)
    return write_rows(target, chain([head], fields)) - 1


def _field(kind: Kind, value: Any) -> str:
    if value is None or value == "":
        return ""
    if kind is Kind.TEXT:
        return csv_text(str(value))
    if kind is Kind.FEN:
        return f"{from_fen(value):.2f}"
    if kind is Kind.RATIO:
        return f"{Decimal(value).scaleb(-2):.2f}%"
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)

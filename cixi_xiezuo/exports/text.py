"""Writing tables as .csv: UTF-8 with its mark, so that Excel reads it; text that would become a formula is guarded."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import IO, Any

from cixi_xiezuo.exports.listing import Column, Kind
from cixi_xiezuo.money import from_fen
from cixi_xiezuo.sheettext import csv_text


def write_csv(target: IO[bytes], columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> int:
    """Returns the number of rows. The target stays open."""
    stream = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=False)
    writer = csv.writer(stream)
    writer.writerow([csv_text(column.title) for column in columns])
    kinds = [column.kind for column in columns]
    count = 0
    for row in rows:
        writer.writerow([_field(kind, value) for kind, value in zip(kinds, row, strict=True)])
        count += 1
    stream.flush()
    stream.detach()
    return count


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

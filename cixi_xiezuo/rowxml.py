"""Rows as a spreadsheet's file holds them, quickly: one writer a column, chosen once by its kind.

XlsxWriter asks every value what it is and every cell how it looks; for a hundred thousand rows that is nearly all of
the time (docs/performance.md). Text is always text, whatever it looks like; amounts are numbers, dates dates.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from cixi_xiezuo.columns import Kind
from cixi_xiezuo.sheettext import cell_text, triggers

BATCH = 500
"""Rows handed on at once."""
_REMEMBERED = 2000  # texts a column
_EPOCH = datetime.date(1899, 12, 30).toordinal()
_FIRST_DAY = datetime.date(1900, 3, 1)  # spreadsheets count the days before it in different ways
_SPECIAL = re.compile("[&<>\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]|^[\\s=+\\-@＝＋－＠]|\\s$")
Write = Callable[[Any, int], str]


@dataclass(frozen=True, slots=True)
class Look:
    """How a column's cells look, each a number of a style; `blank`: a cell without a value is written too."""

    plain: int
    quoted: int
    alert: int = 0
    alerts: frozenset[str] = frozenset()
    blank: bool = True


def rows_xml(
    kinds: Sequence[Kind], looks: Sequence[Look], rows: Iterable[Sequence[Any]], first: int
) -> Iterator[list[str]]:
    """Some hundred rows at a time, a text each, numbered from `first` (counted from 1)."""
    writers = [
        _writer(kind, look, xl_col_to_name(place))
        for place, (kind, look) in enumerate(zip(kinds, looks, strict=True))
    ]
    buffer: list[str] = []
    for number, row in enumerate(rows, start=first):
        cells = [write(value, number) for write, value in zip(writers, row, strict=True)]
        buffer.append(f'<row r="{number}">{"".join(cells)}</row>')
        if len(buffer) >= BATCH:
            yield buffer
            buffer = []
    yield buffer


def _writer(kind: Kind, look: Look, letters: str) -> Write:
    return _text(look, letters) if kind is Kind.TEXT else _typed(kind, look, letters)


def _typed(kind: Kind, look: Look, letters: str) -> Write:
    """Numbers and dates."""
    before, shape, shown = f'<c r="{letters}', f'" s="{look.plain}"><v>', SHOWN[kind]
    blank = f'" s="{look.plain}"/>'
    otherwise = _text(look, letters)

    def write(value: Any, row: int) -> str:
        if value is None:
            return f"{before}{row}{blank}" if look.blank else ""
        text = shown(value)
        return otherwise(str(value), row) if text is None else f"{before}{row}{shape}{text}</v></c>"

    return write


def _fen(value: int) -> str:
    whole, cents = divmod(abs(value), 100)
    return f"{'-' if value < 0 else ''}{whole}.{cents:02d}"


def _day(value: datetime.date) -> str | None:
    return None if value < _FIRST_DAY else str(value.toordinal() - _EPOCH)


def _number(value: Decimal | int) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _ratio(value: int) -> str:
    return str(Decimal(value).scaleb(-4))


SHOWN: dict[Kind, Callable[[Any], str | None]] = {
    Kind.FEN: _fen,
    Kind.AMOUNT: str,
    Kind.DATE: _day,
    Kind.WHOLE: str,
    Kind.NUMBER: _number,
    Kind.RATIO: _ratio,
    Kind.PERCENT: str,
}


def _text(look: Look, letters: str) -> Write:
    before = f'<c r="{letters}'
    blank = f'" s="{look.plain}"/>'
    known: dict[str, str] = {}

    def write(value: str | None, row: int) -> str:
        if not value:
            return f"{before}{row}{blank}" if look.blank else ""
        rest = known.get(value)
        if rest is None:
            rest = _rest(value, look)
            if len(known) < _REMEMBERED:
                known[value] = rest
        return f"{before}{row}{rest}"

    return write


def _rest(value: str, look: Look) -> str:
    """A cell's text from its style on."""
    style = look.alert if value in look.alerts else look.plain
    if not _SPECIAL.search(value):
        return f'" s="{style}" t="inlineStr"><is><t>{value}</t></is></c>'
    if triggers(value):
        style = look.quoted
    text = cell_text(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'

"""Writing long tables as .xlsx: streamed, so that memory does not grow with the rows, and typed by column.

A few fixed parts and one stream of rows: measured no slower than a Rust-backed writer and a quarter of its file
(docs/performance.md). Text is always text, whatever it looks like; amounts are numbers, dates dates.
"""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import IO, Any

from cixi_xiezuo.exports.listing import Column, Kind
from cixi_xiezuo.exports.xlsx_parts import HEADER, MAIN, write_parts
from cixi_xiezuo.sheettext import cell_text, triggers

LAST_ROW = 1_048_576
BATCH = 500  # rows handed to the compressor at once
_REMEMBERED = 2000  # texts a column
_EPOCH = datetime.date(1899, 12, 30).toordinal()
_SPECIAL = re.compile("[&<>\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]|^[\\s=+\\-@＝＋－＠]|\\s$")
_TEXT, _FEN, _DATE, _WHOLE, _RATIO, _HEAD, _QUOTED, _NUMBER = 1, 2, 3, 4, 5, 6, 7, 0


def write_xlsx(
    target: IO[bytes],
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    notes: Sequence[str] = (),
) -> int:
    """Write a table, in as many sheets as it needs, and a sheet 说明 with the notes. Returns the number of rows."""
    count = 0
    names: list[str] = []
    every = iter(rows)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        while True:
            names.append(title if not names else f"{title} ({len(names) + 1})")
            written, more = _sheet(archive, len(names), columns, every)
            count += written
            if more is None:
                break
            every = _before(more, every)
        if notes:
            names.append("说明")
            _sheet(archive, len(names), [Column("说明", 80)], ([note] for note in notes))
        write_parts(archive, names)
    return count


def _before(first: Sequence[Any], rest: Iterator[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    yield first
    yield from rest


def _sheet(
    archive: zipfile.ZipFile, place: int, columns: Sequence[Column], rows: Iterable[Sequence[Any]]
) -> tuple[int, Sequence[Any] | None]:
    """→ how many rows were written, and the first row that no longer fits."""
    writers = [_writer(column.kind, _letters(index)) for index, column in enumerate(columns)]
    heads = [_text_writer(_letters(index), _HEAD) for index in range(len(columns))]
    number, left = 1, None
    with archive.open(f"xl/worksheets/sheet{place}.xml", "w", force_zip64=True) as sheet:
        sheet.write((HEADER + _opening(columns)).encode())
        head = "".join([write(column.title, 1) for write, column in zip(heads, columns, strict=True)])
        buffer = [f'<row r="1">{head}</row>']
        for row in rows:
            if number >= LAST_ROW:
                left = row
                break
            number += 1
            cells = [write(value, number) for write, value in zip(writers, row, strict=True)]
            buffer.append(f'<row r="{number}">{"".join(cells)}</row>')
            if len(buffer) >= BATCH:
                sheet.write("".join(buffer).encode())
                buffer = []
        buffer.append(f'</sheetData><autoFilter ref="A1:{_letters(len(columns) - 1)}{number}"/></worksheet>')
        sheet.write("".join(buffer).encode())
    return number - 1, left


def _opening(columns: Sequence[Column]) -> str:
    widths = "".join(
        f'<col min="{place}" max="{place}" width="{column.width}" customWidth="1"/>'
        for place, column in enumerate(columns, start=1)
    )
    return (
        f'<worksheet {MAIN}><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData>"
    )


Writer = Callable[[Any, int], str]


def _writer(kind: Kind, letters: str) -> Writer:
    if kind is Kind.TEXT:
        return _text_writer(letters, _TEXT)
    before = f'<c r="{letters}'
    if kind is Kind.FEN:
        shape = f'" s="{_FEN}"><v>'

        def fen(value: int | None, row: int) -> str:
            if value is None:
                return ""
            whole, cents = divmod(abs(value), 100)
            return f"{before}{row}{shape}{'-' if value < 0 else ''}{whole}.{cents:02d}</v></c>"

        return fen
    if kind is Kind.DATE:
        shape = f'" s="{_DATE}"><v>'

        def date(value: datetime.date | None, row: int) -> str:
            return "" if value is None else f"{before}{row}{shape}{value.toordinal() - _EPOCH}</v></c>"

        return date
    if kind is Kind.RATIO:
        shape = f'" s="{_RATIO}"><v>'

        def ratio(value: int | None, row: int) -> str:
            return "" if value is None else f"{before}{row}{shape}{Decimal(value).scaleb(-4)}</v></c>"

        return ratio
    shape = f'" s="{_WHOLE if kind is Kind.WHOLE else _NUMBER}"><v>'

    def number(value: Decimal | int | None, row: int) -> str:
        return "" if value is None else f"{before}{row}{shape}{_plain(value)}</v></c>"

    return number


def _plain(value: Decimal | int) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _text_writer(letters: str, style: int) -> Writer:
    before, shape = f'<c r="{letters}', f'" s="{style}" t="inlineStr"><is><t>'
    known: dict[str, str] = {}

    def text(value: str | None, row: int) -> str:
        if not value:
            return ""
        rest = known.get(value)
        if rest is None:
            rest = _rest(value, style) if _SPECIAL.search(value) else f"{shape}{value}</t></is></c>"
            if len(known) < _REMEMBERED:
                known[value] = rest
        return f"{before}{row}{rest}"

    return text


def _rest(value: str, style: int) -> str:
    """A text with something in it that the plain way does not take."""
    if triggers(value) and style == _TEXT:
        style = _QUOTED
    text = cell_text(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _letters(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters

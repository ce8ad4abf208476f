"""The lines of a figure as a file: a styled workbook, or CSV. Text in them never becomes a formula."""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import IO, Any

from assessment.explain import Part
from assessment.words import REASON
from cixi_xiezuo.columns import Column, Kind
from cixi_xiezuo.money import from_fen, yuan_display
from cixi_xiezuo.sheets import Book
from cixi_xiezuo.sheettext import csv_text, write_rows

COLUMNS = (
    Column("采购编号", 18),
    Column("行", 5, Kind.WHOLE),
    Column("计入日期", 12, Kind.DATE),
    Column("单位编码", 12),
    Column("单位名称", 26),
    Column("供应商", 24),
    Column("采购渠道", 12),
    Column("用途", 13),
    Column("法定节日", 9),
    Column("产地", 14),
    Column("产品名称", 20),
    Column("金额（元）", 15, Kind.AMOUNT, total=True),
    Column("是否计入", 14),
    Column("说明", 44),
)
IN_MEMORY = 4 * 1024 * 1024  # bytes; what is larger waits on disk


@dataclass(frozen=True, slots=True)
class Head:
    """`figure` in 分; `chosen`: in words, which lines the file has."""

    title: str
    year: int
    as_of: datetime.date
    figure: int
    chosen: str

    @property
    def name(self) -> str:
        """Of the file, without its ending."""
        return f"{self.year}年度 {self.title} 计入明细 {self.as_of:%Y%m%d}".replace("/", "-")

    @property
    def note(self) -> str:
        figure = yuan_display(from_fen(self.figure))
        return (
            f"{self.year}年度数字 {figure} 元　截止日：{self.as_of:%Y-%m-%d}　本表：{self.chosen}　单位：元"
        )


def _values(part: Part) -> list[Any]:
    line = part.line
    return [
        line.number,
        line.position,
        line.date,
        line.unit_code,
        line.unit_name,
        line.supplier,
        line.channel_name or None,
        line.use_name or None,
        line.holiday_name or None,
        line.region_name,
        line.product or None,
        from_fen(part.amount),
        "计入" if part.reason is None else f"否：{REASON[part.reason]}",
        part.sentence or None,
    ]


def as_xlsx(head: Head, parts: Iterable[Part]) -> tuple[IO[bytes], int]:
    """The file from its beginning, and how many lines it has."""
    stream = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - whoever hands it out closes it
    with Book(stream, title=head.title, subject=head.note) as book:
        sheet = book.sheet("计入明细")
        sheet.title(f"{head.title} 计入明细", COLUMNS)
        sheet.note(head.note, COLUMNS)
        table = sheet.table(COLUMNS, frozen=2)
        count = table.extend(map(_values, parts))
        table.close()
    stream.seek(0)
    return stream, count


def as_csv(head: Head, parts: Iterable[Part]) -> tuple[IO[bytes], int]:
    """In UTF-8 with a mark that spreadsheets know it by; the head is the first row."""
    stream = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - whoever hands it out closes it
    count = write_rows(stream, chain([[column.title for column in COLUMNS]], map(_fields, parts))) - 1
    stream.seek(0)
    return stream, count


def _fields(part: Part) -> Iterator[Any]:
    return (_cell(place, value) for place, value in enumerate(_values(part)))


def _cell(place: int, value: Any) -> Any:
    """Amounts and line numbers are ours; everything else is somebody's text."""
    if value is None:
        return ""
    return csv_text(str(value)) if COLUMNS[place].kind is Kind.TEXT else value

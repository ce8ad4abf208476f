"""Writing .xlsx for people who print and sign: styled, streamed, and text that never becomes a formula.

    with Book(target, title="…") as book:
        sheet = book.sheet("排名")
        columns = [Column("单位", 24), Column("金额（元）", 16, Kind.AMOUNT, total=True)]
        sheet.title("责任单位排名", columns)
        table = sheet.table(columns)
        table.add(["市教育局", Decimal("12.50")])
        table.close()

Rows go to disk as they are written (memory does not grow with them), so a sheet is written from the top down.
Amounts become real numbers; dates real dates; codes and long numbers text. `Table.add` takes a row with formulas in
it; `Table.extend` takes many plain ones, some ten times as fast.
"""

from __future__ import annotations

import datetime
import math
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import TracebackType
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from cixi_xiezuo.columns import Column, Kind
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.money import from_fen
from cixi_xiezuo.rowxml import Look, rows_xml
from cixi_xiezuo.sheettext import cell_text, triggers

LAST_ROW = 1_048_576
FONT = "宋体"
A4 = 9
LINE = 19
"""Height of a row, in points."""


ALIGN = {Kind.TEXT: "left", Kind.DATE: "center", Kind.WHOLE: "center"}


ALERT = {"bold": True, "font_color": "#C00000"}
QUOTED = {"quote_prefix": True}
"""Text that somebody typing it would have turned into a formula."""


class Formula(NamedTuple):
    """A formula (without its "=") with the value it comes to."""

    text: str
    value: Decimal | int | str


class _Worksheet(Worksheet):  # type: ignore[misc]
    """Takes rows that are XML already, between those it writes itself; rows must go to disk as they come."""

    def take(self, first: int, columns: int, batches: Iterable[list[str]]) -> None:
        """Whole rows from row `first` (from 0) on."""
        self._write_single_row(first)  # what was begun
        row = first
        for batch in batches:
            self.fh.write("".join(batch))
            row += len(batch)
        if row > first:
            self._check_dimensions(first, columns - 1)
            self._check_dimensions(row - 1, 0)
        self.previous_row = row


class Book:
    """A workbook on its way to a path or a binary file. Used as a context manager, which closes it."""

    def __init__(self, target: Any, *, title: str, subject: str = "", author: str = "") -> None:
        self.title = title
        self._folder = tempfile.TemporaryDirectory(prefix="workbook-")  # where rows wait until the end
        self._book = xlsxwriter.Workbook(
            target,
            {
                "constant_memory": True,
                "tmpdir": self._folder.name,
                "default_format_properties": {"font_name": FONT, "font_size": 11},
            },
        )
        properties = {"title": title, "subject": subject, "author": author}
        self._book.set_properties({name: cell_text(text) for name, text in properties.items()})
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def __enter__(self) -> Book:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: Any, trace: TracebackType | None) -> None:
        """Completes the file; after an error nothing is written."""
        try:
            if kind is None:
                self._book.close()
        finally:
            self._book.fileclosed = True
            self._folder.cleanup()

    def property(self, name: str, value: str) -> None:
        """A named property of the document."""
        self._book.set_custom_property(name, cell_text(value)[:255], "text")

    def format(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(
                {"font_name": FONT, "font_size": 11, "valign": "vcenter", **properties}
            )
        return self._formats[key]

    def number(self, style: Any) -> int:
        """The number by which cells name a format."""
        return int(style._get_xf_index())

    def chart(self, kind: str) -> Any:
        return self._book.add_chart({"type": kind})

    def sheet(self, name: str) -> Sheet:
        return Sheet(self, self._book.add_worksheet(name, _Worksheet), name)


class Sheet:
    """One sheet, written from the top down; `row` is the next row, from 0."""

    def __init__(self, book: Book, inner: Any, name: str) -> None:
        self.book, self.inner, self.name, self.row = book, inner, name, 0
        inner.set_default_row(LINE)
        inner.set_paper(A4)
        inner.set_margins(left=0.6, right=0.6, top=0.75, bottom=0.75)
        inner.set_header(f"&L{_plain_code(book.title)}&R{_plain_code(name)}")
        inner.set_footer("&C第 &P 页，共 &N 页")
        self.printed()

    def printed(self, *, upright: bool = False, pages_wide: int = 1) -> None:
        """How it lies on A4; unless it says so, across and all columns on one page."""
        (self.inner.set_portrait if upright else self.inner.set_landscape)()
        self.inner.fit_to_pages(pages_wide, 0)

    def title(self, text: str, columns: Sequence[Column]) -> None:
        self.inner.set_row(self.row, 2 * LINE)
        self._across(text, len(columns), self.book.format(bold=True, font_size=16, align="center"))

    def note(self, text: str, columns: Sequence[Column]) -> None:
        """A paragraph as wide as the columns, as high as it needs."""
        lines = math.ceil(2.1 * len(text) / sum(column.width for column in columns))
        self.inner.set_row(self.row, LINE * max(lines, 1))
        self._across(text, len(columns), self.book.format(font_color="#404040", text_wrap=True))

    def heading(self, text: str) -> None:
        self.write(self.row, 0, text, self.book.format(bold=True, font_size=12))
        self.row += 1

    def skip(self, rows: int = 1) -> None:
        self.row += rows

    def pair(self, name: str, value: str) -> None:
        """A name and what it is, in the first two columns of a page for reading."""
        self.inner.set_row(self.row, 1.6 * LINE)
        self.write(self.row, 0, name, self.book.format(bold=True, font_size=14, align="right"))
        self.write(self.row, 1, value, self.book.format(font_size=14, align="left", indent=1, text_wrap=True))
        self.row += 1

    def chart(
        self, kind: str, title: str, categories: str, *series: tuple[str, str], lines: int = 16
    ) -> None:
        """A native chart, `lines` rows high. `categories` and each (name, values) name cells, as `Table.span` does."""
        chart = self.book.chart(kind)
        for name, values in series:
            chart.add_series({"name": name, "categories": f"={categories}", "values": f"={values}"})
        chart.set_title({"name": title, "name_font": {"size": 12}})
        chart.set_legend({"none": True} if len(series) == 1 else {"position": "bottom"})
        chart.set_size({"width": 920, "height": int(lines * LINE * 4 / 3)})
        self.inner.insert_chart(self.row, 0, chart)
        self.row += lines + 1

    def table(
        self,
        columns: Sequence[Column],
        *,
        main: bool = True,
        frozen: int = 0,
        wrap: bool = False,
        ruled: bool = True,
    ) -> Table:
        """Writes the head. The `main` table of a sheet sets widths, freezes and repeats its head, and filters.

        With `wrap` long text goes on in further lines, and rows are as high as they need. Without `ruled` no cell
        has a frame, and blank ones are not written.
        """
        return Table(self, columns, main=main, frozen=frozen, wrap=wrap, ruled=ruled)

    def widths(self, columns: Iterable[float]) -> None:
        for place, width in enumerate(columns):
            self.inner.set_column(place, place, width)

    def write(self, row: int, column: int, value: Any, style: Any) -> None:
        """One value by its type. Text is always written as text."""
        if value is None:
            self.inner.write_blank(row, column, None, style)
        elif isinstance(value, Formula):
            self.inner.write_formula(row, column, f"={value.text}", style, value.value)
        elif isinstance(value, (Decimal, int)):
            self.inner.write_number(row, column, value, style)
        elif isinstance(value, datetime.date) and value.year >= 1900:
            day = datetime.datetime.combine(value, datetime.time())
            self.inner.write_datetime(row, column, day, style)
        else:
            self.inner.write_string(row, column, cell_text(str(value)), style)

    def _across(self, text: str, columns: int, style: Any) -> None:
        text = cell_text(text)
        self.inner.merge_range(self.row, 0, self.row, max(columns, 2) - 1, "", style)
        self.inner.write_string(self.row, 0, text, style)
        self.row += 1


@dataclass
class Table:
    """Rows under a head, then a row of sums. `first` and `last` are rows from 0."""

    sheet: Sheet
    columns: Sequence[Column]
    main: bool = True
    frozen: int = 0
    wrap: bool = False
    ruled: bool = True
    first: int = field(init=False)
    sums: list[Decimal] = field(init=False)

    def __post_init__(self) -> None:
        sheet, inner = self.sheet, self.sheet.inner
        head = sheet.book.format(
            bold=True, border=int(self.ruled), bg_color="#DCE6F1", align="center", text_wrap=True
        )
        if self.main:
            sheet.widths(column.width for column in self.columns)
        inner.set_row(sheet.row, 2 * LINE)
        for place, column in enumerate(self.columns):
            sheet.write(sheet.row, place, column.title, head)
        sheet.row += 1
        self.first = sheet.row
        self.sums = [Decimal(0)] * len(self.columns)
        self._styles = [self._style(column) for column in self.columns]
        if self.main:
            inner.freeze_panes(self.first, self.frozen)
            inner.repeat_rows(self.first - 1)
            if self.frozen:
                inner.repeat_columns(0, self.frozen - 1)

    @property
    def row(self) -> int:
        """The row that the next `add` writes, from 0."""
        return self.sheet.row

    @property
    def last(self) -> int:
        return self.sheet.row - 1 if self._total is None else self._total - 1

    _total: int | None = None

    def add(self, values: Sequence[Any]) -> None:
        """One row, by the type of each value: a Formula may stand among them. Raises Refused when the sheet is full."""
        self._room()
        if self.wrap:
            self.sheet.inner.set_row(self.row, LINE * self._lines(values))
        for place, (value, column) in enumerate(zip(values, self.columns, strict=True)):
            style = self._styles[place]
            if isinstance(value, str):
                if value in column.alert:
                    style = self._style(column, **ALERT)
                elif triggers(value):
                    style = self._style(column, **QUOTED)
            if column.kind is Kind.FEN and isinstance(value, int):
                value = from_fen(value)
            self.sheet.write(self.row, place, value, style)
            if column.total and value is not None:
                self.sums[place] += Decimal(value.value if isinstance(value, Formula) else value)
        self.sheet.row += 1

    def extend(self, rows: Iterable[Sequence[Any]]) -> int:
        """Many rows of plain values by their columns' kinds, in one line each; → how many. Raises Refused as `add`."""
        first = self.row
        kinds = [column.kind for column in self.columns]
        looks = [self._look(column) for column in self.columns]
        batches = rows_xml(kinds, looks, self._counted(rows), first + 1)
        self.sheet.inner.take(first, len(self.columns), batches)
        return self.row - first

    def _counted(self, rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
        """The rows as they pass, each with its place and its amounts added to the sums."""
        totals = [place for place, column in enumerate(self.columns) if column.total]
        sums: dict[int, Any] = dict.fromkeys(totals, 0)
        for row in rows:
            self._room()
            for place in totals:
                if (value := row[place]) is not None:
                    sums[place] += value
            self.sheet.row += 1
            yield row
        for place, value in sums.items():
            self.sums[place] += from_fen(value) if self.columns[place].kind is Kind.FEN else value

    def _room(self) -> None:
        if self.row + 1 >= LAST_ROW:
            raise Refused(f"“{self.sheet.name}”超过一张工作表的上限 {LAST_ROW:,} 行，请分时段导出")

    def _look(self, column: Column) -> Look:
        styles = (self._style(column), self._style(column, **QUOTED), self._style(column, **ALERT))
        plain, quoted, alert = (self.sheet.book.number(style) for style in styles)
        return Look(plain, quoted, alert, column.alert, blank=self.ruled)

    def _lines(self, values: Sequence[Any]) -> int:
        needed = (
            math.ceil(2.1 * len(value) / column.width)
            for value, column in zip(values, self.columns, strict=True)
            if isinstance(value, str)
        )
        return max(1, *needed, 1)

    def close(self, label: str = "合计") -> None:
        """The row of sums, if any column has one, and the filter over the rows above it."""
        if self.main:
            last = max(self.row - 1, self.first)
            self.sheet.inner.autofilter(self.first - 1, 0, last, len(self.columns) - 1)
        if not any(column.total for column in self.columns):
            return
        self._total = self.row
        for place, column in enumerate(self.columns):
            style = self._style(column, bold=True, bg_color="#F2F2F2")
            value: Any = label if place == 0 else None
            if column.total:
                value = self.sums[place]
                if self.last >= self.first:
                    value = Formula(f"SUM({self.span(place)})", value)
            self.sheet.write(self._total, place, value, style)
        self.sheet.row += 1

    def cell(self, place: int, row: int | None = None) -> str:
        """The address of a column's cell in the row to be written next, or in another row."""
        return str(xl_rowcol_to_cell(self.row if row is None else row, place))

    def span(self, place: int, *, absolute: bool = False) -> str:
        """The addresses of a column's cells; `absolute` with the sheet's name, for other sheets."""
        name = xl_col_to_name(place, absolute)
        mark = "$" if absolute else ""
        last = max(self.last, self.first)
        span = f"{name}{mark}{self.first + 1}:{name}{mark}{last + 1}"
        return f"{quoted(self.sheet.name)}!{span}" if absolute else span

    def total_cell(self, place: int) -> str:
        """The address of a column's sum, with the sheet's name."""
        assert self._total is not None
        return f"{quoted(self.sheet.name)}!{xl_rowcol_to_cell(self._total, place)}"

    def _style(self, column: Column, **more: Any) -> Any:
        align = "center" if column.middle else ALIGN.get(column.kind, "right")
        if self.wrap:
            more["text_wrap"] = True
        return self.sheet.book.format(
            border=int(self.ruled), num_format=column.kind.shape, align=align, **more
        )


def quoted(name: str) -> str:
    """A sheet's name in a formula."""
    return "'" + name.replace("'", "''") + "'"


def ratio_formula(numerator: str, denominator: str) -> str:
    """The quotient of two amounts truncated toward zero at four decimals, exact: reckoned in whole 分."""
    return f"TRUNC(ROUND({numerator}*100,0)*10000/ROUND({denominator}*100,0))/10000"


def _plain_code(text: str) -> str:
    """Text for a page head, where & begins a code."""
    return cell_text(text).replace("&", "&&")[:100]

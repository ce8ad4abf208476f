"""Import templates, and the same sheet again with a person's rows and what is wrong with them.

Plain features alone (lists, a frozen and protected head, formats), so that WPS and Excel 2010 open them as they are.
"""

from __future__ import annotations

import datetime
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from cixi_xiezuo.sheets import FONT
from cixi_xiezuo.sheettext import cell_text, triggers
from procurement.imports.kinds import Kind
from procurement.imports.offers import offers
from procurement.tablefile.headers import PROBLEMS

LAST_ROW = 20_000
"""Rows that offer a list to choose from."""
DATES = frozenset({"采购日期", "认定有效期至"})
AMOUNTS = frozenset({"金额", "其中已登记金额", "食堂采购预算", "节日慰问品总额", "采购目标", "帮扶资金基数"})
NUMBERS = frozenset({"年度", "人数", "数量", "预留比例"})
WIDTHS = {
    "单位名称": 26,
    "供应商": 26,
    "产品名称": 20,
    "统一社会信用代码": 22,
    "发票号码": 22,
    "采购编号": 18,
}
_ALLOWED = (
    "format_cells",
    "format_columns",
    "format_rows",
    "insert_rows",
    "delete_rows",
    "sort",
    "autofilter",
)
"""What may be done to the sheet although its head is protected."""
_STRICT = frozenset(
    {
        "用途",
        "采购渠道",
        "法定节日",
        "产地",
        "单位类别",
        "隶属层级",
        "食堂情况",
        "宁波名单企业",
        "状态",
        "角色",
    }
)
"""Columns that take nothing but their list; in the others the list is an offer."""


def build(kind: Kind, user: Any) -> bytes:
    """The empty template for a person: their units, an example row, what to fill in."""
    stream = io.BytesIO()
    with Template(stream, kind, user) as template:
        template.add([kind.example.get(column.name) for column in kind.columns], template.grey)
    return stream.getvalue()


class Template:
    """A workbook of a kind being written: rows are added from the top down, the other sheets come last."""

    def __init__(self, target: Any, kind: Kind, user: Any, *, extra: Sequence[str] = ()) -> None:
        self.kind, self.extra = kind, list(extra)
        self._lists = offers(kind, user)
        words = kind.words
        self._strict = words.strict if words else _STRICT
        self._dates, self._amounts, self._counts = (
            (words.dates, words.amounts, words.counts) if words else (DATES, AMOUNTS, NUMBERS)
        )
        self._book = xlsxwriter.Workbook(
            target,
            {
                "constant_memory": True,
                "default_format_properties": {"font_name": FONT, "font_size": 11},
            },
        )
        self._book.set_properties({"title": f"{kind.label}导入模板"})
        self._sheet = self._book.add_worksheet(kind.label)
        self.grey = {"font_color": "#808080", "italic": True}
        self._formats: dict[Any, Any] = {}
        self._row = 1
        self._head()

    def __enter__(self) -> Template:
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if kind is None:
            self._explain()
            self._compare()
            self._offer()
            self._book.close()
        self._book.fileclosed = True

    def _format(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({"font_name": FONT, "font_size": 11, **properties})
        return self._formats[key]

    def _head(self) -> None:
        sheet = self._sheet
        base = {"bold": True, "border": 1, "bg_color": "#DCE6F1", "align": "center", "locked": True}
        for place, column in enumerate(self.kind.columns):
            colour = "#C00000" if column.required else "#000000"
            sheet.write_string(0, place, column.name, self._format(**base, font_color=colour))
            width = WIDTHS.get(column.name, 12 if column.name in self._counts else 16)
            sheet.set_column(
                place, place, width, self._format(locked=False, num_format=self._shape(column.name))
            )
        for place, name in enumerate(self.extra, start=len(self.kind.columns)):
            sheet.write_string(0, place, cell_text(name), self._format(**base))
            sheet.set_column(place, place, 60 if name == PROBLEMS else 16, self._format(locked=False))
        sheet.set_column(len(self.kind.columns) + len(self.extra), 16_383, 9, self._format(locked=False))
        sheet.set_row(0, 24)
        sheet.freeze_panes(1, 0)
        sheet.protect("", dict.fromkeys(_ALLOWED, True))

    def add(self, values: Sequence[Any], style: Mapping[str, Any] | None = None) -> None:
        """A row; `style` for all of its cells."""
        self.add_styled([(value, style or {}) for value in values])

    def add_styled(self, cells: Iterable[tuple[Any, Mapping[str, Any]]]) -> None:
        names = [column.name for column in self.kind.columns] + self.extra
        for place, ((value, style), name) in enumerate(zip(cells, names, strict=True)):
            if value is None and not style:
                continue
            self._write(place, value, {"locked": False, "num_format": self._shape(name), **style})
        self._row += 1

    def _write(self, place: int, value: Any, style: dict[str, Any]) -> None:
        sheet, row = self._sheet, self._row
        if isinstance(value, str) and triggers(value):
            style["quote_prefix"] = True
        look = self._format(**style)
        if value is None or value == "":
            sheet.write_blank(row, place, None, look)
        elif isinstance(value, bool):
            sheet.write_string(row, place, "是" if value else "否", look)
        elif isinstance(value, (int, float, Decimal)) and math.isfinite(value):
            sheet.write_number(row, place, value, look)
        elif isinstance(value, datetime.date) and value.year >= 1900:
            day = (
                value
                if isinstance(value, datetime.datetime)
                else datetime.datetime.combine(value, datetime.time())
            )
            sheet.write_datetime(row, place, day.replace(tzinfo=None), look)
        else:
            sheet.write_string(row, place, cell_text(str(value)), look)

    def _offer(self) -> None:
        """The lists, on a sheet that is not shown, and what each column says when its cell is chosen."""
        sheet = self._book.add_worksheet("选项")
        sheet.hide()
        columns = [column.name for column in self.kind.columns]
        for row in range(max(map(len, self._lists.values()), default=0)):
            for place, name in enumerate(columns):
                if row < len(self._lists.get(name, ())):
                    sheet.write_string(row, place, cell_text(self._lists[name][row]))
        for place, name in enumerate(columns):
            says: dict[str, Any] = {"input_title": name, "input_message": self.kind.hint(name)[:250]}
            offered = self._lists.get(name)
            if offered:
                letter = xl_col_to_name(place)
                says |= {
                    "validate": "list",
                    "source": f"=选项!${letter}$1:${letter}${len(offered)}",
                    "show_error": name in self._strict,
                    "error_title": name,
                    "error_message": "请从下拉列表中选择",
                }
            else:
                says["validate"] = "any"
            self._sheet.data_validation(1, place, LAST_ROW, place, says)

    def _explain(self) -> None:
        sheet = self._book.add_worksheet("填写说明")
        sheet.set_column(0, 0, 18)
        sheet.set_column(1, 1, 8)
        sheet.set_column(2, 2, 80)
        bold, wrap = self._format(bold=True), self._format(text_wrap=True, valign="top")
        sheet.write_string(0, 0, f"{self.kind.label}导入模板填写说明", self._format(bold=True, font_size=16))
        row = 2
        for number, note in enumerate(self.kind.notes, start=1):
            sheet.write_string(row, 0, f"{number}. {note}")
            row += 1
        row += 1
        for place, title in enumerate(("列名", "必填", "怎么填")):
            sheet.write_string(row, place, title, bold)
        for column in self.kind.columns:
            row += 1
            sheet.write_string(row, 0, column.name, wrap)
            sheet.write_string(row, 1, "必填" if column.required else "", wrap)
            sheet.write_string(row, 2, self._says(column.name), wrap)

    def _says(self, name: str) -> str:
        offered = self._lists.get(name, [])
        listed = f"（{'、'.join(offered)}）" if name in self._strict and 0 < len(offered) <= 13 else ""
        return self.kind.hint(name) + listed

    def _compare(self) -> None:
        """单位对照: codes and names to look up."""
        offered = self._lists.get("单位编码") or self._lists.get("主管部门编码") or []
        if not offered:
            return
        sheet = self._book.add_worksheet("单位对照")
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 1, 40)
        for place, title in enumerate(("单位编码", "单位名称")):
            sheet.write_string(0, place, title, self._format(bold=True))
        for row, text in enumerate(offered, start=1):
            code, _, name = text.partition(" ")
            sheet.write_string(row, 0, cell_text(code))
            sheet.write_string(row, 1, cell_text(name))
        sheet.freeze_panes(1, 0)

    def _shape(self, name: str) -> str:
        """How the cells of a column are shown."""
        if name in self._dates:
            return "yyyy-mm-dd"
        if name in self._amounts:
            return "#,##0.00"
        return "General" if name in self._counts else "@"

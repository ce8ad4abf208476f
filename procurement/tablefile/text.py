"""Rows of a text table: .csv as Excel and WPS write it in China (GB18030) or UTF-8, separated by commas or tabs."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import Any

from procurement.tablefile import limits
from procurement.tablefile.limits import TooMuch

NO_TABLE = (
    "文件不是 .xlsx 工作簿，也不是有列名的 .csv 表格（UTF-8 或 GB18030），"
    "请用 Excel 或 WPS 另存为 .xlsx 后再导入"
)
_QUOTED = re.compile(r'="(.*)"', re.DOTALL)
_WHOLE = re.compile(r"[1-9]\d{0,14}", re.ASCII)
_GUARDED = re.compile(r"'(?=[\s]*[=+\-@＝＋－＠])")


def decode(data: bytes) -> str:
    """UTF-8, UTF-16 with its mark, else GB18030. Raises TooMuch for what is no text."""
    marks = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
    tries = [name for mark, name in marks.items() if data.startswith(mark)] or ["utf-8", "gb18030"]
    for name in tries:
        try:
            text = data.decode(name)
        except UnicodeError:
            continue
        if "\x00" not in text:
            return text
    raise TooMuch(NO_TABLE)


def read_text(data: bytes) -> Iterator[list[Any]]:
    text = decode(data)
    if re.match(r"\s*<(?:!doctype|html|\?xml|table|meta)", text[:200], re.IGNORECASE):
        raise TooMuch("文件是网页格式的表格，请用 Excel 或 WPS 打开后另存为 .xlsx 再导入")
    csv.field_size_limit(1_000_000)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    return _rows(reader)


def _rows(reader: Any) -> Iterator[list[Any]]:
    try:
        for number, row in enumerate(reader):
            if number >= limits.MAX_ROWS + limits.HEAD_ROWS or len(row) > limits.MAX_COLUMNS * 10:
                raise TooMuch(f"表格过大：最多 {limits.MAX_ROWS} 行、{limits.MAX_COLUMNS} 列，请分成几份导入")
            yield [_value(cell) for cell in row[: limits.MAX_COLUMNS]]
    except csv.Error as error:
        raise TooMuch(
            "文本表格读不出来（引号不成对或字段过长），请用 Excel 或 WPS 另存为 .xlsx 后再导入"
        ) from error


def _separator(text: str) -> str:
    line = next((line for line in text.splitlines()[: limits.HEAD_ROWS] if line.strip()), "")
    return max(",\t;", key=line.count)


def _value(cell: str) -> Any:
    """A plain whole number as a number; ="0012" and the apostrophe that guards a text taken off."""
    if (quoted := _QUOTED.fullmatch(cell.strip())) is not None:
        return quoted[1]
    if _WHOLE.fullmatch(cell):
        return int(cell)
    return _GUARDED.sub("", cell, count=1) if cell.startswith("'") else cell

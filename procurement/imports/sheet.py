"""A workbook's first sheet → rows by column name. Limits are checked before anything is unpacked."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from python_calamine import CalamineWorkbook

from cixi_xiezuo.errors import Refused
from procurement.imports import cells
from procurement.imports.report import Problem

MAX_UNPACKED = 400 * 2**20
MAX_ENTRIES = 2000
MAX_ROWS = 200_000
_FAR_COLUMN = re.compile(rb'<c [^>]*r="(?:[A-Z]{3}|[D-Z][A-Z]|C[W-Z])\d')  # past CV, the 100th column
_ROW = re.compile(rb'<row [^>]*?\br="(\d+)"')


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a workbook: its name, how its cells are read, whether a row must fill it."""

    name: str
    read: Callable[[Any], Any]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the sheet and its values by column name (absent columns are missing keys)."""

    number: int
    values: dict[str, Any]

    def get(self, name: str) -> Any:
        return self.values.get(name)


def header(value: Any) -> str:
    """A header as compared: blanks, marks and a trailing remark in brackets do not matter."""
    text = re.sub(r"[\s•*]", "", unicodedata.normalize("NFKC", cells.plain(value)))
    return re.sub(r"\(.*\)$", "", text)


def _guard(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if len(infos) > MAX_ENTRIES or sum(info.file_size for info in infos) > MAX_UNPACKED:
                raise Refused("工作簿过大，请分成几份导入")
            for info in infos:
                if not re.fullmatch(r"xl/worksheets/[^/]+\.xml", info.filename):
                    continue
                sheet = archive.read(info)
                last = max((int(found) for found in _ROW.findall(sheet)), default=0)
                if last > MAX_ROWS or _FAR_COLUMN.search(sheet):
                    raise Refused(f"工作表过大：最多 {MAX_ROWS} 行、100 列，请删去多余的行列")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise Refused("文件不是 .xlsx 工作簿或已损坏，请用 Excel 或 WPS 另存为 .xlsx 后再导入") from error


def _cells(data: bytes) -> list[list[Any]]:
    _guard(data)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except Exception as error:  # the reader's own errors are many and say nothing to a clerk
        raise Refused("工作簿读不出来，请用 Excel 或 WPS 另存为 .xlsx 后再导入") from error


def read(
    data: bytes, columns: Sequence[Column], template: str
) -> tuple[list[Row], list[Problem], list[str], set[str]]:
    """→ rows, problems of single cells, notices, and the names of the columns the sheet has.

    Raises Refused when the file is not a workbook or lacks required columns.
    """
    table = _cells(data)
    names = [header(value) for value in (table[0] if table else [])]
    known = {column.name: column for column in columns}
    lacking = [column.name for column in columns if column.required and column.name not in names]
    if lacking:
        raise Refused(f"不是“{template}”模板：缺少列 {'、'.join(lacking)}；首行应为列名")
    doubled = sorted({name for name in names if name in known and names.count(name) > 1})
    if doubled:
        raise Refused(f"列名重复：{'、'.join(doubled)}，每列只能出现一次")
    unknown = [name for name in names if name and name not in known]
    notices = [f"未识别的列已忽略：{'、'.join(unknown)}"] if unknown else []
    rows: list[Row] = []
    problems: list[Problem] = []
    for number, values in enumerate(table[1:], start=2):
        if all(cells.plain(value) == "" for value in values):
            continue
        row, bad = _row(number, zip(names, values, strict=False), known)
        rows.append(row)
        problems += bad
    return rows, problems, notices, set(names) & set(known)


def _row(
    number: int, pairs: Iterator[tuple[str, Any]], known: dict[str, Column]
) -> tuple[Row, list[Problem]]:
    result: dict[str, Any] = {}
    problems = []
    for name, value in pairs:
        column = known.get(name)
        if column is None:
            continue
        try:
            result[name] = column.read(value)
        except ValueError as error:
            problems.append(Problem(number, name, cells.plain(value)[:60], str(error)))
            result[name] = None
            continue
        if column.required and result[name] in (None, ""):
            problems.append(Problem(number, name, "", "不能为空"))
    return Row(number, result), problems

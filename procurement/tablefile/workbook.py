"""Sheets of an .xlsx or .xls. Sizes are checked in the zip's directory before anything is unpacked."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from defusedxml.ElementTree import fromstring
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from procurement.tablefile import limits
from procurement.tablefile.headers import canonical, head_row, recognised
from procurement.tablefile.limits import TooMuch
from procurement.tablefile.table import UNCALCULATED, Broken
from procurement.tablefile.table import broken as unreadable

SAVE_AS = "请用 Excel 或 WPS 另存为 .xlsx 后再导入"
TOO_LARGE = (
    f"工作表过大：最多 {limits.MAX_ROWS} 行、{limits.MAX_COLUMNS} 列，请删去多余的行列，或分成几份导入"
)
_CHUNK = 2**20  # bytes
_MAX_SHEETS = 20
_MAX_BROKEN = 10_000
_CELL = re.compile(rb"<c\b([^>]*)>(.*?)</c>", re.DOTALL)
_HIDDEN = re.compile(rb"<row\b(?=[^>]*\bhidden=\"(?:1|true)\")[^>]*\br=\"(\d+)\"")
_REF = re.compile(rb"\br=\"([A-Z]{1,3})(\d{1,7})\"")


@dataclass(slots=True)
class Found:
    """Rows of the sheet that was chosen, from its first row on, and what to say about it."""

    rows: Iterator[list[Any]]
    sheet: str = ""
    notices: list[str] = field(default_factory=list)


def check_zip(data: bytes) -> None:
    """Raise TooMuch for a zip that is no .xlsx or would unpack to more than a table may take."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise TooMuch(f"文件不是 .xlsx 工作簿或已损坏，{SAVE_AS}") from error
    if len(infos) > limits.MAX_ENTRIES or sum(info.file_size for info in infos) > limits.MAX_UNPACKED:
        raise TooMuch("工作簿过大，请分成几份导入")
    if any(
        info.file_size > limits.RATIO_FROM and info.file_size > limits.MAX_RATIO * max(info.compress_size, 1)
        for info in infos
    ):
        raise TooMuch("工作簿解压后异常地大，已拒绝读取；请把数据粘贴到新下载的模板后再导入")
    names = {info.filename for info in infos}
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise TooMuch("工作簿含有宏，请另存为不含宏的 .xlsx 后再导入")
    if "xl/workbook.xml" not in names:
        raise TooMuch(f"文件不是 .xlsx 工作簿，{SAVE_AS}")


def read_workbook(data: bytes, *, zipped: bool) -> Found:
    """The sheet whose head is a template's; the first one where none is."""
    if zipped:
        check_zip(data)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        visible = [
            index
            for index, sheet in enumerate(workbook.sheets_metadata)
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]
        if not visible:
            raise TooMuch("工作簿里没有可见的工作表")
        place, sheet = _choose(workbook, visible[:_MAX_SHEETS])
    except TooMuch:
        raise
    except Exception as error:  # the reader's own errors are many and say nothing to a clerk
        if "assword" in str(error) or "encrypt" in str(error).lower():
            raise TooMuch("工作簿设有打开密码，请去掉密码后再导入") from error
        raise TooMuch(f"工作簿读不出来，{SAVE_AS}") from error
    found = Found(sheet.iter_rows(), sheet.name)
    if len(visible) > 1 and place != visible[0]:
        found.notices.append(f"读取的是工作表“{sheet.name}”")
    if zipped:
        _look_closer(data, place, found)
    return found


def _choose(workbook: Any, places: list[int]) -> tuple[int, Any]:
    best, chosen = -1, places[0]
    for place in places:
        sheet = workbook.get_sheet_by_index(place)
        if sheet.end is None:
            continue
        _check_size(sheet)
        heads = _first(sheet.iter_rows())
        row, known = head_row(heads)
        if recognised(canonical(heads[row])):
            return place, sheet
        if known > best:
            best, chosen = known, place
    return chosen, workbook.get_sheet_by_index(chosen)


def _first(rows: Iterator[list[Any]]) -> list[list[Any]]:
    return [row for row, _ in zip(rows, range(limits.HEAD_ROWS), strict=False)]


def _check_size(sheet: Any) -> None:
    if sheet.end is not None and (
        sheet.end[0] >= limits.MAX_ROWS + limits.HEAD_ROWS or sheet.end[1] >= limits.MAX_COLUMNS
    ):
        raise TooMuch(TOO_LARGE)


def _look_closer(data: bytes, place: int, found: Found) -> None:
    """What the reader does not tell: cells in error or not calculated, and rows that are hidden."""
    hidden: list[int] = []
    broken: dict[int, dict[int, Broken]] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(_part(archive, place)) as part:
            for text in _pieces(part):
                if b'hidden="' in text:
                    hidden += [int(number) for number in _HIDDEN.findall(text)]
                if (b't="e"' in text or b"<f" in text) and len(broken) < _MAX_BROKEN:
                    _note_broken(text, broken)
    except (KeyError, IndexError, ValueError, OSError, zipfile.BadZipFile) as error:
        raise TooMuch(f"工作簿读不出来，{SAVE_AS}") from error
    if hidden:
        found.notices.append(f"有 {len(hidden)} 行是隐藏的（如第 {hidden[0]} 行），也一并读取")
    if broken:
        found.rows = _with_broken(found.rows, broken)


def _part(archive: zipfile.ZipFile, place: int) -> str:
    """The path of the sheet at a place of the workbook's order."""
    book = fromstring(archive.read("xl/workbook.xml"))
    sheets = [node for node in book.iter() if node.tag.endswith("}sheet")]
    key = next(value for name, value in sheets[place].attrib.items() if name.endswith("}id"))
    relations = fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    target = next(node.get("Target") for node in relations if node.get("Id") == key)
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _pieces(part: Any) -> Iterator[bytes]:
    """The sheet's text in pieces that end with a row, so that no cell is cut."""
    rest = b""
    while chunk := part.read(_CHUNK):
        rest += chunk
        head, mark, tail = rest.rpartition(b"</row>")
        if mark:
            yield head
            rest = tail
    yield rest


def _note_broken(text: bytes, broken: dict[int, dict[int, Broken]]) -> None:
    for attributes, inside in _CELL.findall(text):
        in_error = b't="e"' in attributes
        if not in_error and not (b"<f" in inside and b't="str"' not in attributes and _empty(inside)):
            continue
        ref = _REF.search(attributes)
        if ref is None:
            continue
        value = re.sub(rb".*<v>(.*?)</v>.*", rb"\1", inside, flags=re.DOTALL) if in_error else b""
        word = f"是公式错误 {value.decode('utf-8', 'replace')[:10]}，请改正公式或填写数值"
        row = broken.setdefault(int(ref[2]), {})
        row[_column(ref[1].decode())] = unreadable(word if in_error else UNCALCULATED)


def _empty(inside: bytes) -> bool:
    return b"<v>" not in inside or b"<v></v>" in inside


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _with_broken(rows: Iterator[list[Any]], broken: dict[int, dict[int, Broken]]) -> Iterator[list[Any]]:
    for number, row in enumerate(rows, start=1):
        for place, word in broken.get(number, {}).items():
            if place < limits.MAX_COLUMNS:
                row = row + [""] * (place + 1 - len(row))
                row[place] = word
        yield row

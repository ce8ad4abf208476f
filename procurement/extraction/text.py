"""The fields of an invoice from the text on its pages, by label and position."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from procurement.extraction import limits
from procurement.extraction.capitals import find_capital
from procurement.extraction.layout import Glyph, Line, around, take_columns, to_lines
from procurement.extraction.partial import Reading
from procurement.extraction.parties import read_parties
from procurement.extraction.table import is_header, read_items
from procurement.extraction.values import parse_date, parse_money

MONEY = r"-?[¥]?-?\d[\d,]*\.\d{2}(?!\d)"
_NUMBER = re.compile(r"(?<!字)发票号码:?(?:No\.?)?(\d{20}|\d{8})(?!\d)")
_CODE = re.compile(r"发票代码:?(\d{12}|\d{10})(?!\d)")
_DATE = re.compile(r"开票日期:?(\d{4}年\d{1,2}月\d{1,2}日?|\d{4}[-/.]?\d{1,2}[-/.]?\d{1,2})")
_CHECK = re.compile(r"校验码:?(\d{20})(?!\d)")
_SUMS = re.compile(rf"(?<![税总])合计(?!\()\D*?({MONEY})(?:({MONEY})|([*]+))?")
_TOTAL = re.compile(rf"小写[^\d¥]{{0,3}}({MONEY})")
_TOTAL_ALONE = re.compile(rf"价税合计\D*?({MONEY})$")
_TITLES = (
    ("专用发票", "电子发票(", "31"),
    ("普通发票", "电子发票(", "32"),
    ("电子专用发票", "", "08"),
    ("电子普通发票", "", "10"),
    ("增值税专用发票", "", "01"),
    ("增值税普通发票", "", "04"),
)
Pages = Sequence[Sequence[Glyph]]


def _title(lines: Sequence[Line], reading: Reading) -> bool:
    """The kind of invoice by its heading; True when there is one."""
    for line in lines:
        if "发票" not in line.text:
            continue
        for phrase, before, kind in _TITLES:
            if phrase in line.text and before in line.text:
                reading.put("invoice_type", kind)
                return True
    return False


_HEADS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("invoice_code", "发票代码", _CODE),
    ("invoice_number", "发票号码", _NUMBER),
    ("issue_date", "开票日期", _DATE),
    ("check_code", "校验码", _CHECK),
)


def _head(lines: Sequence[Line], reading: Reading) -> None:
    """The four fields of the upper right corner, each beside its label or set a little off it."""
    for index, line in enumerate(lines):
        for name, label, pattern in _HEADS:
            if label not in line.text or name in reading.fields:
                continue
            match = pattern.search(line.text) or pattern.search(around(lines, index).text)
            if match:
                reading.put(name, parse_date(match[1]) if name == "issue_date" else match[1])


def _above_table(lines: Sequence[Line]) -> Sequence[Line]:
    """Lines before the goods table: below it remarks may name other invoices."""
    ends = (index for index, line in enumerate(lines) if is_header(line))
    return lines[: next(ends, len(lines))]


def numbers_by_page(paged: Sequence[Sequence[Line]]) -> list[str]:
    """The different invoice numbers in the heads of the pages: more than one means several invoices."""
    found: list[str] = []
    for lines in paged:
        for line in _above_table(lines):
            if (match := _NUMBER.search(line.text)) and match[1] not in found:
                found.append(match[1])
    return found


def invoice_pages(paged: Sequence[Sequence[Line]]) -> tuple[int, int]:
    """Where the first invoice begins and ends: before it a cover, behind it a page with another number."""
    heads = [numbers_by_page([lines]) for lines in paged]
    start = next((index for index, numbers in enumerate(heads) if numbers), 0)
    ends = (index for index in range(start, len(heads)) if heads[index] and heads[index] != heads[start])
    return start, next(ends, len(heads))


def _sums(lines: Sequence[Line], reading: Reading) -> None:
    """合计 (amount and tax) and 价税合计; a page of a list has 小计 instead, which is neither."""
    for index, line in enumerate(lines):
        if "价税合计" in line.text or "小写" in line.text:
            match = (
                _TOTAL.search(line.text)
                or _TOTAL.search(around(lines, index).text)
                or _TOTAL_ALONE.search(line.text)
            )
            if match:
                reading.put("total", parse_money(match[1]))
            if reading.capital is None:
                reading.capital = find_capital(line.text)
        elif "合计" in line.text and "小计" not in line.text:
            match = _SUMS.search(line.text) or _SUMS.search(around(lines, index, 0.7).text)
            if not match or "amount" in reading.fields:
                continue
            reading.put("amount", parse_money(match[1]))
            if match[2]:
                reading.put("tax", parse_money(match[2]))
            elif match[3]:
                reading.put("tax", Decimal("0.00"))


def read_text(
    pages: Pages, source: str = "text", label: str = "票面文字"
) -> tuple[Reading, list[list[Line]]]:
    """What the pages say, and their lines. Nothing found is an empty reading."""
    reading = Reading(source, label)
    paged: list[list[Line]] = []
    for number, glyphs in enumerate(pages):
        room = limits.MAX_ALL_GLYPHS - sum(len(line.glyphs) for lines in paged for line in lines)
        columns, rest = take_columns(glyphs[: max(room, 0)])
        lines = to_lines(rest)
        paged.append(lines)
        if number == 0 or "invoice_type" not in reading.fields:
            _title(lines[:12], reading)
        _head(_above_table(lines), reading)
        if number == 0 or "seller_name" not in reading.fields:
            read_parties(lines, columns, reading)
        _sums(lines, reading)
    reading.items = read_items(paged)
    return reading, paged


def all_text(paged: Sequence[Sequence[Line]]) -> str:
    """Every line, folded, without blanks."""
    return "\n".join(line.text for lines in paged for line in lines)


def fill_by_pattern(paged: Sequence[Sequence[Line]], reading: Reading) -> None:
    """Weak guesses for a page whose labels are pictures: what has the shape of a number, a date, a sum."""
    text = all_text(paged)
    numbers = set(re.findall(r"(?<![\dA-Z])\d{20}(?![\dA-Z])", text))
    if len(numbers) == 1:
        reading.put("invoice_number", numbers.pop(), weak=True)
    days = {parse_date(day) for day in re.findall(r"\d{4}年\d{1,2}月\d{1,2}日", text)}
    if len(days) == 1:
        reading.put("issue_date", days.pop(), weak=True)
    sums = {parse_money(found) for found in re.findall(r"¥-?\d[\d,]*\.\d{2}(?!\d)", text)} - {None}
    ordered = sorted((value for value in sums if value is not None), key=abs, reverse=True)
    if len(ordered) == 3 and ordered[0] == ordered[1] + ordered[2]:
        for name, found in zip(("total", "amount", "tax"), ordered, strict=True):
            reading.put(name, found, weak=True)
    codes: list[str] = []
    for code in re.findall(r"(?<![\dA-Z])[1-9AHNY][1-9]\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![\dA-Z])", text):
        if code not in codes:
            codes.append(code)
    if len(codes) == 2:
        reading.put("buyer_id", codes[0], weak=True)
        reading.put("seller_id", codes[1], weak=True)

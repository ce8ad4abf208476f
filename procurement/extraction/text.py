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
_NUMBER = re.compile(r"(?<!字)发票号码?:?(?:N[Oo0°º]?[.:]?)?(\d{20}|\d{8})(?!\d)")
_CODE = re.compile(r"发票代码:?(\d{12}|\d{10})(?!\d)")
_DATE = re.compile(r"(?:开票|填开|开具)日期:?(\d{4}年\d{1,2}月\d{1,2}日?|\d{4}[-/.]?\d{1,2}[-/.]?\d{1,2})")
_CHECK = re.compile(r"校验码:?(\d{20})(?!\d)")
_SUMS = re.compile(rf"(?<![税总])合计(?!\()\D*?({MONEY})(?:({MONEY})|([*]+))?")
_TOTAL = re.compile(rf"小写[^\d¥-]{{0,3}}({MONEY}|-?¥-?\d[\d,]*(?:\.\d)?(?![\d.]))")
_TOTAL_ALONE = re.compile(rf"价税合计\D*?({MONEY})$")
_FARE = re.compile(rf"票价:?({MONEY})")
_FLIGHT = (  # an itinerary: its 合计 is what was paid
    ("total", re.compile(rf"合计:?(?:CNY|RMB)?({MONEY})")),
    ("tax", re.compile(rf"税额:?(?:CNY|RMB)?({MONEY})")),
)
_CARRIER = re.compile(r"填开单位:?([\u4e00-\u9fff（）()]{4,40}(?:公司|处|部|中心))")
_VEHICLE = (
    ("tax", re.compile(rf"增值税税?额:?({MONEY})")),
    ("amount", re.compile(rf"不含税价\D{{0,8}}?({MONEY})")),
)
_TITLES = (
    ("航空运输电子客票", "电子发票", "61"),
    ("铁路电子客票", "电子发票", "51"),
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
    ("invoice_number", "发票号", _NUMBER),
    ("issue_date", "日期", _DATE),
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
        elif "合计" in line.text and "小计" not in line.text and reading.fields.get("invoice_type") != "61":
            match = _SUMS.search(line.text) or _SUMS.search(around(lines, index, 0.7).text)
            if not match or "amount" in reading.fields:
                continue
            reading.put("amount", parse_money(match[1]))
            if match[2]:
                reading.put("tax", parse_money(match[2]))
            elif match[3]:
                reading.put("tax", Decimal("0.00"))


def _fare(lines: Sequence[Line], reading: Reading) -> None:
    """票价 is all that a railway ticket states."""
    for line in lines:
        if match := _FARE.search(line.text):
            reading.put("total", parse_money(match[1]))


def _by_pattern(
    lines: Sequence[Line], reading: Reading, patterns: Sequence[tuple[str, re.Pattern[str]]]
) -> None:
    """The first sum behind each label."""
    for line in lines:
        for name, pattern in patterns:
            if match := pattern.search(line.text):
                reading.put(name, parse_money(match[1]))


def _special(lines: Sequence[Line], reading: Reading) -> None:
    """Kinds that have no goods table: railway ticket, flight itinerary, vehicle."""
    kind = reading.fields.get("invoice_type")
    if kind == "51":
        _fare(lines, reading)
    elif kind == "61":
        _by_pattern(lines, reading, _FLIGHT)
        carriers = {match[1] for line in lines if (match := _CARRIER.search(line.text))}
        reading.put("seller_name", carriers.pop() if len(carriers) == 1 else "")
    elif any("机动车销售统一发票" in line.text for line in lines[:6]):
        _by_pattern(lines, reading, _VEHICLE)


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
        _special(lines, reading)
    reading.items = read_items(paged)
    return reading, paged


def all_text(paged: Sequence[Sequence[Line]]) -> str:
    """Every line, folded, without blanks."""
    return "\n".join(line.text for lines in paged for line in lines)

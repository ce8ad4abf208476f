"""Weak guesses for a page whose labels are pictures or outlines: by the shape of what is filled in, and by its place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from procurement.extraction.layout import Line, printed
from procurement.extraction.partial import Reading
from procurement.extraction.text import all_text
from procurement.extraction.values import name_text, parse_date, parse_money

_DIGITAL = re.compile(r"(?<![\dA-Z])2\d[1-6]\d{17}(?![\dA-Z])")  # year, province, …
_OLD = re.compile(r"^(?:\d{12}|\d{10})$")
_EIGHT = re.compile(r"^\d{8}$")
_CHECK = re.compile(r"^\d{20}$")
_DAY = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
_SUM = re.compile(r"¥-?\d[\d,]*\.\d{2}(?!\d)")
_CREDIT_CODE = re.compile(r"(?<![\dA-Z])[1-9AHNY][1-9]\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![\dA-Z])")
_NAME = re.compile(r"[\u4e00-\u9fff]{4,}|[\u4e00-\u9fff]{2,}[（(]")
_HIGH = 3.5  # type sizes that a name stands above its code
_GAP = 2.2  # type sizes between two runs


def fill_by_pattern(paged: Sequence[Sequence[Line]], reading: Reading) -> None:
    """Number, code, date, sums, the parties' codes and names; nothing of which there are two to choose from."""
    text = all_text(paged)
    _identity(paged, text, reading)
    days = {parse_date(day) for day in _DAY.findall(text)}
    if len(days) == 1:
        reading.put("issue_date", days.pop(), weak=True)
    sums = {parse_money(found) for found in _SUM.findall(text)} - {None}
    ordered = sorted((value for value in sums if value is not None), key=abs, reverse=True)
    if len(ordered) == 3 and ordered[0] == ordered[1] + ordered[2]:
        for name, found in zip(("total", "amount", "tax"), ordered, strict=True):
            reading.put(name, found, weak=True)
    _parties(paged, text, reading)


def _identity(paged: Sequence[Sequence[Line]], text: str, reading: Reading) -> None:
    """A 20-digit number alone; or a code above its 8-digit number at the top of the first page."""
    runs = _runs(paged[0][:12]) if paged else []
    alone = [said for _, said in runs]
    codes = [said for said in alone if _OLD.match(said)]
    numbers = [said for said in alone if _EIGHT.match(said) and parse_date(said) is None]
    if len(codes) == 1 and len(numbers) == 1 and "invoice_number" not in reading.fields:
        reading.put("invoice_code", codes[0], weak=True)
        reading.put("invoice_number", numbers[0], weak=True)
        checks = [said for said in alone if _CHECK.match(said)]
        if len(checks) == 1:
            reading.put("check_code", checks[0], weak=True)
        return
    digital = set(_DIGITAL.findall(text))
    if len(digital) == 1:
        reading.put("invoice_number", digital.pop(), weak=True)


def _runs(lines: Sequence[Line]) -> list[tuple[list, str]]:
    """Pieces of lines, each with its folded text."""
    out = []
    for line in lines:
        start = 0
        for run in line.segments(_GAP):
            out.append((run, line.text[start : start + len(run)]))
            start += len(run)
    return out


def _parties(paged: Sequence[Sequence[Line]], text: str, reading: Reading) -> None:
    """Two credit codes are the buyer's, then the seller's; each name stands above its code."""
    codes = list(dict.fromkeys(_CREDIT_CODE.findall(text)))
    if len(codes) != 2:
        return
    for role, code in zip(("buyer", "seller"), codes, strict=True):
        if reading.fields.get(f"{role}_id", code) != code:
            continue
        reading.put(f"{role}_id", code, weak=True)
        if name := _name_above(code, paged):
            reading.put(f"{role}_name", name, weak=True)


def _name_above(code: str, paged: Sequence[Sequence[Line]]) -> str:
    """The nearest words above a code that reach over it or start where it does."""
    for lines in paged:
        for index, line in enumerate(lines):
            start = line.text.find(code)
            if start < 0:
                continue
            first, last = line.glyphs[start], line.glyphs[start + len(code) - 1]
            for above in reversed(lines[:index]):
                if line.y - above.y > _HIGH * first.size:
                    break
                for run, said in _runs([above]):
                    over = run[0].x0 < last.x1 and run[-1].x1 > first.x0 - 6 * first.size
                    if over and _NAME.search(said):
                        return name_text(printed(run))
    return ""

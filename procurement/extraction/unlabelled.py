"""Weak guesses for a page whose labels are pictures or outlines: by the shape of what is filled in, and by its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from procurement.extraction.layout import Glyph, Line, printed
from procurement.extraction.partial import Reading
from procurement.extraction.text import all_text
from procurement.extraction.values import name_text, parse_date, parse_money

_DIGITAL = re.compile(r"(?<![\dA-Z])2\d[1-6]\d{17}(?![\dA-Z])")  # year, province, …
_OLD = re.compile(r"^(?:\d{12}|\d{10})$")
_EIGHT = re.compile(r"^\d{8}$")
_CHECK = re.compile(r"^\d{20}$")
_DAY = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
_SUM = re.compile(r"¥-?\d[\d,]*\.\d{2}(?!\d)")
_CREDIT_CODE = re.compile(r"[1-9AHNY][1-9]\d{6}[0-9A-HJ-NPQRTUWXY]{10}")
_NAME = re.compile(r"[\u4e00-\u9fff]{4,}|[\u4e00-\u9fff]{2,}[（(]")
_CIPHER = re.compile(r"[0-9+\-*/<>]{8,}$")  # the password area, where a long name reaches it
_NOBODY = "个人"  # a buyer without a code
_HIGH = 3.5  # type sizes that a name stands above its code
_GAP = 2.2  # type sizes between two runs


def fill_by_pattern(paged: Sequence[Sequence[Line]], reading: Reading) -> None:
    """Number, code, date, sums, the parties' codes and names; nothing of which there are two to choose from."""
    text = all_text(paged)
    _identity(paged, text, reading)
    days = {parse_date(day) for day in _DAY.findall(text)}
    if len(days) == 1:
        reading.put("issue_date", days.pop(), weak=True)
    _sums(text, reading)
    _parties(paged, reading)


def _sums(text: str, reading: Reading) -> None:
    """Three sums of which one is the others' total; or the same one twice, where nothing is taxed."""
    found = [value for value in map(parse_money, _SUM.findall(text)) if value is not None]
    ordered = sorted(set(found), key=abs, reverse=True)
    if len(ordered) == 3 and ordered[0] == ordered[1] + ordered[2]:
        parts = ordered
    elif len(ordered) == 1 and len(found) > 1 and "***" in text:
        parts = [ordered[0], ordered[0], Decimal("0.00")]
    else:
        return
    for name, value in zip(("total", "amount", "tax"), parts, strict=True):
        reading.put(name, value, weak=True)


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


def _runs(lines: Sequence[Line]) -> list[tuple[list[Glyph], str]]:
    """Pieces of lines, each with its folded text."""
    out = []
    for line in lines:
        start = 0
        for run in line.segments(_GAP):
            out.append((run, line.text[start : start + len(run)]))
            start += len(run)
    return out


def _parties(paged: Sequence[Sequence[Line]], reading: Reading) -> None:
    """Two credit codes are the buyer's, then the seller's, and one alone the seller's; a name stands above its code."""
    runs = [said for lines in paged for _, said in _runs(lines)]
    codes = list(dict.fromkeys(said for said in runs if _CREDIT_CODE.fullmatch(said)))
    if not 1 <= len(codes) <= 2:
        return
    if len(codes) == 1 and _NOBODY in runs:
        reading.put("buyer_name", _NOBODY, weak=True)
    for role, code in zip(("seller", "buyer"), reversed(codes), strict=False):
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
                        return name_text(_CIPHER.sub("", printed(run)))
    return ""

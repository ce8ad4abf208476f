"""Dates as people write them: 2021-06-30, 2021/6/30, 2021年6月30日."""

from __future__ import annotations

import datetime
import re
import unicodedata

from cixi_xiezuo.errors import brief

FORMS = (
    re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII),
    re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})", re.ASCII),
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日", re.ASCII),
)
FIRST_YEAR, LAST_YEAR = 2000, 2100


def parse_date(text: str) -> datetime.date:
    """One of the three forms (full-width digits too) → date. Raises ValueError with a Chinese sentence."""
    plain = unicodedata.normalize("NFKC", text).strip()
    match = next((found for form in FORMS if (found := form.fullmatch(plain))), None)
    if match is None:
        raise ValueError(f"“{brief(text)}”不是日期，应如 2021-06-30、2021/6/30 或 2021年6月30日")
    try:
        day = datetime.date(*map(int, match.groups()))
    except ValueError:
        raise ValueError(f"没有“{brief(text)}”这一天，请核对年月日") from None
    parse_year(str(day.year))
    return day


def parse_year(text: str) -> int:
    """A year as text → int. Raises ValueError with a Chinese sentence."""
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("年度").removesuffix("年")
    if not re.fullmatch(r"\d{4}", plain, re.ASCII):
        raise ValueError(f"“{brief(text)}”不是年度，应为四位数字，如 2021")
    year = int(plain)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"年份应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间，不能是 {plain}")
    return year

"""Cells → values. Each reader takes what the sheet holds and raises ValueError (Chinese) on a bad one.

None stands for a blank cell; it comes back as None (or "").
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import TextChoices

from cixi_xiezuo.dates import parse_date
from cixi_xiezuo.money import parse_yuan

_ROUNDED = re.compile(r"\d(\.\d+)?[eE]\+?\d+", re.ASCII)
_MIDNIGHT = re.compile(r"[ T]0{1,2}:00(:00(\.0+)?)?$")


def plain(value: Any) -> str:
    """A cell as text: blanks stripped, a whole number without its ".0", control characters out."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    text = str(value)
    if text.isprintable():  # nearly all are
        return text.strip()
    text = "".join(char for char in text if char in "\t\n" or unicodedata.category(char) not in ("Cc", "Cf"))
    return text.strip()


def limited(text: str, size: int) -> str:
    if len(text) > size:
        raise ValueError(f"超过 {size} 个字，请缩短")
    return text


def code(value: Any) -> str:
    return limited(unicodedata.normalize("NFKC", plain(value)), 32)


def unit(value: Any) -> str:
    """A unit's code, or its code, a blank and its name."""
    return limited(" ".join(unicodedata.normalize("NFKC", plain(value)).split()), 140)


def date(value: Any) -> datetime.date | None:
    if (
        type(value) in (int, float) and 36526 <= value < 73416
    ):  # a day as a sheet counts it, shown as a number
        day = datetime.date(1899, 12, 30) + datetime.timedelta(days=int(value))
        raise ValueError(f"是数字而不是日期，可能是 {day}；请把单元格格式设为日期，或填 {day}")
    if isinstance(value, datetime.datetime):
        value = value.date()
    if not isinstance(value, datetime.date):
        text = _MIDNIGHT.sub("", unicodedata.normalize("NFKC", plain(value)))
        if not text:
            return None
        return parse_date(text)
    if not 2000 <= value.year <= 2100:
        raise ValueError("年份应在 2000 到 2100 之间")
    return value


def money(value: Any) -> Decimal | None:
    return None if plain(value) == "" else parse_yuan(value)


def not_negative(value: Any) -> Decimal | None:
    amount = money(value)
    if amount is not None and amount < 0:
        raise ValueError("不能为负数")
    return amount


def whole(value: Any) -> int | None:
    """A count: a whole number, not negative."""
    text = unicodedata.normalize("NFKC", plain(value)).replace(",", "")
    if not text:
        return None
    if not re.fullmatch(r"\d{1,9}(\.0+)?", text):
        raise ValueError("应为不小于 0 的整数")
    return int(text.split(".")[0])


def quantity(value: Any) -> Decimal | None:
    text = unicodedata.normalize("NFKC", plain(value)).replace(",", "")
    if not text:
        return None
    try:
        number = Decimal(text)
        exact = number.quantize(Decimal("0.000001"))
    except InvalidOperation:
        raise ValueError("应为数字") from None
    if not number.is_finite() or abs(number) >= 10**14:
        raise ValueError("应为数字")
    return exact


def percent(value: Any) -> Decimal | None:
    text = unicodedata.normalize("NFKC", plain(value)).removesuffix("%").strip()
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError("应为百分数，如 12.5") from None
    if not number.is_finite() or not 0 <= number <= 100:
        raise ValueError("应在 0 到 100 之间，如 12.5 表示 12.5%")
    exact = number.quantize(Decimal("0.01"))
    if exact != number:
        raise ValueError("最多两位小数")
    return exact


def yes_no(value: Any) -> bool | None:
    text = plain(value)
    if not text:
        return None
    if text not in ("是", "否"):
        raise ValueError("应填“是”或“否”")
    return text == "是"


def choice(choices: type[TextChoices]) -> Callable[[Any], str]:
    """A reader of one of the labels of a closed list."""
    by_label: Mapping[str, str] = {label: value for value, label in choices.choices}

    def read(value: Any) -> str:
        text = unicodedata.normalize("NFKC", plain(value))
        if text and text not in by_label:
            raise ValueError(f"应为 {'、'.join(by_label)} 之一")
        return by_label.get(text, "")

    return read


def invoice_code(value: Any) -> str:
    """10 or 12 digits; a leading zero that a numeric cell has lost is put back."""
    text = limited(unicodedata.normalize("NFKC", plain(value)).replace(" ", ""), 20)
    if isinstance(value, (int, float)) and len(text) in (9, 11):
        text = "0" + text
    return text


def invoice_number(value: Any) -> str:
    """8 or 20 digits; the zeros that a numeric cell has lost are put back, a rounded number is refused."""
    if (isinstance(value, (int, float)) and abs(value) > 2**53) or _ROUNDED.fullmatch(plain(value)):
        raise ValueError("号码过长，按数字存放会丢失末位，请把单元格设为文本后重新填写")
    text = limited(unicodedata.normalize("NFKC", plain(value)).replace(" ", ""), 30)
    return text.zfill(8) if isinstance(value, (int, float)) else text

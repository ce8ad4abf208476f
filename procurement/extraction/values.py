"""Text of an invoice → values. Nothing here raises: what cannot be understood is None."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation

CENT = Decimal("0.01")
_MONEY = re.compile(r"-?\d{1,13}(?:\.\d{1,12}0{0,20})?")  # some writers fill a quantity up with zeros
_DATE = re.compile(
    r"(?<!\d)(\d{4})[年\-/.](\d{1,2})[月\-/.](\d{1,2})(?!\d)"
    r"|(?<!\d)(\d{4})(\d{2})(\d{2})(?:[0-2]\d[0-5]\d(?:[0-5]\d\d{0,3})?)?(?!\d)"
)
_CLOCK = re.compile(r"(?<=[\d日])[\sT]+\d{1,2}[:时]\d{2}.*", re.S)
_NUMERALS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_TENS = re.compile(r"([一二三]?)十([一二三四五六七八九]?)")
# Radicals that PDF fonts put in place of the characters and that NFKC leaves alone (U+2E80…U+2EF3).
_RADICALS = str.maketrans(
    "⺟⺠⺬⺮⺸⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
    "母民示竹羊虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
)


def plain(text: str) -> str:
    """Characters as a keyboard gives them: Kangxi radicals mended, control characters gone; width kept."""
    out = []
    for char in text.translate(_RADICALS):
        if "\u2f00" <= char <= "\u2fd5" or "\uf900" <= char <= "\ufaff":
            char = unicodedata.normalize("NFKC", char)
        elif unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn"):
            char = " " if char in "\t\r\n" else ""
        out.append(char)
    return "".join(out)


def compact(text: str) -> str:
    """Half-width, no blanks: for comparing, and for numbers and codes."""
    return "".join(unicodedata.normalize("NFKC", plain(text)).split())


def name_text(text: str) -> str:
    """A name as printed, blanks at the ends removed and runs of blanks made one."""
    return " ".join(plain(text).split())


def parse_decimal(text: str) -> Decimal | None:
    """A number with or without ¥, thousands commas, a minus before or behind the ¥."""
    bare = compact(text).replace("¥", "").replace(",", "").removesuffix("元").replace("−", "-")
    bare = re.sub(r"^\((.*)\)$", r"-\1", bare).replace("--", "-")
    if not _MONEY.fullmatch(bare):
        return None
    whole, _, part = bare.partition(".")
    try:
        return Decimal(f"{whole}.{part.rstrip('0')}".rstrip(".") if len(part) > 12 else bare)
    except InvalidOperation:  # pragma: no cover - the pattern leaves none
        return None


def parse_money(text: str) -> Decimal | None:
    """An amount in 元; None when it has a part below one 分."""
    value = parse_decimal(text)
    if value is None:
        return None
    cents = value.quantize(CENT)
    return cents + 0 if cents == value else None


def parse_date(text: str) -> date | None:
    """2020年07月23日, 2020-07-23, 2020/7/23, 2020.7.23, 20200723 (a time may follow), 二〇二〇年七月二十三日."""
    text = _CLOCK.sub("", text[:40])
    if "年" in text:
        text = _TENS.sub(lambda ten: f"{ten[1] or '一'}{ten[2] or '零'}", text).translate(_NUMERALS)
    match = _DATE.search(compact(text))
    if not match:
        return None
    year, month, day = (int(part) for part in match.groups() if part is not None)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def money_text(value: Decimal | None) -> str | None:
    """Text with two decimals, None for None; never "-0.00"."""
    return None if value is None else format(value.quantize(CENT) + 0, "f")

"""Amounts and shares as people read them. 分 are integers, 元 Decimals; nothing is ever rounded up.

A template hands over "" for what is not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from django import template

from cixi_xiezuo.money import from_fen, unit_price, yuan_display

register = template.Library()

NONE = "—"
WAN = Decimal(10_000)


@register.filter
def yuan(value: Decimal | int | str | None) -> str:
    """元 → "1,234.50"; "—" where there is none."""
    return NONE if value is None or value == "" else yuan_display(Decimal(value))


@register.filter
def fen(value: int | str | None) -> str:
    """分 → "1,234.50" 元."""
    return NONE if value is None or value == "" else yuan_display(from_fen(int(value)))


@register.filter
def wan(value: Decimal | int | str | None) -> str:
    """元 → 万元, two decimals, truncated: 12,345,678.90 元 is "1,234.56"."""
    if value is None or value == "":
        return NONE
    return f"{(Decimal(value) / WAN).quantize(Decimal('0.01'), ROUND_DOWN) + 0:,.2f}"


@register.filter("unit_price")
def shown_unit_price(fen: Fraction) -> str:
    """分 for one of something → 元 with two places, up to four where there are more: "1,234.50", "0.0325"."""
    text = f"{unit_price(fen):,.4f}"
    return text[:-2] + text[-2:].rstrip("0")


@register.filter
def fen_wan(value: int | str | None) -> str:
    """分 → 万元, two decimals, truncated."""
    return NONE if value is None or value == "" else wan(from_fen(int(value)))


@register.filter
def amount(value: int | str | None, in_wan: bool) -> str:
    """分 → as the page shows it: 万元, or 元 to the 分."""
    return fen_wan(value) if in_wan else fen(value)


@register.filter
def of(values: Mapping[int, int], key: int) -> int:
    """A row's value from a mapping by its id; 0 where it has none."""
    return values.get(key, 0)


@register.filter
def grown(value: int, in_wan: bool) -> str:
    """分 added or taken back, with its sign: "+1.20"; "—" where nothing changed."""
    return f"{'+' if value > 0 else ''}{amount(value, in_wan)}" if value else NONE


@register.filter
def unit(in_wan: bool) -> str:
    return "万元" if in_wan else "元"


@register.filter
def percent(value: int | str | None) -> str:
    """Ten-thousandths → "9.99%"; the standing has truncated it already."""
    if value is None or value == "":
        return NONE
    whole, rest = divmod(abs(int(value)), 100)
    return f"{'-' if int(value) < 0 else ''}{whole}.{rest:02d}%"


@register.filter
def hundredths(value: int | str | None) -> str:
    """Hundredths of a percent as a threshold is spoken: 1000 → "10%", 1250 → "12.5%"."""
    if value is None or value == "":
        return NONE
    text = f"{Decimal(value) / 100:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"


@register.filter
def points(value: int | str | None) -> str:
    """Hundredths of a point → "12.50"; "—" where there is none."""
    return percent(value).removesuffix("%")


@register.filter
def plain(value: Decimal | str | None) -> str:
    """A quantity without needless zeros: 2.500000 → "2.5"."""
    if value is None or value == "":
        return ""
    text = f"{Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

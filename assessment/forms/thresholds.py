"""Amounts typed in 元 or 万元, and percentages as people write them."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from assessment.jsonread import percent
from cixi_xiezuo.money import parse_wan, parse_yuan

WAN = "wan"
YUAN = "yuan"
UNITS = [(WAN, "万元"), (YUAN, "元")]
TEN_THOUSAND = 10_000


def amount_in(text: str, unit: str) -> Decimal:
    """What was typed, in `unit` → 元. A unit written behind the number ("6600万元") goes before `unit`.

    Raises ValueError with a Chinese sentence.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain.endswith(("万", "万元")):
        unit = WAN
    elif plain.endswith("元"):
        unit = YUAN
    return parse_wan(plain) if unit == WAN else parse_yuan(plain)


def in_unit(amount: Decimal | None, unit: str) -> str:
    """元 → the number as it is typed in a unit, without needless zeros."""
    if amount is None:
        return ""
    text = f"{amount / TEN_THOUSAND if unit == WAN else amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent_of(text: str) -> Decimal:
    """ "12.5", "12.5%", full-width digits → Decimal. Raises ValueError with a Chinese sentence."""
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("%").strip()
    if not plain.isascii():
        raise ValueError(f"“{text}”应为 0 到 100、最多两位小数的百分比，如 10 或 12.5")
    return percent(plain)


class PercentField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {"class": "form-control num", "inputmode": "decimal", "autocomplete": "off"}
        self.widget.attrs["maxlength"] = "20"

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if value in self.empty_values:
            return None
        try:
            return percent_of(value[:40])
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error


def add_amount(form: forms.Form, name: str, label: str, amount: Decimal | None, unit: str) -> None:
    """Two fields of a form: `name` for the number, `name`_unit for 元 or 万元."""
    number = forms.CharField(label=label, required=False, max_length=30, initial=in_unit(amount, unit))
    number.widget.attrs |= {"class": "form-control num", "inputmode": "decimal", "autocomplete": "off"}
    form.fields[name] = number
    form.fields[f"{name}_unit"] = forms.ChoiceField(
        label=f"{label}的单位",
        choices=UNITS,
        initial=unit,
        widget=forms.Select(attrs={"class": "form-select", "aria-label": f"{label}的单位"}),
    )


def read_amount(form: forms.Form, name: str) -> Decimal | None:
    """The amount in 元 once the form is cleaned; what is wrong is put beside the number."""
    text = form.cleaned_data.get(name) or ""
    if not text.strip():
        return None
    try:
        return amount_in(text, form.cleaned_data.get(f"{name}_unit") or YUAN)
    except ValueError as error:
        form.add_error(name, str(error))
        return None

"""The form on which a unit declares its 年度基数: only what the year's rules ask of its kind."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from assessment.base_fields import BUDGETED, BaseField, lacking
from assessment.base_words import LABELS, MONEY, NONE, word
from cixi_xiezuo.forms import Form
from cixi_xiezuo.money import MoneyFormField
from units.forms.fields import UnitName
from units.kinds import Canteen
from units.models import Unit, YearBase

BLANK = ("", "请选择")
ONLY_FOR = {
    "canteen_representative": (Canteen.SHARED,),
    "canteen_budget": BUDGETED,
    "reserve_percent": BUDGETED,
}
"""What belongs to some kinds of canteen alone."""


class WholeField(forms.CharField):
    """A count as people type it: 1,234 and full-width digits too."""

    def to_python(self, value: Any) -> int | None:  # type: ignore[override]
        text = unicodedata.normalize("NFKC", str(value or "")).replace(",", "").removesuffix("人").strip()
        if not text:
            return None
        if not text.isascii() or not text.isdecimal() or len(text) > 9:
            raise ValidationError("应为不小于 0 的整数，如 126")
        return int(text)

    def run_validators(self, value: Any) -> None:
        """The checks of text do not fit a number."""


class PercentField(forms.CharField):
    """Up to two decimals, with or without the sign."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        text = unicodedata.normalize("NFKC", str(value or "")).strip().removesuffix("%").strip()
        if not text:
            return None
        whole, _, rest = text.partition(".")
        if not text.isascii() or not whole.isdecimal() or (rest and not rest.isdecimal()) or len(whole) > 3:
            raise ValidationError("应为百分数，如 12.5")
        if len(rest.rstrip("0")) > 2:
            raise ValidationError("最多两位小数，如 12.25")
        if not 0 <= Decimal(text) <= 100:
            raise ValidationError("应在 0 到 100 之间，如 12.5 表示 12.5%")
        return Decimal(text)

    def run_validators(self, value: Any) -> None:
        """The checks of text do not fit a number."""


@dataclass(frozen=True, slots=True)
class Line:
    """A field of the form with what belongs beside it. `when`: the canteens it is for, "" for all."""

    field: forms.BoundField
    asked: BaseField
    last: str
    suffix: str
    when: str
    needed: bool


class BaseForm(Form):
    """`seen`: the stamp of the declaration as it was when the form was opened."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, data: Any, *, asked: list[BaseField], base: YearBase, last: YearBase | None, seen: str
    ) -> None:
        super().__init__(data, initial={field.name: getattr(base, field.name) for field in asked})
        self.initial["seen"] = seen
        self.asked, self.base, self.last = asked, base, last
        self.offered: dict[int, str] = {}
        self.representatives: list[str] = []
        for each in asked:
            self.fields[each.name] = self._field(each.name)
            widget = self.fields[each.name].widget
            widget.attrs["class"] = "form-select" if isinstance(widget, forms.Select) else "form-control"
            if each.name in (*MONEY, "headcount", "reserve_percent"):
                widget.attrs |= {"class": "form-control num", "inputmode": "decimal", "autocomplete": "off"}

    def _field(self, name: str) -> forms.Field:
        label = LABELS[name]
        if name in MONEY:
            return MoneyFormField(label=label, required=False)
        if name == "headcount":
            return WholeField(label=label, required=False)
        if name == "reserve_percent":
            return PercentField(label=label, required=False)
        if name == "canteen":
            field = forms.ChoiceField(label=label, required=False, choices=[BLANK, *Canteen.choices])
            field.widget.attrs["data-canteen"] = ""
            return field
        if name == "listed":
            choices = [("", "未说明"), ("True", "是"), ("False", "否")]
            return forms.TypedChoiceField(
                label=label,
                required=False,
                choices=choices,
                coerce=lambda text: text == "True",
                empty_value=None,
            )
        return self._representative(label)

    def _representative(self, label: str) -> UnitName:
        """Another unit whose canteen is measured."""
        kinds = [str(kind) for kind in self._canteen_kinds]
        others = Unit.objects.filter(kind__in=kinds, active=True).exclude(pk=self.base.unit_id)
        field = UnitName(others, datalist="representatives", label=label, required=False)
        units = list(others.only("pk", "code", "name").order_by("code"))
        field.offer(units)
        self.offered = {unit.pk: unit.name for unit in units}
        self.representatives = field.options
        return field

    @property
    def _canteen_kinds(self) -> frozenset[str]:
        return next(each.kinds for each in self.asked if each.name == "canteen_representative")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name, canteens in ONLY_FOR.items():
            if name in self.fields and values.get("canteen") not in canteens:
                values[name] = None
                self.errors.pop(name, None)
        for name in lacking(self.asked, values):
            if name not in self.errors:
                self.add_error(name, f"请填写{LABELS[name]}" + ("，没有的填 0" if name in MONEY else ""))
        for name in MONEY & self.fields.keys():
            if (values.get(name) or 0) < 0:
                self.add_error(name, "不能为负数")
        return values

    def declared(self) -> dict[str, Any]:
        """As `file_base` takes it."""
        values = {each.name: self.cleaned_data[each.name] for each in self.asked}
        if "canteen_representative" in values:
            found = values.pop("canteen_representative")
            values["canteen_representative_id"] = found.pk if found else None
        return values

    def lines(self) -> Iterator[Line]:
        for each in self.asked:
            suffix = (
                "元" if each.name in MONEY else {"headcount": "人", "reserve_percent": "%"}.get(each.name, "")
            )
            last = word(each.name, getattr(self.last, each.name)) if self.last else NONE
            needed = each.needed or each.name in ("canteen_budget", "canteen_representative")
            when = " ".join(ONLY_FOR.get(each.name, ()))
            yield Line(self[each.name], each, last, suffix, when, needed)

"""试算: purchases that might be made and bases that might be declared, as rows of a form read from the address."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from assessment.whatif import Addition
from cixi_xiezuo.forms import Form
from cixi_xiezuo.money import MoneyFormField, to_fen
from procurement.choices import Channel, Holiday, PairingKind, Use
from procurement.models import Region
from procurement.terms import Terms
from units.forms.fields import choice
from units.models import Unit

PURCHASES, BASES = "p", "b"
"""Prefixes of the two sets of rows in the address."""
ROWS, MORE, MOST = 2, 2, 20
BLANK = ("", "请选择")
ITEMS = {
    "canteen_budget": "食堂采购预算（元）",
    "holiday_gifts": "节日慰问品总额（元）",
    "headcount": "人数",
    "target": "采购目标（元）",
    "assistance_base": "帮扶资金基数（元）",
    "reserve": "预留比例（%）",
}
"""Fields of BaseFacts that may be supposed."""
CHANNELS = [(Channel.PLATFORM_832.value, "832平台"), (Channel.OTHER.value, "其他渠道")]
"""What the rules tell apart."""


class UnitField(forms.CharField):
    """A unit by its code or its name, as the list offers it: "S01 青瓷湾学校"."""

    def __init__(self) -> None:
        super().__init__(
            label="单位", widget=choice("whatif-units"), error_messages={"required": "请填写单位"}
        )

    def find(self, text: str, units: Mapping[str, Unit]) -> Unit:
        text = text.strip()
        code = text.split(maxsplit=1)[0] if text else ""
        found = units.get(text) or units.get(code)
        found = found or next((unit for unit in units.values() if unit.name == text), None)
        if found is None:
            raise ValidationError("没有这个单位，请从列表中选择")
        return found


class Row(Form):
    """`units`: code → those the person may see; with `unit` every row is that unit's and none is asked for."""

    unit = UnitField()

    def __init__(
        self, *args: Any, units: Mapping[str, Unit], fixed: Unit | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.units, self.fixed = units, fixed
        if fixed is not None:
            del self.fields["unit"]
        for field in self.fields.values():
            select = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if select else "form-control"

    def clean_unit(self) -> Unit:
        field = self.fields["unit"]
        assert isinstance(field, UnitField)
        return field.find(self.cleaned_data["unit"], self.units)

    @property
    def whose(self) -> Unit:
        return self.fixed or self.cleaned_data["unit"]


class PurchaseRow(Row):
    use = forms.ChoiceField(
        label="用途", choices=[BLANK, *Use.choices], error_messages={"required": "请选择用途"}
    )
    region = forms.ChoiceField(label="产地", error_messages={"required": "请选择产地"})
    holiday = forms.ChoiceField(label="节日", required=False, choices=[("", "—"), *Holiday.choices])
    channel = forms.ChoiceField(label="渠道", choices=CHANNELS, initial=CHANNELS[0][0])
    amount = MoneyFormField(label="金额（元）", error_messages={"required": "请填写金额"})

    def __init__(self, *args: Any, regions: Mapping[str, Region], terms: Terms, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.regions = regions
        region = self.fields["region"]
        assert isinstance(region, forms.ChoiceField)
        region.choices = region_choices(regions, terms)

    def clean_amount(self) -> Decimal:
        amount: Decimal = self.cleaned_data["amount"]
        if amount <= 0:
            raise ValidationError("金额应大于 0")
        return amount

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("use") == Use.UNION_HOLIDAY and not values.get("holiday"):
            self.add_error("holiday", "工会节日慰问请选择节日")
        if values.get("use") and values["use"] != Use.UNION_HOLIDAY:
            values["holiday"] = ""
        return values

    def addition(self) -> Addition:
        values = self.cleaned_data
        return Addition(
            unit=self.whose,
            use=values["use"],
            region=self.regions[values["region"]],
            amount=values["amount"],
            channel=values["channel"],
            holiday=values["holiday"],
        )


class BaseRow(Row):
    item = forms.ChoiceField(label="年度基数", error_messages={"required": "请选择哪一项"})
    value = MoneyFormField(label="改为", error_messages={"required": "请填写改为多少"})

    def __init__(self, *args: Any, items: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        item = self.fields["item"]
        assert isinstance(item, forms.ChoiceField)
        item.choices = [BLANK, *items.items()]

    def clean(self) -> dict[str, Any]:
        item, value = self.cleaned_data.get("item"), self.cleaned_data.get("value")
        if value is not None and value < 0:
            self.add_error("value", "不能为负数")
        elif value is not None and item == "headcount" and value != int(value):
            self.add_error("value", "人数应为整数")
        elif value is not None and item == "reserve" and value > 100:
            self.add_error("value", "比例应在 0 到 100 之间")
        return self.cleaned_data

    def fact(self) -> tuple[int, str, int]:
        """Unit id, field of BaseFacts, and its value there (分, persons, hundredths of a percent)."""
        item, value = self.cleaned_data["item"], self.cleaned_data["value"]
        return self.whose.pk, item, int(value) if item == "headcount" else to_fen(value)


PurchaseRows = forms.formset_factory(PurchaseRow, extra=ROWS, max_num=MOST, absolute_max=MOST)
BaseRows = forms.formset_factory(BaseRow, extra=1, max_num=MOST, absolute_max=MOST)


def region_choices(regions: Mapping[str, Region], terms: Terms) -> list[Any]:
    """By how the year pairs them, the primary ones marked and first."""
    groups: dict[str, list[tuple[str, str]]] = {name: [] for name in [*PairingKind.labels, "未结对"]}
    ordered = sorted(regions.values(), key=lambda region: (region.pk not in terms.primary, region.code))
    for region in ordered:
        kind = terms.pairings.get(region.pk)
        star = " ★" if region.pk in terms.primary else ""
        groups[PairingKind(kind).label if kind else "未结对"].append((region.code, f"{region.name}{star}"))
    return [BLANK, *groups.items()]


def rows_of(kind: Any, prefix: str, asked: QueryDict, **kwargs: Any) -> Any:
    """A set of rows, bound where the address has any; `more` in the address adds empty ones."""
    total = f"{prefix}-TOTAL_FORMS"
    count = str(asked.get(total, ""))
    if not count.isdecimal():
        return kind(prefix=prefix, form_kwargs=kwargs)
    data = asked.copy()
    wanted = int(count[:3]) + (MORE if asked.get("more") == prefix else 0)
    data[total], data[f"{prefix}-INITIAL_FORMS"] = str(min(wanted, MOST)), "0"
    return kind(data, prefix=prefix, form_kwargs=kwargs)


def filled(rows: Any) -> list[Any]:
    """The rows that say something, where all of them are right; none otherwise."""
    if not rows.is_bound or not rows.is_valid():
        return []
    return [row for row in rows if row.has_changed()]

"""The form of a record: what all kinds share, and one field for each of the kind's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cixi_xiezuo import widgets
from cixi_xiezuo.forms import Form
from cixi_xiezuo.money import MoneyFormField, from_fen, to_fen
from initiatives.kinds import Field, Kind, Sort
from initiatives.models import Part, Record
from initiatives.records import Content
from procurement.models import Region
from units.forms.fields import UnitNames, label
from units.kinds import PLACES
from units.models import Unit

LARGE = 10**9
UNITS = "all-units"
"""The list of units that a page of the form offers."""


class RecordForm(Form):
    """`units`: those the person may record for, to choose from for a new record; a stored one keeps its unit."""

    title = forms.CharField(label="名称", max_length=150)
    starts = widgets.day_field("开始日期")
    ends = widgets.day_field("结束日期", required=False)
    region = forms.ModelChoiceField(
        Region.objects.order_by("code"),
        label="地区",
        required=False,
        empty_label="不限",
        widget=widgets.select(),
    )
    note = forms.CharField(
        label="说明", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self, data: Any, kind: Kind, *, units: list[Unit] | None = None, record: Record | None = None
    ) -> None:
        super().__init__(data, initial=initial(record, kind) if record else None)
        self.kind, self.units, fields = kind, units or [], self.fields
        if units is not None:
            choices = [(unit.code, unit.name) for unit in units]
            fields["unit"] = forms.ChoiceField(label="登记单位", choices=choices, widget=widgets.select())
        for each in kind.fields:
            fields[f"own_{each.name}"] = own_field(each)
        for part in Part:
            fields[f"part_{part.value}"] = UnitNames(
                Unit.objects.all(), datalist=UNITS, label=f"{part.label}单位", required=False
            )
        for name, common in (("title", "名称"), ("starts", "开始日期"), ("ends", "结束日期")):
            fields[name].label = kind.word(name, common)
        for field in fields.values():
            field.widget.attrs.setdefault("class", "form-control")

    @property
    def first(self) -> list[Any]:
        """Bound fields in the order of the page: common ones, the kind's own, who takes part."""
        own = [f"own_{each.name}" for each in self.kind.fields]
        parts = [f"part_{part.value}" for part in Part]
        names = ["title", "unit", "starts", "ends", "region", *own, *parts, "note"]
        return [self[name] for name in names if name in self.fields]

    def chosen_unit(self) -> Unit:
        return next(unit for unit in self.units if unit.code == self.cleaned_data["unit"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        starts, ends = values.get("starts"), values.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", f"不能早于{self.fields['starts'].label} {starts}")
        taken: dict[Unit, str] = {}
        for part in Part:
            for unit in values.get(f"part_{part.value}") or []:
                if unit in taken:
                    self.add_error(f"part_{part.value}", f"“{unit}”已列在{Part(taken[unit]).label}单位中")
                taken.setdefault(unit, part.value)
        values["parts"] = taken
        return values

    @property
    def options(self) -> list[str]:
        """The units that may have a part. One query."""
        rows = Unit.objects.filter(active=True).order_by("code")
        return [f"{code} {name}" for code, name in rows.values_list("code", "name")]

    def content(self) -> Content:
        given = self.cleaned_data
        return Content(
            title=given["title"],
            starts=given["starts"],
            ends=given["ends"],
            region=given["region"],
            note=given["note"],
            data={each.name: stored(each, given[f"own_{each.name}"]) for each in self.kind.fields},
            parts=given["parts"],
        )


def _places() -> Iterable[str]:
    return Unit.objects.filter(kind__in=PLACES, active=True).order_by("code").values_list("name", flat=True)


def own_field(field: Field, places: Iterable[str] | None = None) -> forms.Field:
    """The form's field for one of a kind's own. `places`: the names of all there are, where they are at hand."""
    common: dict[str, Any] = {"label": field.label, "required": field.required, "help_text": field.hint}
    if field.sort is Sort.CHOICE:
        choices = [("", "请选择"), *((choice, choice) for choice in field.choices)]
        return forms.ChoiceField(choices=choices, widget=widgets.select(), **common)
    if field.sort is Sort.PLACE:
        names = _places() if places is None else places
        choices = [("", "请选择"), *((name, name) for name in names)]
        return forms.ChoiceField(choices=choices, widget=widgets.select(), **common)
    if field.sort is Sort.COUNT:
        typed = forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off"}
        )  # so that “128人” is told
        return forms.IntegerField(min_value=0, max_value=LARGE, widget=typed, **common)
    if field.sort is Sort.DAY:
        return widgets.day_field(common.pop("label"), **common)
    if field.sort is Sort.MONEY:
        return MoneyFormField(validators=[_not_negative], **common)
    return forms.CharField(max_length=500, **common)


def _not_negative(value: Any) -> None:
    if value < 0:
        raise ValidationError("金额不能为负数")


def stored(field: Field, value: Any) -> Any:
    """A cleaned value as `Record.data` keeps it."""
    if value in (None, ""):
        return None
    if field.sort is Sort.MONEY:
        return to_fen(value)
    return value.isoformat() if field.sort is Sort.DAY else value


def initial(record: Record, kind: Kind) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: getattr(record, name) for name in ("title", "starts", "ends", "region", "note")
    }
    for each in kind.fields:
        value = record.data.get(each.name)
        money = each.sort is Sort.MONEY and value is not None
        values[f"own_{each.name}"] = from_fen(value) if money else value
    rows = list(record.parts.select_related("unit"))
    for part in Part:
        values[f"part_{part.value}"] = "、".join(label(row.unit) for row in rows if row.part == part.value)
    return values


def sentence(form: forms.Form) -> str:
    """What is wrong with a short form, field by field, in one line."""
    fields = form.fields
    return "；".join(
        f"{fields[name].label if name in fields else ''}：{'、'.join(map(str, errors))}"
        for name, errors in form.errors.items()
    )

"""A unit's own data: its name, kind and links, and from which day on changed links hold."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cixi_xiezuo import widgets
from cixi_xiezuo.forms import Form
from units import codes
from units.forms.fields import UnitName, UnitSelect
from units.kinds import ANSWERING, PLACES, Affiliation, Kind
from units.models import Unit

BEGINNING, DAY = "beginning", "day"
OPERATOR = ("canteen_operator", "canteen_operator_uscc", "canteen_operator_since")
VALUES = ("name", "kind", "uscc", "supervisor", "town", "affiliation", "host", "active", *OPERATOR)
"""What a stored unit's form changes, as `change_unit` takes it."""


class UnitForm(Form):
    """What both a new and a stored unit have."""

    name = forms.CharField(label="单位名称", max_length=100)
    kind = forms.ChoiceField(label="单位类别", choices=[("", "请选择"), *Kind.choices])
    uscc = forms.CharField(label="统一社会信用代码", required=False, max_length=40)
    supervisor = UnitSelect(
        Unit.objects.filter(kind__in=ANSWERING),
        label="主管部门",
        required=False,
        help_text="市直单位买的计入主管部门",
    )
    town = UnitSelect(
        Unit.objects.filter(kind__in=PLACES),
        label="所在镇街",
        required=False,
        help_text="不是市直单位的，买的计入所在镇街",
    )
    affiliation = forms.ChoiceField(
        label="隶属层级", required=False, choices=[("", "未定"), *Affiliation.choices]
    )
    host = UnitName(
        Unit.objects.exclude(kind__in=(Kind.UNION, Kind.INDIVIDUALS)),
        datalist="hosts",
        label="所属单位",
        required=False,
        help_text="只有基层工会填写，如学校工会填写学校",
    )

    canteen_operator = forms.CharField(
        label="食堂承包单位",
        required=False,
        max_length=100,
        help_text="食堂外包的填写：食堂采购的发票可以开给它，不再提示抬头不符",
    )
    canteen_operator_uscc = forms.CharField(label="承包单位统一社会信用代码", required=False, max_length=40)
    canteen_operator_since = widgets.day_field(
        "承包起始日", required=False, help_text="之前的发票仍应开给本单位；不填表示一直如此"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            select = isinstance(field, forms.ChoiceField)
            field.widget.attrs.setdefault("class", "form-select" if select else "form-control")
            if name in ("name", "uscc", "code", "canteen_operator", "canteen_operator_uscc"):
                field.widget.attrs["autocomplete"] = "off"
        known = Unit.objects.exclude(kind__in=(Kind.UNION, Kind.INDIVIDUALS))
        self._offer(list(known.only("pk", "code", "name", "kind").order_by("code")))

    def _offer(self, units: list[Unit]) -> None:
        fields: dict[str, Any] = self.fields
        fields["supervisor"].offer(unit for unit in units if unit.kind in ANSWERING)
        fields["town"].offer(unit for unit in units if unit.kind in PLACES)
        fields["host"].offer(units)

    def clean_name(self) -> str:
        return str(self.cleaned_data["name"]).strip()

    def clean_uscc(self) -> str:
        return self._credit_code("uscc")

    def clean_canteen_operator(self) -> str:
        return str(self.cleaned_data["canteen_operator"]).strip()

    def clean_canteen_operator_uscc(self) -> str:
        return self._credit_code("canteen_operator_uscc")

    def _credit_code(self, name: str) -> str:
        try:
            return codes.uscc(self.cleaned_data[name])
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("canteen_operator") and any(values.get(name) for name in OPERATOR[1:]):
            self.add_error("canteen_operator", "填了承包单位的代码或起始日，请同时填写承包单位名称")
        if values.get("kind") and values["kind"] != Kind.UNION and values.get("host"):
            self.add_error("host", "只有基层工会填写所属单位，请清空或把类别改为基层工会")
        return values


class NewUnitForm(UnitForm):
    code = forms.CharField(label="单位编码", max_length=codes.SIZE, help_text="建好后不能再改，如 S01")
    field_order = ["code"]

    def clean_code(self) -> str:
        try:
            code = codes.unit_code(self.cleaned_data["code"])
        except ValueError as error:
            raise ValidationError(str(error)) from None
        if Unit.objects.filter(code=code).exists():
            raise ValidationError(f"单位编码 {code} 已被使用，请换一个，或修改已有的单位")
        return code


class UnitChangeForm(UnitForm):
    """`seen`: the stamp of the unit as it was when the form was opened."""

    active = forms.BooleanField(
        label="在用",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        help_text="停用后不能再登记采购，已有的采购照常计入",
    )
    scope = forms.ChoiceField(
        label="从何日起？",
        required=False,
        choices=[
            (BEGINNING, "一直如此（更正：原来填错了，以前的采购也按新的算）"),
            (DAY, "从某日起（变更：之前的采购仍按原来的算）"),
        ],
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    since = widgets.day_field("起始日", required=False)
    seen = forms.CharField(widget=forms.HiddenInput)

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in VALUES}

    def since_day(self) -> datetime.date | None:
        """None for a correction from the beginning."""
        day: datetime.date | None = self.cleaned_data["since"]
        return day if self.cleaned_data["scope"] == DAY else None

    def require_since(self) -> bool:
        """Changed links must say from when; False, having said so at the field, when they do not."""
        if not self.cleaned_data["scope"]:
            self.add_error("scope", "类别、隶属关系有改动，请选择从何日起")
        elif self.cleaned_data["scope"] == DAY and not self.cleaned_data["since"]:
            self.add_error("since", "请填写从哪一天起")
        return self.is_valid()

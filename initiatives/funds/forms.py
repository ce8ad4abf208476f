"""The forms of schemes and applications."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cixi_xiezuo import widgets
from cixi_xiezuo.money import MoneyFormField
from initiatives.acting import ActForm, long_text
from initiatives.funds.applications import Content
from initiatives.funds.models import Application, Scheme
from initiatives.funds.schemes import Terms
from initiatives.offices import SUPPORT
from units.models import Unit


def positive(value: Decimal | None) -> None:
    if value is not None and value <= 0:
        raise ValidationError("金额应大于 0")


class SchemeForm(ActForm):
    name = forms.CharField(label="名称", max_length=100)
    budget = MoneyFormField(label="年度预算（元）", validators=[positive])
    most = MoneyFormField(
        label="单个申请最高额（元）", required=False, validators=[positive], help_text="不限则不填"
    )
    opens = widgets.day_field("申请开始")
    closes = widgets.day_field("申请截止")
    clause = forms.CharField(label="依据", max_length=100, initial=SUPPORT)
    rules = long_text("实施细则", rows=6, help_text="扶持对象、条件、标准、所需材料")

    @staticmethod
    def initial_of(scheme: Scheme) -> dict[str, Any]:
        return {name: getattr(scheme, name) for name in SchemeForm.base_fields}

    def terms(self) -> Terms:
        return Terms(**self.cleaned_data)


class ApplicationForm(ActForm):
    """`units`: those the person may apply for, for a new one; a stored one keeps its unit."""

    title = forms.CharField(label="项目名称", max_length=150)
    requested = MoneyFormField(label="申请金额（元）", validators=[positive])
    text = long_text("申请理由", rows=4)

    def __init__(self, data: Any = None, *, units: list[Unit] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.units = units or []
        if units is not None:
            choices = [(unit.code, unit.name) for unit in units]
            self.fields["unit"] = forms.ChoiceField(
                label="申请单位", choices=choices, widget=widgets.select()
            )
            self.order_fields(["title", "unit", "requested", "text"])

    @staticmethod
    def initial_of(application: Application) -> dict[str, Any]:
        return {name: getattr(application, name) for name in ("title", "requested", "text")}

    def chosen_unit(self) -> Unit:
        return next(unit for unit in self.units if unit.code == self.cleaned_data["unit"])

    def content(self) -> Content:
        given = self.cleaned_data
        return Content(given["title"], given["text"], given["requested"])


class AgreeForm(ActForm):
    amount = MoneyFormField(label="同意金额（元）", validators=[positive])
    reason = long_text("意见", rows=2, required=False)


class PaymentForm(ActForm):
    paid_on = widgets.day_field("拨付日期")
    amount = MoneyFormField(label="拨付金额（元）", validators=[positive])
    voucher = forms.CharField(label="凭证号", max_length=64)
    note = forms.CharField(label="备注", max_length=200, required=False)

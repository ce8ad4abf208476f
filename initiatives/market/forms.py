"""The forms of complaints and of the blacklist."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cixi_xiezuo import widgets
from initiatives.acting import ActForm, long_text
from initiatives.market.blacklist import Entry
from initiatives.market.complaints import Content
from initiatives.market.models import Complaint, ComplaintSort, Finding
from initiatives.offices import MARKET
from procurement.models import Purchase
from units import codes
from units.models import Unit


class ComplaintForm(ActForm):
    """`units`: those the person may complain for."""

    unit = forms.ChoiceField(label="投诉单位", widget=widgets.select())
    sort = forms.ChoiceField(
        label="类别", choices=[("", "请选择"), *ComplaintSort.choices], widget=widgets.select()
    )
    number = forms.CharField(
        label="采购编号", required=False, max_length=64, help_text="与某笔采购有关时填写，供应商以采购为准"
    )
    supplier = forms.CharField(label="供应商", required=False, max_length=150)
    product = forms.CharField(label="产品", required=False, max_length=150)
    happened_on = widgets.day_field("发现日期")
    text = long_text("情况", help_text="写明时间、地点、产品批次或价格，以及希望怎样处理")

    def __init__(self, data: Any = None, *, user: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.user, self.units = user, units
        self.fields["unit"].choices = [(unit.code, unit.name) for unit in units]  # type: ignore[attr-defined]

    def clean_number(self) -> Purchase | None:
        number = self.cleaned_data["number"].strip()
        if not number:
            return None
        found = (
            Purchase.objects.visible_to(self.user).filter(number=number).select_related("supplier").first()
        )
        if found is None:
            raise ValidationError(f"没有编号为“{number}”的采购，或不在您的范围内，请核对")
        return found

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        purchase = values.get("number")
        known = purchase is not None and purchase.supplier is not None
        if not known and not values.get("supplier") and "number" not in self.errors:
            self.add_error("supplier", "请填写被投诉的供应商，或填写采购编号")
        return values

    def chosen_unit(self) -> Unit:
        return next(unit for unit in self.units if unit.code == self.cleaned_data["unit"])

    def content(self) -> Content:
        given = self.cleaned_data
        return Content(
            sort=given["sort"],
            supplier=given["supplier"],
            product=given["product"],
            purchase=given["number"],
            happened_on=given["happened_on"],
            text=given["text"],
        )


class InspectForm(ActForm):
    inspected_on = widgets.day_field("检查日期")
    inspection = long_text("检查情况")


class FindForm(ActForm):
    finding = forms.ChoiceField(
        label="认定", choices=[("", "请选择"), *Finding.choices], widget=widgets.select()
    )
    finding_text = long_text("认定说明")


class CloseForm(ActForm):
    outcome = long_text("处理结果", help_text="如责令退货、立案查处、列入黑名单")


class BlacklistForm(ActForm):
    supplier = forms.CharField(label="供应商", max_length=150)
    uscc = forms.CharField(
        label="统一社会信用代码",
        required=False,
        max_length=40,
        help_text="填写后，同一代码的其他名称也会提示",
    )
    since = widgets.day_field("自")
    until = widgets.day_field("至", help_text="最后一天")
    clause = forms.CharField(label="依据", max_length=100, initial=MARKET)
    reason = long_text("原因")

    def clean_uscc(self) -> str:
        try:
            return codes.uscc(self.cleaned_data["uscc"])
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def entry(self, complaint: Complaint | None) -> Entry:
        return Entry(**self.cleaned_data, complaint=complaint)


class LiftForm(ActForm):
    lifted_on = widgets.day_field("移出日期", help_text="从这一天起不再提示")
    reason = long_text("原因", rows=2)

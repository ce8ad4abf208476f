"""The forms of inspections."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from cixi_xiezuo import widgets
from initiatives.acting import ActForm, long_text
from initiatives.inspection.models import Outcome
from procurement.models import Purchase
from units.forms.fields import UnitName
from units.models import Unit


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class InspectionForm(ActForm):
    """A unit or a purchase, of which the unit follows."""

    unit = UnitName(
        Unit.objects.filter(active=True), datalist="inspected-units", label="被督查单位", required=False
    )
    number = forms.CharField(
        label="采购编号", required=False, max_length=64, help_text="督查某笔采购时填写，单位以采购为准"
    )
    title = forms.CharField(label="事项", max_length=150)
    deadline = widgets.day_field("答复期限")
    text = long_text("情况", required=False)
    questions = long_text("问题", rows=4, help_text="每行一个问题")

    def __init__(self, data: Any = None, *, user: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.user = user
        cast(UnitName, self.fields["unit"]).offer(Unit.objects.filter(active=True).order_by("code"))

    @property
    def options(self) -> list[str]:
        return cast(UnitName, self.fields["unit"]).options

    def clean_number(self) -> Purchase | None:
        number = self.cleaned_data["number"].strip()
        if not number:
            return None
        found = Purchase.objects.visible_to(self.user).filter(number=number).select_related("unit").first()
        if found is None:
            raise ValidationError(f"没有编号为“{number}”的采购，请核对")
        return found

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("unit") and not values.get("number") and not self.errors:
            self.add_error("unit", "请填写被督查单位，或采购编号")
        return values

    def content(self) -> dict[str, Any]:
        """What `verbs.open_inspection` asks for."""
        given = dict(self.cleaned_data)
        purchase = given.pop("number")
        unit = given.pop("unit")
        given["questions"] = lines_of(given["questions"])
        return {"unit": purchase.unit if purchase and unit is None else unit, "purchase": purchase, **given}


class AnswerForm(ActForm):
    text = long_text("答复")


class QuestionsForm(ActForm):
    questions = long_text("问题", help_text="每行一个问题")
    deadline = widgets.day_field("答复期限")

    def clean_questions(self) -> list[str]:
        return lines_of(self.cleaned_data["questions"])


class FindForm(ActForm):
    outcome = forms.ChoiceField(
        label="结论", choices=[("", "请选择"), *Outcome.choices], widget=widgets.select()
    )
    finding = long_text("结论说明")
    deadline = widgets.day_field("整改期限", required=False, help_text="发现问题时填写")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if (
            values.get("outcome") == Outcome.PROBLEM
            and not values.get("deadline")
            and "deadline" not in self.errors
        ):
            self.add_error("deadline", "发现问题时请填写整改期限")
        return values


class RectifyForm(ActForm):
    rectification = long_text("整改情况")


class DeadlineForm(ActForm):
    deadline = widgets.day_field("新的期限")
    reason = long_text("原因", rows=2)


class CloseForm(ActForm):
    closing = long_text("办结意见", rows=2)


class RevocationForm(ActForm):
    number = forms.CharField(label="采购编号", max_length=64)
    reason = long_text("理由", rows=2)

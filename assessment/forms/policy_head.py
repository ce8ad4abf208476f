"""The head of a draft policy: title, document numbers, the two totals, and the statutory holidays with their days."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms

from assessment.forms.thresholds import WAN, add_amount, read_amount
from assessment.models import Policy
from assessment.policy_file import TOTALS
from cixi_xiezuo.forms import Form
from procurement.choices import Holiday
from procurement.holidays import day_of
from procurement.terms import dated
from units.kinds import Kind


class HeadForm(Form):
    """`policy` is the draft with its rules and terms."""

    edition = forms.CharField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label="标题", max_length=200, error_messages={"required": "请填写政策标题"})
    document_numbers = forms.CharField(
        label="文号",
        required=False,
        max_length=200,
        help_text="多个文号用顿号分开，如 慈财〔2021〕164号、甬总工〔2021〕91号",
    )

    reviewed_twice = forms.MultipleChoiceField(
        label="两级审核的单位类别",
        required=False,
        choices=Kind.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        help_text="勾选的类别先由主管部门或镇街初审，再由市商务局复核后计入；不勾选的审核一次。没有人能初审的单位由市商务局直接审核。",
    )

    def __init__(self, data: Any = None, *, policy: Policy, edition: str) -> None:
        start = {
            "edition": edition,
            "title": policy.title,
            "document_numbers": policy.document_numbers,
            "reviewed_twice": policy.terms.reviewed_twice,
        }
        super().__init__(data, initial=start)
        self.policy = policy
        for name in ("title", "document_numbers"):
            self.fields[name].widget.attrs["class"] = "form-control"
        self.totals = [rule for rule in policy.rules.all() if rule.kind in TOTALS]
        for rule in self.totals:
            add_amount(self, rule.kind, f"{rule.title}目标（不低于）", rule.amount, WAN)
        set_days = dated(policy.terms.holiday_days)
        for holiday in Holiday:
            self._add_holiday(holiday, set_days.get(holiday) or day_of(holiday, policy.year))

    def _add_holiday(self, holiday: Holiday, day: datetime.date | None) -> None:
        counts = forms.BooleanField(
            label=holiday.label, required=False, initial=holiday in self.policy.terms.holidays
        )
        counts.widget.attrs["class"] = "form-check-input"
        widget = forms.DateInput(
            attrs={"type": "date", "class": "form-control", "aria-label": f"{holiday.label}的日期"},
            format="%Y-%m-%d",
        )
        invalid = {"invalid": f"日期应如 {self.policy.year}-02-01"}
        self.fields[f"holiday_{holiday}"] = counts
        self.fields[f"day_{holiday}"] = forms.DateField(
            label=f"{holiday.label}的日期", required=False, initial=day, widget=widget, error_messages=invalid
        )

    @property
    def holidays(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """Each holiday's two fields: whether it counts, and its day."""
        for holiday in Holiday:
            yield self[f"holiday_{holiday}"], self[f"day_{holiday}"]

    @property
    def amounts(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """The totals' two fields each: the number and its unit."""
        for rule in self.totals:
            yield self[rule.kind], self[f"{rule.kind}_unit"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for rule in self.totals:
            amount = read_amount(self, rule.kind)
            if amount is None:
                if rule.kind not in self.errors:
                    self.add_error(rule.kind, "请填写金额")
            elif amount <= 0:
                self.add_error(rule.kind, "金额应大于 0")
            values[f"{rule.kind}_yuan"] = amount
        for holiday in Holiday:
            day = values.get(f"day_{holiday}")
            if day is not None and day.year != self.policy.year:
                self.add_error(f"day_{holiday}", f"应在 {self.policy.year} 年度内")
        return values

    def values(self) -> dict[str, Any]:
        """What `policy_drafts.edit_policy` takes, once valid."""
        cleaned = self.cleaned_data
        targets: dict[str, Decimal] = {rule.kind: cleaned[f"{rule.kind}_yuan"] for rule in self.totals}
        days = {str(holiday): cleaned[f"day_{holiday}"] for holiday in Holiday}
        return {
            "title": cleaned["title"],
            "document_numbers": cleaned["document_numbers"],
            "holidays": [str(holiday) for holiday in Holiday if cleaned[f"holiday_{holiday}"]],
            "holiday_days": {code: day for code, day in days.items() if day is not None},
            "reviewed_twice": cleaned["reviewed_twice"],
            "targets": targets,
        }

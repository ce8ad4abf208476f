"""What a reviewer decides: 核定金额 and reason a line, or why it goes back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from cixi_xiezuo.forms import Form
from cixi_xiezuo.money import MoneyFormField
from procurement.models import PurchaseLine
from procurement.workflow import Recognition


@dataclass(frozen=True, slots=True)
class LineFields:
    """A line and its two fields, bound."""

    line: PurchaseLine
    amount: forms.BoundField | None
    reason: forms.BoundField | None

    @property
    def errors(self) -> list[str]:
        fields = [field for field in (self.amount, self.reason) if field is not None]
        return [str(error) for field in fields for error in field.errors]


class ApproveForm(Form):
    """`version` is the one the reviewer saw. A refund's lines are taken as they are."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, lines: Sequence[PurchaseLine], version: int) -> None:
        super().__init__(data, initial={"version": version})
        self.purchase_lines = [line for line in lines if line.amount > 0]
        self.all_lines = lines
        for line in self.purchase_lines:
            label = f"第 {line.position} 行"
            amount = MoneyFormField(label=f"{label}核定金额", required=True, initial=line.figure)
            amount.widget.attrs["class"] = "form-control num"
            reason = forms.CharField(
                label=f"{label}核减原因", required=False, max_length=200, initial=line.recognised_reason
            )
            reason.widget.attrs |= {
                "class": "form-control",
                "autocomplete": "off",
                "placeholder": "核减时填写原因",
            }
            self.fields[f"amount_{line.pk}"] = amount
            self.fields[f"reason_{line.pk}"] = reason

    def rows(self) -> Iterator[LineFields]:
        for line in self.all_lines:
            if f"amount_{line.pk}" in self.fields:
                yield LineFields(line, self[f"amount_{line.pk}"], self[f"reason_{line.pk}"])
            else:
                yield LineFields(line, None, None)

    def recognised(self) -> dict[int, Recognition]:
        """By line id, as `workflow.approve` takes it."""
        return {
            line.pk: Recognition(
                self.cleaned_data[f"amount_{line.pk}"], self.cleaned_data[f"reason_{line.pk}"]
            )
            for line in self.purchase_lines
        }


class ReasonField(forms.CharField):
    """A reason that somebody else reads; `attrs` go to its input."""

    def __init__(self, label: str, **attrs: str) -> None:
        widget = forms.TextInput(attrs={"class": "form-control", "autocomplete": "off", **attrs})
        errors = {"required": f"请填写{label}"}
        super().__init__(label=label, max_length=500, widget=widget, error_messages=errors)


class ReturnForm(Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = ReasonField("退回原因", list="common-reasons", placeholder="选择或填写，经办人据此修改")


class RevokeForm(Form):
    reason = ReasonField("撤销核准的原因", placeholder="撤销核准的原因")

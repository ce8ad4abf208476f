"""What closing a year and opening it again ask for."""

from __future__ import annotations

from typing import Any

from django import forms

from cixi_xiezuo.forms import Form

LONGEST = 500


def _words(label: str, *, required: bool, **attrs: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"class": "form-control", "rows": 2, **attrs})
    errors = {"required": f"请填写{label}"}
    return forms.CharField(
        label=label, required=required, max_length=LONGEST, widget=widget, error_messages=errors
    )


class LockForm(Form):
    """`leaving`: the numbers of the waiting purchases that are knowingly left out."""

    reason = _words("说明", required=False, placeholder="可不填")
    sure = forms.BooleanField(
        label="我已核对全市和各单位的数字，确认封账", error_messages={"required": "请先勾选确认"}
    )


class AskForm(Form):
    reason = _words("申请启封的原因", required=True, placeholder="要更正什么、为什么")


class DecideForm(Form):
    granted = forms.ChoiceField(
        choices=[("yes", "同意启封"), ("no", "不同意")], error_messages={"required": "请选择同意或不同意"}
    )
    answer = _words("答复", required=False, placeholder="不同意时请写明原因")

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("granted") == "no" and not values.get("answer", "").strip():
            self.add_error("answer", "不同意时请填写答复")
        return values

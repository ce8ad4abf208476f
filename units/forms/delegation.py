"""The form of a delegation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from cixi_xiezuo import widgets
from cixi_xiezuo.forms import Form
from units.models import User


class DelegationForm(Form):
    receiver = forms.ModelChoiceField(
        label="委托给",
        queryset=User.objects.none(),
        empty_label="请选择同事",
        widget=widgets.select(),
    )
    since = widgets.day_field("起")
    until = widgets.day_field("止（当日有效）")
    reason = forms.CharField(
        label="事由",
        required=False,
        max_length=200,
        widget=widgets.text("如：出差、休假"),
    )

    def __init__(self, data: Any = None, *, people: QuerySet[User]) -> None:
        super().__init__(data, initial={"since": timezone.localdate()})
        self.fields["receiver"].queryset = people  # type: ignore[attr-defined]

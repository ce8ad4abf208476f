"""The forms about people: a new one, and a role asked for or granted."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from cixi_xiezuo import widgets
from cixi_xiezuo.forms import Form
from units.forms.fields import UnitName
from units.models import Role, Unit

CONTROL = {"class": "form-control", "autocomplete": "off"}


class NameForm(Form):
    name = forms.CharField(label="姓名", max_length=50, widget=forms.TextInput(attrs=CONTROL))


class RoleForm(Form):
    """A role at a unit. `prefix`-free: one on a page."""

    unit = UnitName(Unit.objects.filter(active=True), datalist="role-units", label="单位")
    role = forms.ChoiceField(
        label="角色",
        choices=[("", "请选择"), *Role.choices],
        widget=widgets.select(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(UnitName, self.fields["unit"]).offer(Unit.objects.filter(active=True).order_by("code"))

    @property
    def options(self) -> list[str]:
        return cast(UnitName, self.fields["unit"]).options


class NewPersonForm(RoleForm):
    """Who, and which role the security administrator is asked for."""

    username = forms.CharField(
        label="用户名",
        min_length=2,
        max_length=30,
        widget=forms.TextInput(attrs=CONTROL),
        help_text="登录时输入，如姓名拼音；不能与他人重复",
    )
    name = forms.CharField(label="姓名", max_length=50, widget=forms.TextInput(attrs=CONTROL))
    field_order = ["username", "name", "unit", "role"]

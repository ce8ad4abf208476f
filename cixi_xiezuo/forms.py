"""What every form says of a wrong entry: which field, and what would be right.

Django's own words ("这个字段是必填项") name no field, which is of no use above a form or in a list of faults.
"""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise

from cixi_xiezuo.money import MoneyFormField

LIKE = (
    (forms.DateField, "日期", "2021-06-30"),
    (MoneyFormField, "金额", "1234.50"),
    (forms.DecimalField, "数字", "12.5"),
    (forms.IntegerField, "整数", "120"),
    (forms.EmailField, "邮箱地址", "name@example.com"),
)
"""Sorts of field, what is written there, and an example. DecimalField before IntegerField, which it is one of."""

LONGEST = 40
"""Characters of a wrong entry that are said back."""


class Named:
    """A form whose fields' errors name the field. Before Django's class among the bases."""

    def add_error(self, field: str | None, error: Any) -> None:
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        if field in fields:
            faults = error if isinstance(error, ValidationError) else ValidationError(error)
            if not hasattr(faults, "error_dict"):
                label = str(self[field].label)  # type: ignore[index]
                error = ValidationError([_told(fields[field], label, each) for each in faults.error_list])
        super().add_error(field, error)  # type: ignore[misc]


class Form(Named, forms.Form):
    pass


class FilterSet(django_filters.FilterSet):
    """查询 over a list."""

    def get_form_class(self) -> type[forms.Form]:
        return type("QueryForm", (Form, super().get_form_class()), {})


def _told(field: forms.Field, label: str, error: ValidationError) -> ValidationError:
    """The same error in our words; those that somebody here wrote stay, behind the field's name where they lack it."""
    name = label.partition("（")[0]
    words = _ours(field, name, error) if isinstance(error.message, Promise) else ""
    if not words:
        words = error.messages[0]
        words = words if name in words else f"{name}：{words}"
    return ValidationError(words, code=error.code)


def _ours(field: forms.Field, name: str, error: ValidationError) -> str:
    """ "" for what is too rare to have words of its own."""
    given: dict[str, Any] = error.params or {}
    limit, shown = given.get("limit_value"), given.get("show_value")
    if isinstance(field, forms.FileField):
        return f"{name}是空的，请重新选择文件" if error.code == "empty" else f"请选择{name}"
    match error.code:
        case "required":
            return _asked(field, name)
        case "invalid":
            return next(
                (f"“{name}”应是{what}，如 {like}" for sort, what, like in LIKE if isinstance(field, sort)), ""
            )
        case "invalid_choice" | "invalid_pk_value" | "invalid_list":
            wrong = str(given.get("value", given.get("pk", "")))[:LONGEST]
            return f"{name}没有{f'“{wrong}”' if wrong else ''}这个选项，请从列表中重新选择"
        case "max_length":
            return f"{name}最多 {limit} 个字，现在是 {shown} 个"
        case "min_length":
            return f"{name}至少 {limit} 个字，现在是 {shown} 个"
        case "max_value":
            return f"{name}不能大于 {limit}"
        case "min_value":
            return f"{name}不能小于 {limit}"
        case "max_digits" | "max_whole_digits":
            return f"{name}位数过多，最多 {given.get('max')} 位"
        case "max_decimal_places":
            return f"{name}最多 {given.get('max')} 位小数"
        case "null_characters_not_allowed":
            return f"{name}里有不能识别的字符，请重新输入"
    return ""


def _asked(field: forms.Field, name: str) -> str:
    if isinstance(field, forms.BooleanField):
        return f"请勾选“{name}”"
    if isinstance(field, forms.ChoiceField):
        return f"请选择{name}"
    like = next((f"，如 {like}" for sort, _, like in LIKE if isinstance(field, sort)), "")
    return f"请填写{name}{like}"

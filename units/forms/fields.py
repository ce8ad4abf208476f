"""A unit named in a form: by its code, its name, or "code name" as the list beside the field offers it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from cixi_xiezuo import widgets
from units.codes import plain
from units.models import Unit


def label(unit: Unit) -> str:
    return f"{unit.code} {unit.name}"


if TYPE_CHECKING:
    _UnitField = forms.ModelChoiceField[Unit]
else:
    _UnitField = forms.ModelChoiceField  # takes no brackets at run time


class UnitSelect(_UnitField):
    """A short list of units to choose from. The form puts those it has read into `choices` by `offer`."""

    def __init__(self, queryset: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(queryset, widget=widgets.select(), **kwargs)

    def offer(self, units: Iterable[Unit]) -> None:
        self.choices = [("", "无"), *((unit.pk, label(unit)) for unit in units)]


class UnitName(forms.Field):
    """One of many units, typed. The form puts those to choose from into `options`, for the datalist of that id."""

    def __init__(self, queryset: QuerySet[Unit], *, datalist: str, **kwargs: Any) -> None:
        attrs = {
            "class": "form-control",
            "list": datalist,
            "autocomplete": "off",
            "placeholder": "编码或名称",
        }
        super().__init__(widget=forms.TextInput(attrs=attrs | {"maxlength": "140"}), **kwargs)
        self.queryset = queryset
        self.options: list[str] = []

    def offer(self, units: Iterable[Unit]) -> None:
        self.options = [label(unit) for unit in units]

    def prepare_value(self, value: Any) -> Any:
        return label(value) if isinstance(value, Unit) else value

    def to_python(self, value: Any) -> Unit | None:
        text = plain(str(value or "").replace("\0", ""))
        if not text:
            return None
        found = self.queryset.filter(code=text.split()[0]).first()
        if found is not None and text in (found.code, label(found)):
            return found
        named = list(self.queryset.filter(name=text)[:2])
        if len(named) == 1:
            return named[0]
        if named:
            raise ValidationError(f"有几个单位都叫“{text}”，请填单位编码")
        raise ValidationError(f"没有编码或名称为“{text}”的单位，请从列表中选择")

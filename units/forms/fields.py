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


def choice(datalist: str, *, several: bool = False, **attrs: str) -> forms.TextInput:
    """The input of a unit that is typed or chosen (static/js/units.js); `{% unit_options %}` gives what is offered."""
    own = {"class": "form-control", "list": datalist, "autocomplete": "off", "placeholder": "编码或名称"}
    return forms.TextInput(attrs=own | {"data-unit-choice": "several" if several else "one"} | attrs)


def named(text: str, queryset: QuerySet[Unit]) -> Unit:
    """The unit of a code, a name or both as `label` has them; ValidationError (Chinese) where it is none or several."""
    found = queryset.filter(code=text.split()[0]).first()
    if found is not None and text in (found.code, label(found)):
        return found
    so_named = list(queryset.filter(name=text)[:2])
    if len(so_named) == 1:
        return so_named[0]
    if so_named:
        raise ValidationError(f"有几个单位都叫“{text}”，请填单位编码")
    near = list(queryset.filter(name__contains=text)[:2])
    meant = f"；如果是“{label(near[0])}”，请改填 {near[0].code}" if len(near) == 1 else "，请从列表中选择"
    raise ValidationError(f"没有编码或名称为“{text}”的单位{meant}")


class UnitName(forms.Field):
    """One of many units, typed. The form puts those to choose from into `options`, for the datalist of that id."""

    def __init__(self, queryset: QuerySet[Unit], *, datalist: str, **kwargs: Any) -> None:
        super().__init__(widget=choice(datalist, maxlength="140"), **kwargs)
        self.queryset = queryset
        self.options: list[str] = []

    def offer(self, units: Iterable[Unit]) -> None:
        self.options = [label(unit) for unit in units]

    def prepare_value(self, value: Any) -> Any:
        return label(value) if isinstance(value, Unit) else value

    def to_python(self, value: Any) -> Unit | None:
        text = plain(str(value or "").replace("\0", ""))
        return named(text, self.queryset) if text else None


class UnitNames(forms.CharField):
    """Several of many units, typed or chosen one after another, split by 、. A list of them, each once.

    A unit's own name may have a comma in it only where it is written as offered; two queries whatever is typed.
    """

    def __init__(self, queryset: QuerySet[Unit], *, datalist: str, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 2000)
        kwargs.setdefault("help_text", "单位名称或编码，用、隔开")
        super().__init__(widget=choice(datalist, several=True), **kwargs)
        self.queryset = queryset

    def clean(self, value: Any) -> Any:
        text = plain(str(super().clean(value) or "")).replace("，", "、").replace(",", "、")
        words = list(dict.fromkeys(word.strip() for word in text.split("、") if word.strip()))
        units = self._known(words)
        missing = [word for word in words if not units.get(word)]
        if missing:
            raise ValidationError(f"没有编码或名称为“{'、'.join(missing)}”的单位，请核对")
        for word in words:
            if len(units[word]) > 1:
                raise ValidationError(f"有几个单位都叫“{word}”，请填单位编码")
        return list(dict.fromkeys(units[word][0] for word in words))

    def _known(self, words: list[str]) -> dict[str, list[Unit]]:
        """By code, by name, and as `label` has both: a code goes before a name."""
        if not words:
            return {}
        codes = {part for word in words for part in (word, word.split()[0])}
        found: dict[str, list[Unit]] = {}
        for unit in self.queryset.filter(name__in=words):
            found.setdefault(unit.name, []).append(unit)
        for unit in self.queryset.filter(code__in=codes):
            found |= {unit.code: [unit], label(unit): [unit]}
        return found

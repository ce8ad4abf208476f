"""How fields look, in every form and over every list."""

from __future__ import annotations

from typing import Any

from django import forms


def select() -> forms.Select:
    return forms.Select(attrs={"class": "form-select"})


def text(placeholder: str) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "form-control", "placeholder": placeholder})


def day() -> forms.DateInput:
    """A day as browsers hand it over, so that one that stands there already is shown."""
    return forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d")


def day_field(label: str, **kwargs: Any) -> forms.DateField:
    """A day to be filled in; `kwargs` as of a DateField."""
    return forms.DateField(label=label, widget=day(), **kwargs)

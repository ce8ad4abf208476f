"""The units that a field of `units.forms.fields.UnitName` or `UnitNames` offers, once a page and list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template

from units.initials import initials

register = template.Library()


@register.inclusion_tag("components/unit_options.html")
def unit_options(name: str, options: Iterable[str]) -> dict[str, Any]:
    """`name`: the list's id; `options` such as "S01 青瓷湾学校", to be found by their initials too."""
    return {"id": name, "options": [(option, initials(option)) for option in options]}

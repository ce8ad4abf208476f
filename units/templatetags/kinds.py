"""The word for a kind of unit."""

from __future__ import annotations

from django import template

from units.kinds import Kind

register = template.Library()


@register.filter
def kind_label(value: str) -> str:
    """For the code `school`: 学校."""
    return Kind(value).label if value in Kind.values else value

"""Which units a word or a place means, as a condition on rows that lead to a unit by `path` ("" for units themselves)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

UP = ("host", "supervisor", "town", "host__supervisor", "host__town")
"""Where a unit hangs: its host, its department, its place, and its host's."""


def called(text: str, path: str = "") -> Q:
    """The unit of that code, of that code and name as lists offer them, else those whose name contains the words."""
    code, _, name = text.partition(" ")
    both = Q(**{f"{path}code__iexact": code, f"{path}name": name.strip()})
    return Q(**{f"{path}code__iexact": text}) | both | Q(**{f"{path}name__icontains": text})


def below(text: str, path: str = "") -> Q:
    """What hangs below the units so called: their unions, subordinates, and those of their place."""
    found = Q()
    for link in UP:
        found |= called(text, f"{path}{link}__")
    return found


def with_unions(units: Any, path: str = "") -> Q:
    """These units (ids or a subquery) and their unions."""
    return Q(**{f"{path}pk__in": units}) | Q(**{f"{path}host__in": units})


def in_places(towns: Any, path: str = "") -> Q:
    """These places (ids or a subquery) themselves, what stands in them, and the unions of both."""
    return with_unions(towns, path) | Q(**{f"{path}town__in": towns}) | Q(**{f"{path}host__town__in": towns})

"""What the two offices decided on an application, read with its row where a page shows it."""

from __future__ import annotations

from typing import Any

from django.db.models import FilteredRelation, Q, QuerySet, Value

from initiatives.funds.models import Application, Decision, Office

_NAMES = {office: f"of_{office}" for office in Office.values}


def with_decisions(rows: QuerySet[Application]) -> Any:
    """Each office's decision, and who made it, joined to the application."""
    joined = {
        name: FilteredRelation("decisions", condition=Q(decisions__office=office))
        for office, name in _NAMES.items()
    }
    beside = rows.annotate(**joined, decided_beside=Value(True))
    return beside.select_related(*(f"{name}__by" for name in joined))


def decisions_of(application: Application) -> list[Decision]:
    """In their order. One query, none where they came with the row."""
    if not hasattr(application, "decided_beside"):
        return list(application.decisions.select_related("by"))
    found = (getattr(application, name, None) for name in _NAMES.values())
    return sorted((each for each in found if each is not None), key=lambda each: (each.at, each.pk))

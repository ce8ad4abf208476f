"""Complaints that wait for the market's offices."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from assessment.todo import Todo
from initiatives.market.models import ComplaintState
from initiatives.market.scope import waiting

SORTS = (("complaints", "投诉", "/initiatives/complaints/"),)
WORDS = {
    ComplaintState.FILED: "检查",
    ComplaintState.INSPECTED: "认定",
    ComplaintState.FOUND: "办结",
}


def _read(request: HttpRequest, limit: int) -> list[Todo]:
    rows = waiting(request.user).select_related("unit").order_by("changed_at", "pk")[:limit]
    return [
        Todo(
            since=each.changed_at,
            word=WORDS[ComplaintState(each.state)],
            state=each.badge,
            label=each.get_state_display(),
            title=f"投诉 · {each.supplier} · {each.get_sort_display()} · {each.unit}",
            detail="",
            url=reverse("complaint", args=[each.pk]),
        )
        for each in rows
    ]


READ = ((("complaints",), _read),)

"""Inspections that wait for a unit or for 市对口支援办, and approvals that 市商务局 is asked to take back."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from assessment.todo import Todo
from initiatives.inspection.models import Inspection, InspectionState
from initiatives.inspection.scope import answers, revocations, waiting

SORTS = (
    ("inspections", "督查", "/initiatives/inspections/"),
    ("revocations", "撤销建议", "/initiatives/inspections/"),
)
WORDS = {
    InspectionState.ASKED: "答复",
    InspectionState.ANSWERED: "核查",
    InspectionState.FOUND: "整改",
    InspectionState.READY: "办结",
}


def _inspections(request: HttpRequest, limit: int) -> list[Todo]:
    rows = waiting(request.user).select_related("unit").order_by("changed_at", "pk")[:limit]
    return [_inspection(request, each) for each in rows]


def _inspection(request: HttpRequest, each: Inspection) -> Todo:
    late = f"，逾期 {each.days_late} 天" if each.days_late else ""
    mine = answers(request.user, each) or not each.days_late
    return Todo(
        since=each.changed_at,
        word=WORDS[InspectionState(each.state)] if mine else "督促",
        state=each.badge,
        label=each.get_state_display(),
        title=f"督查 · {each.title} · {each.unit}",
        detail=f"期限 {each.deadline}{late}",
        url=reverse("inspection", args=[each.pk]),
    )


def _revocations(request: HttpRequest, limit: int) -> list[Todo]:
    rows = revocations(request.user).select_related("purchase__unit").order_by("asked_at", "pk")[:limit]
    return [
        Todo(
            since=each.asked_at,
            word="撤销或说明",
            state="case_open",
            title=f"建议撤销核准 · {each.purchase.number} · {each.purchase.unit}",
            detail=f"理由：{each.reason}",
            url=reverse("inspection", args=[each.inspection_id]),
        )
        for each in rows
    ]


READ = ((("inspections",), _inspections), (("revocations",), _revocations))

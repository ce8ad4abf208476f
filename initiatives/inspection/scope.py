"""Who sees an inspection, who asks, who answers."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from initiatives import rights
from initiatives.inspection.models import (
    WITH_OFFICE,
    WITH_UNIT,
    Inspection,
    InspectionState,
    Question,
    RequestState,
    RevocationRequest,
)
from units.models import Role
from units.scope import Scope


def visible(user: Any) -> QuerySet[Inspection]:
    scope, rows = Scope.of(user), Inspection.objects.all()
    return rows if scope.everything else rows.filter(unit__in=scope.visible())


def questions(user: Any) -> QuerySet[Question]:
    return Question.objects.filter(inspection__in=visible(user).order_by().values("pk"))


def waiting(user: Any) -> QuerySet[Inspection]:
    """What the person's unit must answer or put right; for 市对口支援办 what it must look at, and what is late."""
    waits = Q(state__in=WITH_UNIT, unit__in=rights.recordable(user))
    if inspects(user):
        waits |= Q(state__in=WITH_OFFICE)
        waits |= Q(state__in=WITH_UNIT, deadline__lt=timezone.localdate())
    return Inspection.objects.filter(waits)


def revocations(user: Any) -> QuerySet[RevocationRequest]:
    """What waits for 市商务局."""
    return RevocationRequest.objects.filter(state=RequestState.ASKED) if decides(user) else _none()


def _none() -> QuerySet[RevocationRequest]:
    return RevocationRequest.objects.none()


def inspects(user: Any) -> bool:
    """Of 市对口支援办? `user` None is the server's operator, who may."""
    return user is None or Scope.of(user).has(Role.OVERSIGHT)


def decides(user: Any) -> bool:
    """Of 市商务局?"""
    return user is None or Scope.of(user).has(Role.BUREAU)


def answers(user: Any, inspection: Inspection) -> bool:
    """Does the person work for the unit inspected?"""
    return rights.may_record(user, inspection.unit)


def may_attach(user: Any, inspection: Inspection) -> bool:
    if inspects(user) and inspection.open:
        return True
    return inspection.state in WITH_UNIT and answers(user, inspection)


def may_answer(user: Any, question: Question) -> bool:
    inspection = question.inspection
    return inspection.state == InspectionState.ASKED and answers(user, inspection)

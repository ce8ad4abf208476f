"""Who may record the plan's work. It follows from the person's scope alone."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from units.models import Role, Unit
from units.scope import REVIEWING, Scope

AT_WORK = (Role.CLERK, Role.HEAD, *REVIEWING)


def offices(scope: Scope) -> set[int]:
    """The units (ids) that the person works for."""
    return set().union(*(scope.by_role.get(role, set()) for role in AT_WORK))


def recordable(user: Any) -> QuerySet[Unit]:
    """Units for which the person may record: where they work, and its unions."""
    mine = offices(Scope.of(user))
    return Unit.objects.filter(Q(pk__in=mine) | Q(host__in=mine), active=True)


def may_record(user: Any, unit: Unit) -> bool:
    """`user` None is the server's operator, who may."""
    if user is None:
        return True
    mine = offices(Scope.of(user))
    return unit.active and (unit.pk in mine or unit.host_id in mine)

"""Who sees a complaint, and who deals with it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from initiatives import rights
from initiatives.market.models import WAITING, Complaint, ComplaintState
from initiatives.offices import at_market, supervises_market
from units.scope import Scope


def visible(user: Any) -> QuerySet[Complaint]:
    """Complaints of the units in the person's scope; all for the market's offices and the city's."""
    scope, rows = Scope.of(user), Complaint.objects.all()
    if scope.everything:
        return rows
    return rows.filter(Q(unit__in=scope.visible()) | Q(at_market(user)))


def waiting(user: Any) -> QuerySet[Complaint]:
    """What waits for an office: none for those who work at no such office."""
    rows = Complaint.objects.filter(state__in=WAITING)
    return rows if at_market(user) is True else rows.filter(at_market(user))


def may_handle(user: Any, complaint: Complaint) -> bool:
    return complaint.waits and supervises_market(user)


def may_reopen(user: Any, complaint: Complaint) -> bool:
    return complaint.state == ComplaintState.CLOSED and supervises_market(user)


def is_theirs(user: Any, complaint: Complaint) -> bool:
    """Does the person work for the unit that complained?"""
    return rights.may_record(user, complaint.unit)


def may_attach(user: Any, complaint: Complaint) -> bool:
    return complaint.waits and (is_theirs(user, complaint) or supervises_market(user))

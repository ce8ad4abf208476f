"""What waits: for review, by the person who asks and in the whole city; for their own hand. One query a request each."""

from __future__ import annotations

import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Min, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from procurement.choices import Status
from procurement.models import Purchase
from procurement.models.purchase import touched_by
from units.bases import to_decide
from units.models import User
from units.scope import Scope


class Waiting(NamedTuple):
    """`mine` and `bases`: purchases and declarations the person may decide on; the rest is the city's queue."""

    mine: int
    bases: int
    everywhere: int
    doubtful: int
    oldest: datetime.datetime | None


def waiting(request: HttpRequest) -> Waiting:
    found: Waiting | None = getattr(request, "_waiting", None)
    if found is None:
        user = request.user
        queue = Purchase.objects.filter(status=Status.SUBMITTED)
        mine = queue.filter(Q(unit__in=Scope.of(user).reviewable()) & ~touched_by(user))
        counts = {
            "mine": _count(mine),
            "bases": _count(to_decide(user)),
            "everywhere": _count(queue),
            "doubtful": _count(queue.filter(doubts__gt=0)),
            "oldest": Subquery(queue.order_by().values("status").annotate(n=Min("submitted_at")).values("n")),
        }
        found = Waiting(**User.objects.filter(pk=user.pk or 0).annotate(**counts).values(*counts).get())
        request._waiting = found  # type: ignore[attr-defined]
    return found


def _count(rows: QuerySet[Any]) -> Coalesce:
    """How many rows of one status, inside another query."""
    return Coalesce(Subquery(rows.order_by().values("status").annotate(n=Count("pk")).values("n")), 0)


def returned(request: HttpRequest) -> int:
    """How many purchases came back to the person's own units to be put right."""
    found: int | None = getattr(request, "_returned", None)
    if found is None:
        mine = Purchase.objects.editable_by(request.user).filter(status=Status.RETURNED)
        found = mine.count() if Scope.of(request.user).own else 0
        keep_returned(request, found)
    return found


def keep_returned(request: HttpRequest, count: int) -> None:
    """What a page has counted already need not be counted again for the menu."""
    request._returned = count  # type: ignore[attr-defined]


def count_returned(user: Any) -> Coalesce:
    """The same number as a column of a page's own query, to be kept by `keep_returned`."""
    return _count(Purchase.objects.editable_by(user).filter(status=Status.RETURNED))

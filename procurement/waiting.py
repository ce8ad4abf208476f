"""What waits: for review, by the person who asks and in the whole city; for their own hand. One query a request each."""

from __future__ import annotations

import datetime
from typing import NamedTuple

from django.db.models import Count, Min, Q
from django.http import HttpRequest

from procurement.choices import Status
from procurement.models import Purchase
from procurement.models.purchase import touched_by
from units.scope import Scope


class Waiting(NamedTuple):
    """`mine`: what the person may decide on; the rest is the city's queue."""

    mine: int
    everywhere: int
    doubtful: int
    oldest: datetime.datetime | None


def waiting(request: HttpRequest) -> Waiting:
    found: Waiting | None = getattr(request, "_waiting", None)
    if found is None:
        user = request.user
        mine = Q(unit__in=Scope.of(user).reviewable()) & ~touched_by(user)
        found = Waiting(
            **Purchase.objects.filter(status=Status.SUBMITTED).aggregate(
                mine=Count("pk", filter=mine),
                everywhere=Count("pk"),
                doubtful=Count("pk", filter=Q(doubts__gt=0)),
                oldest=Min("submitted_at"),
            )
        )
        request._waiting = found  # type: ignore[attr-defined]
    return found


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

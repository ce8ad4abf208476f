"""What waits for review: for the person who asks, and in the whole city. One query a request."""

from __future__ import annotations

import datetime
from typing import NamedTuple

from django.db.models import Count, Min, Q
from django.http import HttpRequest

from procurement.choices import Status
from procurement.models import Purchase
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
        own = Q(recorded_by=user.pk) | Q(submitted_by=user.pk)
        mine = Q(unit__in=Scope.of(user).reviewable()) & ~own
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

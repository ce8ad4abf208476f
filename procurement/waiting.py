"""What waits: for review, by the person who asks and in the whole city; for their own hand."""

from __future__ import annotations

import datetime
from typing import Any, NamedTuple

from django.db.models import Min, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone

from cixi_xiezuo.waits import how_many, waits
from procurement.choices import PENDING, Status
from procurement.models import Purchase, Receipt
from units.bases import to_decide
from units.scope import Scope


class Waiting(NamedTuple):
    """Purchases and declarations that the person may decide on."""

    mine: int
    bases: int


class Queue(NamedTuple):
    """What waits in the whole city: how many, with doubts, for more than three and five days, and since when."""

    everywhere: int
    doubtful: int
    days3: int
    days5: int
    oldest: datetime.datetime | None


def counts(request: HttpRequest) -> dict[str, Any]:
    """For cixi_xiezuo.waits: what the person's roles let them go on with."""
    user = request.user
    found: dict[str, Any] = {}
    scope = Scope.of(user)
    if scope.own:
        own = Purchase.objects.editable_by(user)
        found["returned"] = how_many(own.filter(status=Status.RETURNED), "status")
        found["drafts"] = how_many(own.filter(status=Status.DRAFT), "status")
        found["unplaced"] = how_many(unplaced(user), "purchase")
    if scope.reviewing:
        found["mine"] = how_many(Purchase.objects.reviewable_by(user), "status")
        found["bases"] = how_many(to_decide(user), "status")
    return found


def waiting(request: HttpRequest) -> Waiting:
    found = waits(request)
    return Waiting(found.get("mine", 0), found.get("bases", 0))


def city_queue(request: HttpRequest) -> Queue:
    """For those who see every unit; asked together with what waits for them."""
    queue, now = Purchase.objects.filter(status=Status.SUBMITTED), timezone.now()
    days3, days5 = (queue.filter(submitted_at__lt=now - datetime.timedelta(days=days)) for days in (3, 5))
    oldest = queue.order_by().values("status").annotate(n=Min("submitted_at")).values("n")
    found = waits(
        request,
        everywhere=how_many(queue, "status"),
        doubtful=how_many(queue.filter(doubts__gt=0), "status"),
        days3=how_many(days3, "status"),
        days5=how_many(days5, "status"),
        oldest=Subquery(oldest),
    )
    return Queue(*(found[name] for name in Queue._fields))


def unplaced(user: Any) -> QuerySet[Receipt]:
    """Receipts in the person's inbox that have been looked at and stand with no purchase."""
    rows = Receipt.objects.filter(purchase=None, unit__in=Scope.of(user).recordable())
    return rows.exclude(reading__in=PENDING)


def returned(request: HttpRequest) -> int:
    """How many purchases came back to the person's own units to be put right."""
    return int(waits(request).get("returned", 0))

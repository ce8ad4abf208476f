"""The latest large purchases, for whoever watches the year."""

from __future__ import annotations

import datetime
from typing import Any, NamedTuple

from django.db.models import Sum

from procurement.choices import Status
from procurement.models import Purchase, PurchaseLine

LATEST, SHOWN = 300, 8


class Large(NamedTuple):
    """`amount`: its recognised lines, 元."""

    pk: int
    number: str
    unit: str
    date: datetime.date
    supplier: str
    amount: Any


def latest_large(user: Any, year: int, as_of: datetime.date) -> list[Large]:
    """Of the latest 300 approved by their day, the largest eight, the largest first. One query of 300 rows at most."""
    last = min(as_of, datetime.date(year, 12, 31))
    latest = (
        Purchase.objects.visible_to(user)
        .filter(status=Status.APPROVED, date__gte=datetime.date(year, 1, 1), date__lte=last)
        .order_by("-date", "-pk")
        .values("pk")[:LATEST]
    )
    names = (
        "purchase",
        "purchase__number",
        "purchase__unit__name",
        "purchase__date",
        "purchase__supplier__name",
    )
    rows = PurchaseLine.objects.filter(purchase__in=latest).order_by().values_list(*names)
    return [
        Large._make(row)
        for row in rows.annotate(amount=Sum("recognised")).order_by("-amount", "-purchase")[:SHOWN]
    ]

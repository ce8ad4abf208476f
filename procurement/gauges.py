"""What a monitor follows of purchases."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Min
from django.utils import timezone

from cixi_xiezuo.measures import Gauge
from procurement.choices import Status
from procurement.models import Purchase


def gauges() -> Iterator[Gauge]:
    waiting = Purchase.objects.filter(status=Status.SUBMITTED)
    found = waiting.aggregate(count=Count("pk"), since=Min("submitted_at"))
    age = (timezone.now() - found["since"]).total_seconds() if found["since"] else 0
    yield Gauge("cixi_review_backlog", "Purchases that wait for review", found["count"])
    yield Gauge("cixi_review_age_seconds", "How long the oldest of them has waited", age)

"""The purchases that a page offers where one is to be linked by its number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from procurement.choices import Status
from procurement.models import Purchase
from units.models import Unit

MOST = 50


def linkable(unit: Unit, taken: QuerySet[Any]) -> list[Purchase]:
    """Approved ones of the unit and its unions, the latest first, but for those `taken` (their ids). One query."""
    rows = Purchase.objects.filter(Q(unit=unit) | Q(unit__host=unit), status=Status.APPROVED, original=None)
    return list(rows.exclude(pk__in=taken).select_related("supplier").order_by("-date", "-pk")[:MOST])


def counting(offered: list[Purchase], amounts: Mapping[int, int]) -> list[tuple[Purchase, int]]:
    """Those that count for something (`amounts` by id, 分), each with how much."""
    return [(each, amounts[each.pk]) for each in offered if amounts[each.pk] > 0]

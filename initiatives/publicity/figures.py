"""The city's totals for everybody: nothing of any unit."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from assessment.models import Policy, PolicyStatus
from assessment.standing import YearStanding
from cixi_xiezuo.errors import Refused

KEPT = 300  # seconds
KEY = "public:totals"


@dataclass(frozen=True, slots=True)
class Totals:
    """全市总额 of the latest year in force, 分. `completion` in ten-thousandths, cut off; None without a threshold."""

    year: int
    as_of: datetime.date
    value: int
    threshold: int
    completion: int | None
    direct: int
    commerce: int
    east_west: int
    mountain_sea: int


def totals() -> Totals | None:
    """None while no policy is in force. Asked of the database once in five minutes."""
    kept: dict[str, Any] | None = cache.get(KEY)
    if kept is None:
        found = _read()
        if found is None:
            return None
        kept = asdict(found) | {"as_of": found.as_of.isoformat()}
        cache.set(KEY, kept, KEPT)
    return Totals(**kept | {"as_of": datetime.date.fromisoformat(kept["as_of"])})


def _read() -> Totals | None:
    settled = Policy.objects.exclude(status=PolicyStatus.DRAFT).filter(year__lte=timezone.localdate().year)
    year = settled.order_by("-year").values_list("year", flat=True).first()
    if year is None:
        return None
    try:
        standing = YearStanding.read(year)
        total = standing.city_total
    except (Refused, KeyError):
        return None
    return Totals(
        year,
        standing.as_of,
        total.value,
        total.threshold,
        max(0, total.value) * 10_000 // total.threshold if total.threshold else None,
        total.direct,
        total.commerce,
        total.east_west,
        total.mountain_sea,
    )

"""What was bought from which county, by which channel and for which holiday, up to a day, from the running sums."""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import CharField, Sum, Value
from django.db.models.functions import Cast

from cixi_xiezuo.written import Written
from procurement.models.tally import ChannelTally, RegionTally
from procurement.periods import up_to
from procurement.region_sums import RegionSum

ORIGIN = "*"


class Ways(NamedTuple):
    """Sums in 元 of the paired lines in play: by region id, and by (channel, holiday or "")."""

    regions: dict[int, RegionSum]
    channels: dict[tuple[str, str], RegionSum]


def ways_as_of(year: int, as_of: datetime.date) -> Ways:
    """Of the lines dated in the year and not after the day; both in one query."""
    found = Ways({}, {})
    for first, second, direct, commerce in _asking(year, as_of).rows():
        if first == ORIGIN:
            found.regions[int(second)] = RegionSum(direct, commerce)
        else:
            found.channels[first, second] = RegionSum(direct, commerce)
    return found


@lru_cache(maxsize=100)
def _asking(year: int, as_of: datetime.date) -> Written:
    return Written(lambda: _rows(year, as_of))


def _rows(year: int, as_of: datetime.date) -> Any:
    sums = Sum("direct"), Sum("commerce")
    by_region = RegionTally.objects.filter(up_to(year, as_of)).annotate(
        first=Value(ORIGIN), second=Cast("region_id", CharField())
    )
    by_channel = ChannelTally.objects.filter(up_to(year, as_of)).values_list("channel", "holiday")
    regions = by_region.values_list("first", "second").annotate(*sums)
    return regions.union(by_channel.annotate(*sums), all=True)

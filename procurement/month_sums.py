"""What each month's paired goods add up to, commerce less its 其中已登记金额: the city's figure over the year."""

from __future__ import annotations

import datetime

from django.db.models import Sum

from cixi_xiezuo.money import to_fen
from procurement.models.tally import Tally
from procurement.periods import months_up_to

PARTS = ("direct_east_west", "direct_mountain_sea", "commerce_east_west", "commerce_mountain_sea")


def month_sums(year: int, as_of: datetime.date) -> dict[int, int]:
    """Month → 分 of the lines dated in it and not after the day; only months that have begun and have any."""
    rows = Tally.objects.filter(months_up_to(year, as_of))
    sums: dict[int, int] = {}
    for period, *parts in rows.values_list("period").annotate(*map(Sum, PARTS)):
        month = period // 100
        sums[month] = sums.get(month, 0) + sum(map(to_fen, parts))
    return sums

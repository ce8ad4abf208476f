"""What each county's paired goods add up to on a day, from the running sums by region."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Sum

from procurement.models.tally import RegionTally
from procurement.periods import up_to


class RegionSum(NamedTuple):
    """Amounts in 元; commerce less its 其中已登记金额."""

    direct: Decimal
    commerce: Decimal

    @property
    def total(self) -> Decimal:
        return self.direct + self.commerce


def region_sums_as_of(year: int, as_of: datetime.date) -> dict[int, RegionSum]:
    """Region id → sums of the lines in play: dated in the year, not after the day."""
    rows = RegionTally.objects.filter(up_to(year, as_of))
    sums = rows.values_list("region_id").annotate(Sum("direct"), Sum("commerce"))
    return {region: RegionSum(direct, commerce) for region, direct, commerce in sums}

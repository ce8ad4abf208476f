"""采购编号: one series a unit and year, such as 2021-S01-0001. A number once given is never given again."""

from __future__ import annotations

from procurement.models import NumberSeries, Purchase
from units.models import Unit


def next_number(unit: Unit, year: int) -> str:
    """The next free number. Must run in a transaction: the series' row stays locked until it ends.

    Numbers that an import brought in the same form are passed over.
    """
    NumberSeries.objects.bulk_create([NumberSeries(unit=unit, year=year)], ignore_conflicts=True)
    series = NumberSeries.objects.select_for_update().get(unit=unit, year=year)
    while True:
        series.last += 1
        number = f"{year}-{unit.code}-{series.last:04d}"
        if not Purchase.objects.filter(number=number).exists():
            break
    series.save(update_fields=["last"])
    return number

"""What came of records, 分: always the counted part of the posted lines of the purchases linked to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db.models import Q

from initiatives.kinds import KINDS
from initiatives.models import RecordPurchase
from procurement.measures import measure
from procurement.models import PurchaseLine
from procurement.tallies import facts_of
from procurement.terms import TermsBook

Years = dict[int, int]
"""Year → 分."""


class Came(NamedTuple):
    """分: `amount` of the year, `total` up to its end. What does not last has no years: both are all that came of it."""

    amount: int = 0
    total: int = 0


def amounts(records: Iterable[int]) -> dict[int, int]:
    """Record id → 分, for those with a linked purchase. Three queries."""
    return {record: sum(years.values()) for record, years in by_year(records).items()}


def by_year(records: Iterable[int]) -> dict[int, Years]:
    """Record id → what came of it in each year, by the days of the purchases. Three queries."""
    links = RecordPurchase.objects.filter(record__in=list(records)).values_list("purchase", "record")
    pairs = list(links)
    by_purchase = counted_by_year({purchase for purchase, _ in pairs})
    found: dict[int, list[Years]] = defaultdict(list)
    for purchase, record in pairs:
        found[record].append(by_purchase[purchase])
    return {record: added(each) for record, each in found.items()}


def added(each: Iterable[Years]) -> Years:
    """Year by year."""
    total: Years = defaultdict(int)
    for years in each:
        for year, amount in years.items():
            total[year] += amount
    return total


def came(kind_of: dict[int, str], year: int) -> dict[int, Came]:
    """`kind_of`: the kind of each record (id). Record id → what came of it as a year shows it. Three queries."""
    return {
        record: _came(years, year if KINDS[kind_of[record]].lasting else None)
        for record, years in by_year(kind_of).items()
    }


def _came(years: Years, year: int | None) -> Came:
    if year is None:
        total = sum(years.values())
        return Came(total, total)
    return Came(years.get(year, 0), sum(amount for each, amount in years.items() if each <= year))


def counted(purchases: Collection[int]) -> dict[int, int]:
    """Purchase id → 分: what its lines add to city_total (rule 1); a refund is taken off the purchase that it names.

    Two queries, none for no purchase.
    """
    return {purchase: sum(years.values()) for purchase, years in counted_by_year(purchases).items()}


def counted_by_year(purchases: Collection[int]) -> dict[int, Years]:
    """The same by year; a refund counts in its own."""
    found: dict[int, Years] = {purchase: defaultdict(int) for purchase in purchases}
    if not found:
        return found
    lines = PurchaseLine.objects.filter(Q(purchase__in=found) | Q(purchase__original__in=found), posted=True)
    book = TermsBook()
    for line in lines.select_related("purchase", "region"):
        facts, purchase = facts_of(line), line.purchase
        part = measure(facts, book.of(facts.day.year))
        linked = purchase.pk if purchase.pk in found else purchase.original_id
        assert linked is not None
        found[linked][facts.day.year] += part.direct + part.commerce
    return found

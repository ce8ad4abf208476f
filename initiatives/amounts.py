"""What came of records, 分: always the counted part of the posted lines of the purchases linked to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Q

from initiatives.models import RecordPurchase
from procurement.measures import measure
from procurement.models import PurchaseLine
from procurement.tallies import facts_of
from procurement.terms import TermsBook


def amounts(records: Iterable[int]) -> dict[int, int]:
    """Record id → 分, for those with a linked purchase. Three queries."""
    links = RecordPurchase.objects.filter(record__in=list(records)).values_list("purchase", "record")
    pairs = list(links)
    by_purchase = counted({purchase for purchase, _ in pairs})
    found: dict[int, int] = {}
    for purchase, record in pairs:
        found[record] = found.get(record, 0) + by_purchase[purchase]
    return found


def counted(purchases: Collection[int]) -> dict[int, int]:
    """Purchase id → 分: what its lines add to city_total (RULES.md 1); a refund is taken off the purchase that it names.

    Two queries, none for no purchase.
    """
    found = dict.fromkeys(purchases, 0)
    if not found:
        return found
    lines = PurchaseLine.objects.filter(Q(purchase__in=found) | Q(purchase__original__in=found), posted=True)
    book = TermsBook()
    for line in lines.select_related("purchase", "region"):
        facts, purchase = facts_of(line), line.purchase
        part = measure(facts, book.of(facts.day.year))
        linked = purchase.pk if purchase.pk in found else purchase.original_id
        assert linked is not None
        found[linked] += part.direct + part.commerce
    return found

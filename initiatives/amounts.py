"""What came of records, 分: always the counted part of the posted lines of the purchases linked to them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Q

from cixi_xiezuo.money import in_fen
from initiatives.models import RecordPurchase
from procurement.choices import Use
from procurement.models import PurchaseLine
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
    """Purchase id → 分: its paired lines as in city_total (RULES.md 1), recognised amounts, commerce less its
    其中已登记金额; a refund is taken off the purchase that it names. Two queries, none for no purchase.
    """
    found = dict.fromkeys(purchases, 0)
    if not found:
        return found
    lines = PurchaseLine.objects.filter(Q(purchase__in=found) | Q(purchase__original__in=found), posted=True)
    rows = lines.values_list(
        "purchase",
        "purchase__original",
        "purchase__date",
        "region",
        "use",
        in_fen("recognised"),
        in_fen("overlap"),
    )
    book = TermsBook()
    for purchase, original, day, region, use, amount, overlap in rows:
        if book.of(day.year).paired(region):
            linked = purchase if purchase in found else original
            found[linked] += amount - (overlap if use == Use.COMMERCE else 0)
    return found

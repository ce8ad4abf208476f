"""What the checks of some purchases need, read at most once for all of them."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from django.db.models import Q, Sum

from procurement.choices import LIVE, Use
from procurement.models.purchase import Purchase, PurchaseLine
from procurement.models.receipt import Receipt
from procurement.models.tally import YEAR, Tally
from procurement.terms import TermsBook
from units.models import YearBase

Twin = tuple[datetime.date | None, int | None, Decimal]


class Spent(NamedTuple):
    """`headcount` None where none is declared; `spent` in 元."""

    headcount: int | None
    spent: Decimal


class Known:
    """Each part is one query for all the purchases given, made when a check first asks for it."""

    def __init__(self, purchases: Sequence[Purchase]) -> None:
        self.purchases = purchases
        self.ids = [purchase.pk for purchase in purchases]

    @cached_property
    def lines(self) -> dict[int, list[PurchaseLine]]:
        found: dict[int, list[PurchaseLine]] = defaultdict(list)
        by_id = {purchase.pk: purchase for purchase in self.purchases}
        rows = PurchaseLine.objects.filter(purchase__in=self.ids).select_related("region")
        for line in rows.order_by("purchase", "position"):
            line.purchase = by_id[line.purchase_id]
            found[line.purchase_id].append(line)
        return found

    @cached_property
    def receipts(self) -> dict[int, list[Receipt]]:
        found: dict[int, list[Receipt]] = defaultdict(list)
        for receipt in Receipt.objects.filter(purchase__in=self.ids).select_related("file").order_by("pk"):
            assert receipt.purchase_id is not None
            found[receipt.purchase_id].append(receipt)
        return found

    @cached_property
    def terms(self) -> TermsBook:
        return TermsBook()

    @cached_property
    def live_receipts(self) -> list[Receipt]:
        """Live receipts, anywhere, with an invoice or a file that one of the purchases has too."""
        mine = [receipt for receipts in self.receipts.values() for receipt in receipts]
        identities = {receipt.identity for receipt in mine if receipt.identity}
        files = {receipt.file_id for receipt in mine if receipt.file_id}
        same = Receipt.objects.filter(Q(identity__in=identities) | Q(file__in=files), live=True)
        return list(same.select_related("purchase__unit").order_by("pk"))

    @cached_property
    def twins(self) -> dict[Twin, list[Purchase]]:
        """Live purchases on the same days from the same suppliers, by day, supplier and total."""
        days = {purchase.date for purchase in self.purchases if purchase.date}
        suppliers = {purchase.supplier_id for purchase in self.purchases if purchase.supplier_id}
        rows = Purchase.objects.filter(status__in=LIVE, date__in=days, supplier__in=suppliers)
        found: dict[Twin, list[Purchase]] = defaultdict(list)
        for other in rows.select_related("unit").annotate(total=Sum("lines__amount")).order_by("pk"):
            found[other.date, other.supplier_id, other.total].append(other)
        return found

    def welfare(self, purchase: Purchase) -> Spent:
        assert purchase.date is not None
        key = (purchase.unit_id, purchase.date.year)
        own = sum(
            (
                line.recognised or Decimal(0)
                for line in self.lines[purchase.pk]
                if line.posted and line.use == Use.UNION_WELFARE
            ),
            Decimal(0),
        )
        return Spent(self._headcounts.get(key), self._welfare.get(key, Decimal(0)) - own)

    @cached_property
    def _units(self) -> tuple[set[int], set[int]]:
        """The units and years of the purchases with 工会福利."""
        some = [
            purchase
            for purchase in self.purchases
            if any(line.use == Use.UNION_WELFARE for line in self.lines[purchase.pk])
        ]
        return {each.unit_id for each in some}, {each.date.year for each in some if each.date}

    @cached_property
    def _headcounts(self) -> dict[tuple[int, int], int | None]:
        units, years = self._units
        rows = YearBase.objects.filter(unit__in=units, year__in=years)
        return {(unit, year): heads for unit, year, heads in rows.values_list("unit", "year", "headcount")}

    @cached_property
    def _welfare(self) -> dict[tuple[int, int], Decimal]:
        units, years = self._units
        rows = Tally.objects.filter(unit__in=units, year__in=years, period=YEAR)
        found: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
        for unit, year, spent in rows.values_list("unit", "year", "welfare"):
            found[unit, year] += spent
        return found

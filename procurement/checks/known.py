"""What the checks of some purchases need, read at most once for all of them."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import ExtractYear

from procurement.choices import LIVE, Use
from procurement.models.purchase import Purchase, PurchaseLine
from procurement.models.receipt import Receipt
from procurement.models.tally import YEAR, Tally
from procurement.terms import TermsBook
from units.models import YearBase

Twin = tuple[datetime.date | None, int | None, Decimal]


def _with_welfare(rows: QuerySet[PurchaseLine]) -> QuerySet[PurchaseLine]:
    """Lines of 工会福利 get `declared_heads`, their unit's 人数 of the year, and `year_spent` on it so far (元)."""
    year = ExtractYear(OuterRef("purchase__date"))
    heads = YearBase.objects.filter(unit=OuterRef("purchase__unit"), year=year).values("headcount")
    sums = Tally.objects.filter(unit=OuterRef("purchase__unit"), year=year, period=YEAR)
    spent = sums.values("unit").annotate(spent=Sum("welfare")).values("spent")
    return rows.annotate(
        declared_heads=Case(When(use=Use.UNION_WELFARE, then=Subquery(heads)), default=None),
        year_spent=Case(When(use=Use.UNION_WELFARE, then=Subquery(spent)), default=None),
    )


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
        for line in _with_welfare(rows).order_by("purchase", "position"):
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

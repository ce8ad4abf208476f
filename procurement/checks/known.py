"""What the checks of some purchases need, read at most once for all of them."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
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

Twin = tuple[datetime.date | None, int | None, Decimal | None]


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

    def __init__(self, purchases: Sequence[Purchase], shared: Repeated | None = None) -> None:
        self.purchases = purchases
        self.ids = [purchase.pk for purchase in purchases]
        self._shared = shared

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
    def live_by_identity(self) -> dict[str, list[Receipt]]:
        found: dict[str, list[Receipt]] = defaultdict(list)
        for receipt in self.live_receipts:
            found[receipt.identity].append(receipt)
        return found

    @cached_property
    def live_by_file(self) -> dict[str, list[Receipt]]:
        found: dict[str, list[Receipt]] = defaultdict(list)
        for receipt in self.live_receipts:
            if receipt.file_id is not None:
                found[receipt.file_id].append(receipt)
        return found

    @cached_property
    def twins(self) -> dict[Twin, list[Purchase]]:
        """Live purchases on the same days from the same suppliers for the same sums, by these three."""
        totals = self.totals
        keys = {(each.date, each.supplier_id, totals.get(each.pk)) for each in self.purchases}
        if self._shared is not None:
            keys &= self._shared.repeated
        days = {day for day, supplier, _ in keys if day and supplier}
        if not days:
            return {}
        suppliers = {supplier for _, supplier, _ in keys if supplier}
        rows = Purchase.objects.filter(status__in=LIVE, date__in=days, supplier__in=suppliers)
        found: dict[Twin, list[Purchase]] = defaultdict(list)
        for other in rows.select_related("unit").annotate(total=Sum("lines__amount")).order_by("pk"):
            key = (other.date, other.supplier_id, other.total)
            if key in keys:
                found[key].append(other)
        return found

    @cached_property
    def totals(self) -> dict[int, Decimal]:
        """What each purchase's lines add up to, 元, by its id; without lines it is not there."""
        return {
            pk: sum((line.amount for line in lines), Decimal("0.00"))
            for pk, lines in self.lines.items()
            if lines
        }


class Repeated:
    """Which days, suppliers and sums live purchases share. One query over the days of all of them."""

    def __init__(self, purchases: Sequence[Purchase]) -> None:
        self._days = [purchase.date for purchase in purchases if purchase.date]

    @cached_property
    def repeated(self) -> set[Twin]:
        if not self._days:
            return set()
        live = Purchase.objects.filter(status__in=LIVE, date__range=(min(self._days), max(self._days)))
        sums = live.annotate(total=Sum("lines__amount")).order_by().values_list("date", "supplier", "total")
        counts = Counter(sums.iterator(chunk_size=5000))
        return {key for key, count in counts.items() if count > 1}

"""What the checks of some purchases need, read at most once for all of them."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import BooleanField, Case, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import ExtractYear
from django.utils import timezone

from cixi_xiezuo.written import Written
from procurement.choices import LIVE, Status, Use
from procurement.models.blacklist import Blacklisting
from procurement.models.catalogue import Product
from procurement.models.purchase import Purchase, PurchaseLine
from procurement.models.receipt import Receipt
from procurement.models.tally import YEAR, Tally
from procurement.terms import TermsBook
from units.models import YearBase

MOST_PRICES = 2000
"""Lines that usual prices are taken from."""
Sold = tuple[str, str]
"""(product's name, measure)."""
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


def _with_recognition(rows: QuerySet[PurchaseLine]) -> QuerySet[PurchaseLine]:
    """Lines get `recognised_until`, the day to which the product of that name is recognised (认定)."""
    product = Product.objects.filter(name=OuterRef("product_name"))
    return rows.annotate(recognised_until=Subquery(product.values("recognised_until")))


def _with_blacklist(rows: QuerySet[PurchaseLine]) -> QuerySet[PurchaseLine]:
    """Lines get `listed`: does the blacklist hold, for whatever time, their supplier or another name of it?"""
    return rows.annotate(listed=Exists(Blacklisting.objects.of_supplier("purchase__supplier")))


def _lines(purchases: Any) -> QuerySet[PurchaseLine]:
    rows = PurchaseLine.objects.filter(purchase__in=purchases).select_related("region")
    return _with_blacklist(_with_recognition(_with_welfare(rows))).order_by("purchase", "position")


def _receipts(purchases: Any) -> QuerySet[Receipt]:
    return Receipt.objects.filter(purchase__in=purchases).select_related("file").order_by("pk")


_IS_RED = Func(F("red_of"), template="NOT (%(expressions)s = '')", output_field=BooleanField())
"""As the index of red invoices has it, letter by letter: SQLite asks it for nothing else."""


def _alike(identities: Any, files: Any) -> QuerySet[Receipt]:
    """Live receipts with one of these invoices or files, and red invoices of one of these but with void purchases."""
    live = Q(identity__in=identities, live=True) | Q(file__in=files, live=True)
    red = Q(_IS_RED, red_of__in=identities) & (Q(purchase=None) | ~Q(purchase__status=Status.VOID))
    return Receipt.objects.filter(live | red).select_related("purchase__unit").order_by("pk")


def _priced(products: Any) -> QuerySet[PurchaseLine, tuple[Any, ...]]:
    rows = PurchaseLine.objects.filter(posted=True, product_name__in=products, quantity__gt=0, amount__gt=0)
    columns = rows.order_by("-pk").values_list("product_name", "measure", "purchase", "amount", "quantity")
    return columns[:MOST_PRICES]


def _twins(days: Any, suppliers: Any) -> QuerySet[Purchase]:
    rows = Purchase.objects.filter(status__in=LIVE, date__in=days, supplier__in=suppliers)
    return rows.select_related("unit").annotate(total=Sum("lines__amount")).order_by("pk")


def _bases(units: Any, years: Any) -> QuerySet[YearBase]:
    rows = YearBase.objects.filter(unit__in=units, year__in=years)
    return rows.select_related("canteen_representative")


def _blacklisted(suppliers: Any, credit_codes: Any) -> QuerySet[Blacklisting]:
    return Blacklisting.objects.of(suppliers, credit_codes).select_related("supplier").order_by("since", "pk")


# The same for one purchase, as each submission asks: at most one invoice and file, or they are asked for as many.
_LINES = Written(lambda purchase: _lines([purchase]))
_RECEIPTS = Written(lambda purchase: _receipts([purchase]))
_ALIKE = Written(lambda identity, file: _alike([identity], [file]))
_TWINS = Written(lambda day, supplier: _twins([day], [supplier]))
_PRICED = Written(lambda product: _priced([product]))
_BASES = Written(lambda unit, year: _bases([unit], [year]))
_BLACKLISTED = Written(lambda supplier, credit_code: _blacklisted([supplier], [credit_code]))
_NONE = "-"
"""No invoice's identity, no file's hash, no supplier's credit code."""


class Original(NamedTuple):
    """A purchase that is taken back: its number and its invoices."""

    number: str
    identities: frozenset[str]


class Known:
    """Each part is one query for all the purchases given, made when a check first asks for it."""

    def __init__(
        self, purchases: Sequence[Purchase], shared: Repeated | None = None, terms: TermsBook | None = None
    ) -> None:
        self.purchases = purchases
        self.ids = [purchase.pk for purchase in purchases]
        self._shared = shared
        if terms is not None:
            self.terms = terms
        self._alone = len(self.ids) == 1

    @cached_property
    def lines(self) -> dict[int, list[PurchaseLine]]:
        found: dict[int, list[PurchaseLine]] = defaultdict(list)
        by_id = {purchase.pk: purchase for purchase in self.purchases}
        for line in _LINES.objects(*self.ids) if self._alone else _lines(self.ids):
            line.purchase = by_id[line.purchase_id]
            found[line.purchase_id].append(line)
        return found

    @cached_property
    def receipts(self) -> dict[int, list[Receipt]]:
        found: dict[int, list[Receipt]] = defaultdict(list)
        for receipt in _RECEIPTS.objects(*self.ids) if self._alone else _receipts(self.ids):
            assert receipt.purchase_id is not None
            found[receipt.purchase_id].append(receipt)
        return found

    @cached_property
    def terms(self) -> TermsBook:
        return TermsBook()

    @cached_property
    def current_year(self) -> int | None:
        """The latest year, up to today's, that a policy of its own is in force for."""
        return self.terms.source(timezone.localdate().year)

    @cached_property
    def bases(self) -> dict[tuple[int, int], YearBase]:
        """What the units declared, by unit and year."""
        years = {purchase.date.year for purchase in self.purchases if purchase.date}
        units = {purchase.unit_id for purchase in self.purchases}
        rows = _BASES.objects(*units, *years) if len(units) == len(years) == 1 else _bases(units, years)
        return {(base.unit_id, base.year): base for base in rows}

    @cached_property
    def blacklistings(self) -> list[Blacklisting]:
        """Entries about the suppliers of the purchases, for whatever time. No query where none is listed."""
        if not any(line.listed for line in self._lines):  # type: ignore[attr-defined]
            return []
        suppliers = {each.supplier for each in self.purchases if each.supplier is not None}
        ids = {each.pk for each in suppliers}
        codes = {each.uscc for each in suppliers if each.uscc} or {_NONE}
        if len(ids) == len(codes) == 1:
            return _BLACKLISTED.objects(*ids, *codes)
        return list(_blacklisted(ids, codes))

    @cached_property
    def prices(self) -> dict[Sold, list[tuple[int, Decimal]]]:
        """(purchase, 元 a measure) of approved lines of the same products, the latest first."""
        names = {
            line.product_name for line in self._lines if line.quantity and line.measure and line.region_id
        }
        if not names:
            return {}
        found: dict[Sold, list[tuple[int, Decimal]]] = defaultdict(list)
        rows = _PRICED.rows(*names) if len(names) == 1 else _priced(names)
        for name, measure, purchase, amount, quantity in rows:
            if quantity:
                found[name, measure].append((purchase, amount / quantity))
        return found

    @property
    def _lines(self) -> Iterator[PurchaseLine]:
        return (line for lines in self.lines.values() for line in lines)

    @cached_property
    def live_receipts(self) -> list[Receipt]:
        """Live receipts, anywhere, with an invoice or a file that one of the purchases has too."""
        return [receipt for receipt in self._alike if receipt.live]

    @cached_property
    def red(self) -> list[Receipt]:
        """Red invoices, anywhere but with void purchases, of an invoice that one of the purchases has."""
        return [receipt for receipt in self._alike if receipt.red_of]

    @cached_property
    def _alike(self) -> list[Receipt]:
        mine = [receipt for receipts in self.receipts.values() for receipt in receipts]
        identities = {receipt.identity for receipt in mine if receipt.identity}
        files = {receipt.file_id for receipt in mine if receipt.file_id}
        if len(identities) <= 1 and len(files) <= 1:
            return _ALIKE.objects(*identities or [_NONE], *files or [_NONE])
        return list(_alike(identities, files))

    @cached_property
    def originals(self) -> dict[int, Original]:
        """What the refunds among the purchases take back, by the refund's id."""
        refunds = {each.pk: each.original_id for each in self.purchases if each.original_id}
        held = Purchase.objects.filter(pk__in=refunds.values()).prefetch_related("receipts")
        found = {
            each.pk: Original(each.number, frozenset(receipt.identity for receipt in each.receipts.all()))
            for each in held
        }
        return {refund: found[original] for refund, original in refunds.items()}

    def refundable(self, purchase: Purchase) -> list[Purchase]:
        """The latest approved purchases of the unit from the same supplier, with `claimed_total`; at most three."""
        if purchase.supplier_id is None:
            return []
        rows = Purchase.objects.filter(
            unit=purchase.unit_id, supplier=purchase.supplier_id, status=Status.APPROVED, original=None
        )
        return list(rows.with_total().order_by("-date", "-pk")[:3])

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
        found: dict[Twin, list[Purchase]] = defaultdict(list)
        rows: Iterable[Any] = _TWINS.objects(*days, *suppliers) if self._alone else _twins(days, suppliers)
        for other in rows:
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

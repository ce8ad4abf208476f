"""What one product cost at each supplier (议价), from approved lines with a quantity, within a person's scope — 第五部分（三）.

A unit price is what was paid (价税合计) for one of the line's measure, exact; measures are never mixed.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import Any

from django.db.models import Count, Max, QuerySet

from cixi_xiezuo.money import in_fen
from procurement.models import Purchase, PurchaseLine

MOST = 20_000
"""Lines of one product that are compared, the latest ones."""


@dataclass(frozen=True, slots=True)
class Price:
    """Of one measure, at one supplier or at all (`supplier` ""): 分 for one of the measure, exact."""

    measure: str
    supplier: str
    lines: int
    median: Fraction
    least: Fraction
    most: Fraction
    last: datetime.date

    def above(self, usual: Fraction) -> int:
        """How far the median is above `usual`, in whole percent cut off toward zero; negative below."""
        share = (self.median - usual) * 100 / usual
        return int(share)


@dataclass(frozen=True, slots=True)
class Row:
    """A supplier's prices beside the usual one of the measure; `above` in whole percent."""

    price: Price
    above: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """`overall`: by measure, the most bought first; `rows`: by measure and supplier, the cheapest median first.

    `cut`: older lines than MOST were left out.
    """

    product: str
    overall: list[Price]
    rows: list[Row]
    cut: bool


def priced(user: Any) -> QuerySet[PurchaseLine]:
    """Approved lines with a price for one of something, of purchases that the person may see; refunds left out."""
    seen = Purchase.objects.visible_to(user)
    rows = PurchaseLine.objects.filter(posted=True, quantity__gt=0, amount__gt=0, purchase__in=seen)
    return rows.exclude(measure="").exclude(product_name="")


def products(user: Any, text: str = "") -> QuerySet[PurchaseLine, Any]:
    """product_name, suppliers, lines, last: what can be compared, what most suppliers sell first."""
    rows = priced(user)
    if text:
        rows = rows.filter(product_name__icontains=text)
    counted = rows.order_by().values("product_name")
    counted = counted.annotate(
        suppliers=Count("purchase__supplier", distinct=True), lines=Count("pk"), last=Max("purchase__date")
    )
    return counted.order_by("-suppliers", "-lines", "product_name")


def compare(rows: QuerySet[PurchaseLine], product: str) -> Comparison:
    """`rows`: some of `priced`. One query."""
    columns = ("measure", "purchase__supplier__name", "fen", "quantity", "purchase__date")
    wanted = (
        rows.filter(product_name=product).annotate(fen=in_fen("amount")).order_by("-purchase__date", "-pk")
    )
    found = list(wanted.values_list(*columns)[: MOST + 1])
    kept = found[:MOST]
    by_measure: dict[str, list[tuple[Fraction, datetime.date]]] = defaultdict(list)
    by_supplier: dict[tuple[str, str], list[tuple[Fraction, datetime.date]]] = defaultdict(list)
    for measure, supplier, fen, quantity, day in kept:
        if not quantity:  # a fraction of a millionth
            continue
        each = (Fraction(fen) / Fraction(quantity), day)
        by_measure[measure].append(each)
        by_supplier[measure, supplier].append(each)
    overall = sorted(
        (_price(measure, "", sold) for measure, sold in by_measure.items()),
        key=lambda each: (-each.lines, each.measure),
    )
    usual = {each.measure: each.median for each in overall}
    place = {each.measure: number for number, each in enumerate(overall)}
    prices = [_price(measure, supplier, sold) for (measure, supplier), sold in by_supplier.items()]
    prices.sort(key=lambda each: (place[each.measure], each.median, each.supplier))
    made = [Row(each, each.above(usual[each.measure])) for each in prices]
    return Comparison(product, overall, made, len(found) > MOST)


def _price(measure: str, supplier: str, sold: Iterable[tuple[Fraction, datetime.date]]) -> Price:
    prices, days = zip(*sold, strict=True)
    return Price(measure, supplier, len(prices), median(prices), min(prices), max(prices), max(days))

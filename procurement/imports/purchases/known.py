"""What the database has that the workbook's rows name, read in a few queries whatever the number of rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from procurement.choices import LIVE
from procurement.imports.alone import locking
from procurement.imports.lookup import Units
from procurement.models import Purchase, PurchaseLine, Receipt, Region
from procurement.models.purchase import touched_by

PART = 500
LINE = ("use", "holiday", "region__name", "product_name", "quantity", "measure", "amount", "overlap")
T = TypeVar("T")


def parts(values: Collection[T]) -> Iterator[list[T]]:
    every = list(values)
    for start in range(0, len(every), PART):
        yield every[start : start + PART]


@dataclass
class Known:
    """`purchases`: those of the numbers in the workbook and of the originals it names, by number."""

    numbers: Collection[str]
    units: Units = field(default_factory=Units)

    @cached_property
    def regions(self) -> dict[str, Region]:
        return {region.name: region for region in Region.objects.all()}

    @cached_property
    def purchases(self) -> dict[str, Purchase]:
        found = {}
        for part in parts(sorted(self.numbers)):
            rows = locking(Purchase.objects.filter(number__in=part)).select_related(
                "unit", "supplier", "original"
            )
            found.update({purchase.number: purchase for purchase in rows})
        return found

    @cached_property
    def _ids(self) -> list[int]:
        return [purchase.pk for purchase in self.purchases.values()]

    @cached_property
    def lines(self) -> dict[int, list[tuple[Any, ...]]]:
        """By purchase id, values in the order of LINE."""
        found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        for part in parts(self._ids):
            rows = PurchaseLine.objects.filter(purchase__in=part).order_by("purchase", "position")
            for pk, *line in rows.values_list("purchase", *LINE):
                found[pk].append(tuple(line))
        return found

    @cached_property
    def receipts(self) -> dict[int, list[Receipt]]:
        """By purchase id."""
        found: dict[int, list[Receipt]] = defaultdict(list)
        for part in parts(self._ids):
            for receipt in Receipt.objects.filter(purchase__in=part).defer("data").order_by("pk"):
                found[receipt.purchase_id or 0].append(receipt)
        return found

    @cached_property
    def recognised(self) -> dict[int, Decimal]:
        """What was recognised of each purchase, 元, by its id; of those not approved what was claimed."""
        found: dict[int, Decimal] = defaultdict(Decimal)
        for part in parts(self._ids):
            rows = PurchaseLine.objects.filter(purchase__in=part)
            for pk, amount, recognised in rows.values_list("purchase", "amount", "recognised"):
                found[pk] += amount if recognised is None else recognised
        return found

    def touched_by(self, user: Any) -> set[str]:
        """Numbers of the stored purchases that the person recorded, changed or submitted."""
        found: set[str] = set()
        for part in parts(self._ids):
            mine = Purchase.objects.filter(touched_by(user), pk__in=part)
            found.update(mine.values_list("number", flat=True))
        return found

    def taken_back(self, original: Purchase, besides: Collection[str]) -> Decimal:
        """What live refunds take back of a purchase, 元 (positive), those of the given numbers not counted."""
        return -sum(
            (amount for number, amount in self._refunds.get(original.pk, ()) if number not in besides),
            Decimal(0),
        )

    @cached_property
    def _refunds(self) -> dict[int, list[tuple[str, Decimal]]]:
        found: dict[int, list[tuple[str, Decimal]]] = defaultdict(list)
        for part in parts(self._ids):
            rows = PurchaseLine.objects.filter(purchase__original__in=part, purchase__status__in=sorted(LIVE))
            for pk, number, amount in rows.values_list("purchase__original", "purchase__number", "amount"):
                found[pk or 0].append((number, amount))
        return found

"""The invented purchases → rows, through the workflow's own steps for what is approved, in bulk."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from random import Random

from django.db.models import F
from django.utils import timezone

from assessment.demo.data import YEAR, World
from assessment.demo.papers import Papers
from assessment.demo.people import PEOPLE
from assessment.demo.purchases import Buy, Goods
from cixi_xiezuo import audit
from cixi_xiezuo.money import from_fen, yuan_text
from procurement import doubts, workflow
from procurement.choices import Status
from procurement.models import NumberSeries, Product, Purchase, PurchaseLine, Receipt, Region, Supplier
from units.models import Unit, User

DECIDED = frozenset({Status.APPROVED, Status.RETURNED, Status.REVOKED})
SUBMITTED = DECIDED | {Status.SUBMITTED}


class Store:
    def __init__(self, world: World, units: dict[str, Unit], users: dict[str, User], rng: Random) -> None:
        self.world, self.units, self.users, self.rng = world, units, users, rng
        self.own = {person.unit for person in PEOPLE if person.username == "clerk"}
        self.own |= {unit.code for unit in world.units.values() if unit.host in self.own}

    def save(self, buys: list[Buy]) -> None:
        """All or nothing; call inside a transaction. Originals come before their refunds."""
        self._catalogue()
        purchases: dict[str, Purchase] = {}
        for part in ([buy for buy in buys if not buy.original], [buy for buy in buys if buy.original]):
            made = [self._purchase(buy, purchases) for buy in part]
            Purchase.objects.bulk_create(made, batch_size=200)
            purchases |= {purchase.number: purchase for purchase in made}
        Purchase.objects.filter(submitted_at__isnull=False).update(created_at=F("submitted_at"))
        self._lines(buys, purchases)
        papers = Papers(self.world, self.rng)
        made_receipts = [receipt for buy in buys for receipt in papers.of(buy, purchases[buy.number])]
        for receipt in made_receipts:
            receipt.uploaded_by = receipt.purchase.recorded_by if receipt.purchase else None
        Receipt.objects.bulk_create(made_receipts, batch_size=200)
        doubts.note([purchase for purchase in purchases.values() if purchase.status == Status.SUBMITTED])
        self._numbers(buys)
        self._trail(buys, purchases)

    def _catalogue(self) -> None:
        sellers = [Supplier(name=seller.name, uscc=seller.uscc) for seller in self.world.sellers]
        products = {product.name for rows in self.world.products.values() for product in rows}
        Supplier.objects.bulk_create(sellers)
        Product.objects.bulk_create(Product(name=name) for name in sorted(products))
        self.suppliers = {supplier.name: supplier for supplier in Supplier.objects.all()}
        self.products = {product.name: product for product in Product.objects.all()}
        self.regions = {region.name: region for region in Region.objects.all()}

    def _purchase(self, buy: Buy, known: dict[str, Purchase]) -> Purchase:
        clerk = self.users["clerk"] if buy.unit in self.own else None
        purchase = Purchase(
            number=buy.number,
            unit=self.units[buy.unit],
            status=buy.status,
            purchase_date=buy.day,
            invoice_date=buy.invoiced if buy.invoice else None,
            date=buy.date,
            supplier=self.suppliers[buy.seller],
            channel=buy.channel,
            original=known[buy.original.number] if buy.original else None,
            note=buy.note,
            recorded_by=clerk,
        )
        if buy.status in SUBMITTED:
            purchase.submitted_by, purchase.submitted_at = clerk, self._later(buy.date, 4)
            purchase.version = 2
        if buy.status in DECIDED:
            purchase.decided_by = self._reviewer(buy.unit)
            purchase.decided_at = self._later(buy.date + datetime.timedelta(days=5), 6)
            purchase.version = 3
        if buy.status in (Status.RETURNED, Status.REVOKED):
            purchase.returned_reason = buy.reason
        return purchase

    def _later(self, day: datetime.date, most: int) -> datetime.datetime:
        """A working hour some days later."""
        day += datetime.timedelta(days=self.rng.randint(1, most))
        hour = datetime.time(self.rng.randint(9, 16), self.rng.randint(0, 59))
        return timezone.make_aware(datetime.datetime.combine(day, hour))

    def _reviewer(self, code: str) -> User:
        """Who decides by their role, and never on their own unit."""
        unit = self.world.units[code]
        home = self.world.units[unit.host] if unit.host else unit
        if home.code == "D01":
            return self.users["oversight"]
        if home.supervisor == "D06":
            return self.users["lead"]
        if home.town == "T01":
            return self.users["town"]
        return self.users["bureau"]

    def _lines(self, buys: list[Buy], purchases: dict[str, Purchase]) -> None:
        """Lines of approved purchases enter the sums as in `workflow.approve`."""
        approved: list[PurchaseLine] = []
        others: list[PurchaseLine] = []
        for buy in buys:
            for position, goods in enumerate(buy.lines, start=1):
                line = self._line(goods, purchases[buy.number], position)
                if buy.status in (Status.APPROVED, Status.REVOKED):
                    cut = buy.recognised if position == 1 else None
                    less = None if cut is None else workflow.Recognition(from_fen(cut), buy.reason)
                    workflow.recognise(line, less)
                (approved if buy.status == Status.APPROVED else others).append(line)
        workflow.enter(approved)
        PurchaseLine.objects.bulk_create(approved + others, batch_size=200)

    def _line(self, goods: Goods, purchase: Purchase, position: int) -> PurchaseLine:
        return PurchaseLine(
            purchase=purchase,
            position=position,
            use=goods.use,
            holiday=goods.holiday,
            region=self.regions[goods.region],
            product_name=goods.product,
            product=self.products[goods.product],
            quantity=goods.quantity,
            measure=goods.measure,
            amount=from_fen(goods.amount),
            overlap=from_fen(goods.overlap),
        )

    def _numbers(self, buys: Iterable[Buy]) -> None:
        """The next purchase of a unit gets the next number."""
        last: dict[str, int] = defaultdict(int)
        for buy in buys:
            last[buy.unit] += 1
        NumberSeries.objects.bulk_create(
            NumberSeries(unit=self.units[code], year=YEAR, last=count) for code, count in last.items()
        )

    def _trail(self, buys: list[Buy], purchases: dict[str, Purchase]) -> None:
        """Each purchase of the clerk's own units has its entries; elsewhere one entry a unit stands for all."""
        by_unit: dict[str, list[Buy]] = defaultdict(list)
        for buy in buys:
            by_unit[buy.unit].append(buy)
        for code, rows in by_unit.items():
            if code in self.own:
                for buy in rows:
                    self._entries(purchases[buy.number], buy)
                continue
            numbers = {str(status): [buy.number for buy in rows if buy.status == status] for status in Status}
            audit.record(
                "装载演示采购",
                by=None,
                subject=f"单位 {code}",
                stream=code,
                numbers={status: found for status, found in numbers.items() if found},
            )

    def _entries(self, purchase: Purchase, buy: Buy) -> None:
        subject, stream, total = f"采购 {buy.number}", buy.unit, yuan_text(from_fen(buy.total))
        if purchase.submitted_by:
            audit.record("提交", by=purchase.submitted_by, subject=subject, stream=stream, total=total)
        if purchase.decided_by and buy.status == Status.RETURNED:
            audit.record("退回", by=purchase.decided_by, subject=subject, stream=stream, reason=buy.reason)
        elif purchase.decided_by:
            audit.record("核准", by=purchase.decided_by, subject=subject, stream=stream, total=total)
        if purchase.decided_by and buy.status == Status.REVOKED:
            audit.record(
                "撤销核准", by=purchase.decided_by, subject=subject, stream=stream, reason=buy.reason
            )

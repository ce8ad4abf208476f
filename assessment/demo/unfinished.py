"""What a living year has besides approved purchases: waiting, sent back, drafts, refunds, and doubtful ones."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from random import Random

from assessment.demo import days
from assessment.demo.data import World
from assessment.demo.purchases import Buy, Goods
from assessment.demo.shopping import Shopper
from procurement.choices import Channel, Holiday, Status, Use

OWN = ("S01", "U01")
"""The units of the demo clerk."""
STEADY = frozenset({"T05", "T06", "J03", "D05", "T07"})
"""Whose figures stay exactly as planned: no refund and no smaller recognised amount there."""
RETURNED = (
    "发票购买方名称与单位名称不一致，请更换发票后重新提交",
    "明细中的产地未注明到县，请核对供应商产地证明后修改",
    "金额与发票价税合计不一致，请核对",
    "用途应为工会节日慰问并注明节日，请修改",
    "合同缺少盖章页，请补传",
)
CUT = "其中包装费、运费不属于农特产品，予以核减"


class Rest:
    """Made from the approved purchases, `like` one of which each new one is."""

    def __init__(self, world: World, rng: Random, approved: list[Buy]) -> None:
        self.world, self.rng, self.approved = world, rng, approved
        self.shopper = Shopper(world, rng)
        self.loose = [
            buy
            for buy in approved
            if buy.lines[0].use in (Use.OFFICE, Use.RAW_MATERIAL, Use.PERSONAL)
            and world.answers(buy.unit) not in STEADY
            and buy.invoice
        ]

    def all(self, wanted: int) -> list[Buy]:
        """Everything that is not an ordinary approved purchase, `wanted` in all."""
        self.recognise_less(8)
        made = [*self.refunds(8), *self.unpaired_gifts(6), *self.next_year(2)]
        made += [
            self.late(self.any(), Status.REVOKED, reason="复核发现该笔与另一单位重复登记") for _ in range(2)
        ]
        made += [self.late(self.any(), Status.VOID) for _ in range(3)]
        for place in range(22):
            buy = self.late(self.any(OWN if place < 2 else ()), Status.RETURNED, paper="true")
            buy.reason = RETURNED[place % len(RETURNED)]
            made.append(buy)
        made += [self.late(self.any(OWN if place < 2 else ()), Status.DRAFT) for place in range(20)]
        made += self.doubtful()
        made += [
            self.late(self.any(OWN if place < 3 else ()), Status.SUBMITTED, paper="true")
            for place in range(wanted - len(made))
        ]
        return made

    def any(self, units: Iterable[str] = ()) -> Buy:
        wanted = set(units)
        return self.rng.choice([buy for buy in self.approved if not wanted or buy.unit in wanted])

    def late(self, model: Buy, status: str, *, reason: str = "", paper: str = "") -> Buy:
        """One like `model`, of late in the year, a little larger or smaller."""
        day = days.workday(datetime.date(2021, self.rng.choice((11, 12, 12)), self.rng.randint(1, 28)))
        lines = []
        for line in model.lines:
            pieces = max(1, int(line.quantity * self.rng.randint(70, 130) // 100))
            price = next(p for p in self.world.products[line.region] if p.name == line.product).price
            holiday = Holiday.NEW_YEAR if line.use == Use.UNION_HOLIDAY else ""
            lines.append(
                replace(
                    line,
                    quantity=Decimal(pieces),
                    amount=int(pieces * price * 100),
                    overlap=0,
                    holiday=holiday,
                )
            )
        return replace(
            model,
            day=day,
            invoiced=days.invoiced(day, self.rng),
            lines=lines,
            status=status,
            reason=reason,
            paper=paper,
            invoice=model.invoice or bool(paper),
        )

    def recognise_less(self, count: int) -> None:
        for buy in self.rng.sample(self.loose, count):
            first = buy.lines[0]
            buy.recognised, buy.reason = first.amount * 94 // 100 // 100 * 100, CUT

    def refunds(self, count: int) -> Iterator[Buy]:
        """退货（红冲）: some of the first line goes back, some weeks later."""
        models = [buy for buy in self.loose if buy.recognised is None and buy.date.month < 11]
        for place, buy in enumerate(self.rng.sample(models, count)):
            status = Status.APPROVED if place < count - 2 else Status.SUBMITTED
            yield self.refund(buy, status)

    def refund(self, buy: Buy, status: str) -> Buy:
        first = buy.lines[0]
        share = self.rng.choice((10, 20, 25))
        back = replace(
            first,
            amount=-max(100, first.amount * share // 100 // 100 * 100),
            quantity=-(first.quantity * share / 100).quantize(Decimal("0.01")),
        )
        day = days.workday(buy.date + datetime.timedelta(days=self.rng.randint(12, 40)))
        return replace(
            buy,
            day=day,
            invoiced=day,
            lines=[back],
            status=status,
            original=buy,
            note="部分货品运输破损退货，销售方已开具红字发票",
            paper="true" if status == Status.SUBMITTED else "",
        )

    def unpaired_gifts(self, count: int) -> Iterator[Buy]:
        """Unions buy gifts elsewhere too: approved, and counted by no rule of the plan."""
        unions = sorted({buy.unit for buy in self.approved if buy.lines[0].use == Use.UNION_HOLIDAY})
        for unit in ["U01", *self.rng.sample(unions, count - 1)]:
            yield self.elsewhere(unit, Status.APPROVED)

    def elsewhere(self, unit: str, status: str) -> Buy:
        seller = next(seller for seller in self.world.sellers if seller.regions == ["其他地区"])
        product = self.rng.choice(self.world.products["其他地区"])
        pieces = self.rng.randint(20, 60)
        line = Goods(
            use=Use.UNION_HOLIDAY,
            region="其他地区",
            product=product.name,
            measure=product.measure,
            quantity=Decimal(pieces),
            amount=int(pieces * product.price * 100),
            holiday=Holiday.MID_AUTUMN,
        )
        day = days.before(Holiday.MID_AUTUMN, self.rng)
        return replace(self.shopper.at(unit, day, Channel.RETAIL, seller, [line]), status=status)

    def next_year(self, count: int) -> Iterator[Buy]:
        """Bought at the end of December, invoiced in January: counted in 2022."""
        for buy in self.rng.sample([buy for buy in self.loose if buy.original is None], count):
            yield replace(
                buy,
                day=datetime.date(2021, 12, 30),
                invoiced=datetime.date(2022, 1, 5),
                lines=[replace(line) for line in buy.lines],
                recognised=None,
                reason="",
            )

    def doubtful(self) -> list[Buy]:
        """Submitted, and a reviewer should look twice: the same again, elsewhere, another buyer, another sum."""
        made = []
        for place in range(5):
            buy = self.any(OWN) if place == 0 else self.rng.choice(self.loose)
            made.append(
                replace(
                    buy,
                    lines=[replace(line, overlap=0, amount=line.amount - line.overlap) for line in buy.lines],
                    status=Status.SUBMITTED,
                    invoice=True,
                    paper="true",
                    recognised=None,
                    reason="",
                )
            )
        made += [self.elsewhere(unit, Status.SUBMITTED) for unit in ("U03", "U07", "U12", "U18", "U23")]
        for paper, count in (("other_buyer", 4), ("other_amount", 3)):
            made += [self.late(self.any(), Status.SUBMITTED, paper=paper) for _ in range(count)]
        for buy in made:
            buy.paper = buy.paper or "true"
            buy.invoice = True
        return made

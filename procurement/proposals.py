"""What was bought before → what is proposed for a draft that lacks a channel, a use, an origin or a holiday.

A proposal is shown as one, with the sentence why, and becomes part of the purchase only when the clerk takes it.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, CharField, F, Max, Value

from procurement.choices import LIVE, Holiday, Status, Use
from procurement.holidays import days_from
from procurement.models import Purchase, PurchaseLine, Region

_ABOVE = re.compile(r"^(四川省?|浙江省?|凉山(彝族自治)?州?|衢州市?)+")
"""What stands before a county in a company's name."""
AHEAD = 45  # days before a holiday in which its gifts are bought


class Hint(NamedTuple):
    """`value` as the form takes it."""

    value: str
    why: str


class Seen(NamedTuple):
    """Lines bought alike, the last of them on a day. `unit` None: by units that are not the person's."""

    unit: int | None
    supplier: int | None
    channel: str
    product: str
    use: str
    region: int | None
    last: datetime.date | None


@dataclass(slots=True)
class Proposals:
    """For one purchase. `lines`: position → field → hint."""

    channel: Hint | None = None
    lines: dict[int, dict[str, Hint]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return bool(self.channel) + sum(map(len, self.lines.values()))


class Memory:
    """What the units of some drafts bought, and what was approved of their suppliers' products elsewhere."""

    def __init__(self, rows: Iterable[Seen], regions: Iterable[Region] = ()) -> None:
        self._regions = [(region.pk, region.name, _short(region.name)) for region in regions]
        self._product: dict[tuple[int, str], list[Seen]] = defaultdict(list)
        self._supplier: dict[tuple[int | None, int | None], list[Seen]] = defaultdict(list)
        for row in rows:
            self._supplier[row.unit, row.supplier].append(row)
            if row.unit is not None:
                self._product[row.unit, row.product].append(row)

    @classmethod
    def of(
        cls, purchases: Sequence[Purchase], lines: Iterable[PurchaseLine], regions: Iterable[Region] = ()
    ) -> Memory:
        """Read in one query for all the drafts. Of other units no more than origin and channel comes out.

        `regions`: those that a supplier's name may say it comes from.
        """
        units = {purchase.unit_id for purchase in purchases}
        suppliers = {purchase.supplier_id for purchase in purchases if purchase.supplier_id}
        products = {line.product_name for line in lines if line.product_name}
        bought = PurchaseLine.objects.filter(purchase__original=None).order_by()
        own = bought.filter(purchase__unit__in=units, purchase__status__in=LIVE)
        approved = bought.filter(purchase__supplier__in=suppliers, purchase__status=Status.APPROVED)
        others = approved.filter(product_name__in=products).exclude(purchase__unit__in=units)
        nobody, unknown = Value(None, output_field=BigIntegerField()), Value("", output_field=CharField())
        parts = [
            _grouped(own.filter(product_name__in=products), F("purchase__unit"), F("use")),
            _grouped(
                own.filter(purchase__supplier__in=suppliers).exclude(product_name__in=products),
                F("purchase__unit"),
                F("use"),
            ),
            _grouped(others, nobody, unknown),
        ]
        return cls((Seen(*row) for row in parts[0].union(*parts[1:], all=True)), regions)

    def channel(self, purchase: Purchase) -> Hint | None:
        if purchase.supplier_id is None:
            return None
        found = _latest(self._own(purchase), lambda row: row.channel)
        if found:
            return Hint(found.channel, f"本单位 {found.last} 从该供应商采购")
        other = _only(self._elsewhere(purchase), lambda row: row.channel)
        return Hint(other.channel, "该供应商已核准的采购都是这个渠道") if other else None

    def region(self, purchase: Purchase, line: PurchaseLine) -> Hint | None:
        found = self._bought(purchase, line, lambda row: row.region)
        if found:
            return Hint(str(found.region), f"本单位 {found.last} 买“{found.product}”")
        elsewhere = [row for row in self._elsewhere(purchase) if row.product == line.product_name]
        other = _only(elsewhere, lambda row: row.region)
        if other:
            return Hint(str(other.region), f"该供应商的“{other.product}”已核准的都是此地")
        other = _only(self._own(purchase), lambda row: row.region)
        if other:
            return Hint(str(other.region), "本单位从该供应商买的都是此地")
        return self._named(purchase.supplier.name) if purchase.supplier else None

    def _named(self, supplier: str) -> Hint | None:
        """The one county a supplier's name begins with (its province and prefecture aside) or has in full."""
        local = _ABOVE.sub("", supplier)
        found = [pk for pk, name, short in self._regions if name in supplier or local.startswith(short)]
        return Hint(str(found[0]), f"供应商名称为“{supplier}”，请按实际产地核对") if len(found) == 1 else None

    def use(self, purchase: Purchase, line: PurchaseLine) -> Hint | None:
        found = self._bought(purchase, line, lambda row: row.use)
        if found:
            return Hint(found.use, f"本单位 {found.last} 买“{found.product}”")
        only = _only(self._own(purchase), lambda row: row.use)
        return Hint(only.use, "本单位从该供应商买的都作此用") if only else None

    def _own(self, purchase: Purchase) -> list[Seen]:
        """By the unit from the same supplier."""
        return self._supplier[purchase.unit_id, purchase.supplier_id] if purchase.supplier_id else []

    def _elsewhere(self, purchase: Purchase) -> list[Seen]:
        """Of the same supplier, by units that are not the person's; approved ones alone were read."""
        return self._supplier[None, purchase.supplier_id] if purchase.supplier_id else []

    def _bought(self, purchase: Purchase, line: PurchaseLine, value: Callable[[Seen], Any]) -> Seen | None:
        """The same goods bought by the unit, of the same supplier first."""
        same = self._product[purchase.unit_id, line.product_name] if line.product_name else []
        theirs = [row for row in same if row.supplier == purchase.supplier_id]
        return _latest(theirs, value) or _latest(same, value)


def _short(region: str) -> str:
    """布拖县 → 布拖, 木里藏族自治县 → 木里."""
    return re.sub(r"(藏族自治)?[县市区]$", "", region)


def _grouped(lines: Any, unit: Any, use: Any) -> Any:
    """Rows as Seen takes them."""
    rows = lines.values(
        seen_unit=unit,
        seen_supplier=F("purchase__supplier"),
        seen_channel=F("purchase__channel"),
        seen_product=F("product_name"),
        seen_use=use,
        seen_region=F("region"),
    ).annotate(seen_last=Max("purchase__date"))
    return rows.values_list(
        "seen_unit",
        "seen_supplier",
        "seen_channel",
        "seen_product",
        "seen_use",
        "seen_region",
        "seen_last",
    )


def _latest(rows: Sequence[Seen], value: Callable[[Seen], Any]) -> Seen | None:
    """The one of the latest day; none where that day knows two answers."""
    dated = [row for row in rows if row.last is not None]
    if not dated:
        return None
    day = max(row.last for row in dated if row.last)
    return _only([row for row in dated if row.last == day], value)


def _only(rows: Sequence[Seen], value: Callable[[Seen], Any]) -> Seen | None:
    """Any of them, where they all give the same answer."""
    return rows[0] if rows and len({value(row) for row in rows}) == 1 else None


def proposals_of(
    purchase: Purchase,
    lines: Iterable[PurchaseLine],
    memory: Memory,
    days: Mapping[str, datetime.date] | None = None,
) -> Proposals:
    """Hints for what is blank, never for what somebody chose. `days`: holidays that the year's policy dates itself."""
    found = Proposals(None if purchase.channel else memory.channel(purchase))
    for line in lines:
        hints = {
            "use": None if line.use else memory.use(purchase, line),
            "region": None if line.region_id else memory.region(purchase, line),
        }
        use = line.use or (hints["use"].value if hints["use"] else "")
        if use == Use.UNION_HOLIDAY and not line.holiday:
            hints["holiday"] = next_holiday(purchase.date, days)
        kept = {name: hint for name, hint in hints.items() if hint is not None}
        if kept:
            found.lines[line.position] = kept
    return found


def next_holiday(date: datetime.date | None, days: Mapping[str, datetime.date] | None = None) -> Hint | None:
    """The nearest holiday that a day lies at most AHEAD days before."""
    if date is None:
        return None
    away = {holiday: days_from(holiday, date, days) for holiday in Holiday}
    near = {holiday: -each for holiday, each in away.items() if each is not None and -AHEAD <= each <= 0}
    if not near:
        return None
    holiday = min(near, key=lambda each: near[each])
    words = f"日期在{holiday.label}前 {near[holiday]} 天" if near[holiday] else f"日期就是{holiday.label}"
    return Hint(holiday, words)

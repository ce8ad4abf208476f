"""Random whole years: the same facts as plain values and as rows in the database."""

from __future__ import annotations

import datetime
import random
from decimal import Decimal
from typing import Any

from cixi_xiezuo.money import from_fen
from procurement import tallies
from procurement.choices import Channel, Holiday, Status, Use
from procurement.models import Purchase, PurchaseLine, Supplier
from tests.factories import EAST_WEST, MOUNTAIN_SEA, UNPAIRED, make_region
from units.kinds import Kind
from units.links import current
from units.models import BaseStatus, Unit, UnitLink, YearBase

REGIONS = (
    {name: ("east_west", name != "西昌市") for name in EAST_WEST}
    | dict.fromkeys(MOUNTAIN_SEA, ("mountain_sea", False))
    | {name: (None, name == "其他832脱贫县") for name in UNPAIRED}
)
OTHERS = [
    Kind.INSTITUTION, Kind.SCHOOL, Kind.HOSPITAL, Kind.SOE, Kind.FINANCIAL, Kind.ENTERPRISE, Kind.SOCIAL_ORG,
    Kind.INDIVIDUALS,
]  # fmt: skip
STATUSES = [Status.APPROVED] * 8 + [Status.SUBMITTED, Status.RETURNED, Status.DRAFT, Status.REVOKED]


class RandomYear:
    """`units`, `bases`, `lines` in the form plain_rules wants; `store()` puts them into the database."""

    def __init__(self, seed: int, size: int) -> None:
        self.random = random.Random(seed)
        self.units = self._units()
        self.bases = {code: base for code in self.units if (base := self._base(code))}
        self.lines = [line for number in range(size // 2) for line in self._purchase(number)]

    def _units(self) -> dict[str, dict[str, Any]]:
        pick, units = self.random, {}

        def add(code: str, kind: str, **links: Any) -> None:
            units[code] = {
                "kind": kind,
                "supervisor": None,
                "town": None,
                "host": None,
                "affiliation": "",
            } | links

        for number in range(4):
            add(f"D{number}", Kind.DEPARTMENT, affiliation="city")
            add(f"T{number}", pick.choice([Kind.TOWN, Kind.SUBDISTRICT, Kind.COMMITTEE]))
        for number in range(20):
            add(
                f"U{number:02d}",
                pick.choice(OTHERS),
                supervisor=pick.choice([None, "D0", "D1", "D2", "D3"]),
                town=pick.choice([None, "T0", "T1", "T2", "T3"]),
                affiliation=pick.choice(["", "city", "town"]),
            )
        hosts = [*units, None, None]
        for number in range(10):
            add(f"G{number}", Kind.UNION, host=pick.choice(hosts), town=pick.choice([None, "T0", "T1"]))
        return units

    def _base(self, code: str) -> dict[str, Any] | None:
        pick, kind = self.random, self.units[code]["kind"]
        if pick.random() < 0.15:
            return None

        def amount(top: int) -> int | None:
            return pick.choice([None, 0, *[pick.randrange(1, top) for _ in range(6)]])

        base = {
            "headcount": pick.choice([None, 0, 1, pick.randrange(2, 90)]),
            "canteen_budget": amount(90_000_000),
            "holiday_gifts": amount(20_000_000),
            "target": amount(60_000_000),
            "assistance_base": amount(20_000_000),
            "listed": kind != Kind.UNION and pick.random() < 0.2,
            "canteen": pick.choice(["", "", "own", "contracted", "none", "shared"]),
            "representative": None,
            "reserve": pick.choice([None, None, Decimal("8.25"), Decimal("15"), Decimal("0")]),
        }
        if base["canteen"] == "shared":
            base["representative"] = pick.choice([other for other in self.units if other != code])
        return base

    def _purchase(self, number: int) -> list[dict[str, Any]]:
        pick = self.random
        day = datetime.date(2020, 12, 20) + datetime.timedelta(days=pick.randrange(400))
        head = {
            "purchase": f"P{number:05d}",
            "unit": pick.choice(list(self.units)),
            "status": pick.choice(STATUSES),
            "date": day,
            "channel": pick.choice([Channel.PLATFORM_832, *Channel.values]),
        }
        sign = -1 if pick.random() < 0.08 else 1
        lines = []
        for _ in range(2):
            use = pick.choice([*Use.values, Use.CANTEEN, Use.UNION_HOLIDAY])
            amount = sign * pick.choice([1, pick.randrange(1, 99), pick.randrange(1, 5_000_000)])
            lines.append(
                head
                | {
                    "use": use,
                    "holiday": pick.choice(Holiday.values) if use == Use.UNION_HOLIDAY else "",
                    "region": pick.choice(list(REGIONS)),
                    "amount": amount,
                    "overlap": sign * pick.randrange(abs(amount) + 1) if use == Use.COMMERCE else 0,
                }
            )
        return lines

    def store(self) -> None:
        """Replace what the database holds of units, bases and purchases."""
        PurchaseLine.objects.all().delete()
        Purchase.objects.all().delete()
        YearBase.objects.all().delete()
        UnitLink.objects.all().delete()
        Unit.objects.update(host=None, supervisor=None, town=None)
        Unit.objects.all().delete()
        units = {
            code: Unit(code=code, name=code, kind=each["kind"], affiliation=each["affiliation"])
            for code, each in self.units.items()
        }
        Unit.objects.bulk_create(units.values())
        for code, each in self.units.items():
            for link in ("supervisor", "town", "host"):
                setattr(units[code], link, units.get(each[link]))
        Unit.objects.bulk_update(units.values(), ["supervisor", "town", "host"])
        UnitLink.objects.bulk_create(UnitLink(unit=unit, **current(unit)) for unit in units.values())
        YearBase.objects.bulk_create(self._base_row(units, code, base) for code, base in self.bases.items())
        self._store_lines(units)
        tallies.rebuild()

    def _base_row(self, units: dict[str, Unit], code: str, base: dict[str, Any]) -> YearBase:
        money = {
            name: None if base[name] is None else from_fen(base[name])
            for name in ("canteen_budget", "holiday_gifts", "target", "assistance_base")
        }
        return YearBase(
            unit=units[code],
            year=2021,
            headcount=base["headcount"],
            listed=base["listed"],
            canteen=base["canteen"],
            canteen_representative=units.get(base["representative"]),
            reserve_percent=base["reserve"],
            status=BaseStatus.CONFIRMED,
            **money,
        )

    def _store_lines(self, units: dict[str, Unit]) -> None:
        regions = {name: make_region(name) for name in REGIONS}
        supplier, _ = Supplier.objects.get_or_create(name="凉山合作社")
        purchases: dict[str, Purchase] = {}
        rows = []
        for line in self.lines:
            if line["purchase"] not in purchases:
                purchases[line["purchase"]] = Purchase(
                    number=line["purchase"],
                    unit=units[line["unit"]],
                    status=line["status"],
                    purchase_date=line["date"],
                    date=line["date"],
                    supplier=supplier,
                    channel=line["channel"],
                )
            approved = line["status"] == Status.APPROVED
            rows.append(
                PurchaseLine(
                    purchase=purchases[line["purchase"]],
                    position=1 + sum(row.purchase.number == line["purchase"] for row in rows[-1:]),
                    use=line["use"],
                    holiday=line["holiday"],
                    region=regions[line["region"]],
                    product_name="土豆",
                    amount=from_fen(line["amount"]),
                    overlap=from_fen(line["overlap"]),
                    recognised=from_fen(line["amount"]) if approved else None,
                    subject=units[line["unit"]] if approved else None,
                    posted=approved,
                )
            )
        Purchase.objects.bulk_create(purchases.values(), batch_size=500)
        PurchaseLine.objects.bulk_create(rows, batch_size=500)

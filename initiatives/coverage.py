"""Which towns have outlets, and what these sold: 第四部分（三）第一段."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from initiatives.amounts import Came, came
from initiatives.lasting import open_in, value_at
from initiatives.models import Record
from units.kinds import PLACES
from units.models import Unit

ELSEWHERE = "线上或未写明镇街"


@dataclass(frozen=True, slots=True)
class Place:
    """A town and the outlets open there as the year ends; `amount` (分): the year's, of closed ones too."""

    name: str
    outlets: list[Record]
    amount: int


@dataclass(frozen=True, slots=True)
class Coverage:
    places: list[Place]

    @property
    def towns(self) -> list[Place]:
        return [place for place in self.places if place.name != ELSEWHERE]

    @property
    def covered(self) -> int:
        return sum(1 for place in self.towns if place.outlets)


def coverage(user: Any, year: int) -> Coverage:
    """Every town in order of its code, with the outlets of the year that the person may see. Five queries."""
    towns = Unit.objects.filter(kind__in=PLACES, active=True).order_by("code")
    names = list(towns.values_list("name", flat=True))
    rows = Record.objects.visible_to(user).filter(kind="outlet").living_in(year)
    records = list(rows.order_by("title", "pk"))
    sums = came({record.pk: record.kind for record in records}, year)
    there: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        town = value_at(record, "town", datetime.date(year, 12, 31))
        there[town if town in names else ELSEWHERE].append(record)
    shown = [*names, ELSEWHERE] if there[ELSEWHERE] else names
    return Coverage([_place(name, there[name], sums, year) for name in shown])


def _place(name: str, records: list[Record], sums: dict[int, Came], year: int) -> Place:
    amount = sum(sums[record.pk].amount for record in records if record.pk in sums)
    return Place(name, [record for record in records if open_in(record, year)], amount)

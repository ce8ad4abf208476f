"""Which towns have outlets, and what these sold: 第四部分（三）第一段."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from initiatives.amounts import amounts
from initiatives.models import Record
from units.kinds import PLACES
from units.models import Unit

ELSEWHERE = "线上或未写明镇街"


@dataclass(frozen=True, slots=True)
class Place:
    """A town and the outlets there that are open; `amount` (分) is of all its outlets, closed ones too."""

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
    records = list(Record.objects.visible_to(user).filter(kind="outlet", year=year).order_by("title", "pk"))
    sums = amounts(record.pk for record in records)
    there: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        town = record.data.get("town")
        there[town if town in names else ELSEWHERE].append(record)
    places = [_place(name, there[name], sums) for name in names]
    if there[ELSEWHERE]:
        places.append(_place(ELSEWHERE, there[ELSEWHERE], sums))
    return Coverage(places)


def _place(name: str, records: list[Record], sums: dict[int, int]) -> Place:
    amount = sum(sums.get(record.pk, 0) for record in records)
    return Place(name, [record for record in records if record.state == "open"], amount)

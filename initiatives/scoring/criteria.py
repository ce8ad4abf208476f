"""A year's criteria: those that were saved, else the example."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import F

from initiatives.scoring.models import COMPUTED, Criterion, Measure, ScoreTable


@dataclass(frozen=True, slots=True)
class Item:
    """A criterion. `full` in hundredths of a point; `pk` None where it is only the example's."""

    name: str
    measure: str
    full: int
    about: str = ""
    pk: int | None = None

    @property
    def computed(self) -> bool:
        return self.measure in COMPUTED

    @property
    def deducts(self) -> bool:
        return self.measure == Measure.DEDUCTION

    @property
    def how(self) -> str:
        return str(Measure(self.measure).label)


@dataclass(frozen=True, slots=True)
class Entered:
    """What 市商务局 gave or takes, in hundredths."""

    points: int
    reason: str


@dataclass(frozen=True, slots=True)
class Criteria:
    """`table` None: nobody has saved any for the year. `entries`: by criterion and unit (ids)."""

    items: tuple[Item, ...]
    table: ScoreTable | None = None
    entries: Mapping[tuple[int | None, int], Entered] = field(default_factory=dict)

    @property
    def example(self) -> bool:
        return self.table is None or self.table.example


def criteria_of(year: int) -> Criteria:
    """With what was entered, all in one query."""
    rows = Criterion.objects.filter(table__year=year).select_related("table").order_by("position", "pk")
    entered = ("entries__unit", "entries__points", "entries__reason")
    found: list[Any] = list(
        rows.annotate(**{name.replace("entries__", "entry_"): F(name) for name in entered})
    )
    if not found:
        return Criteria(example())
    items = {each.pk: Item(each.name, each.measure, each.full, each.about, each.pk) for each in found}
    entries: dict[tuple[int | None, int], Entered] = {
        (each.pk, each.entry_unit): Entered(each.entry_points, each.entry_reason)
        for each in found
        if each.entry_unit is not None
    }
    return Criteria(tuple(items.values()), found[0].table, entries)


@cache
def example() -> tuple[Item, ...]:
    path = settings.BASE_DIR / "fixtures" / "scoring.json"
    return tuple(Item(**each) for each in json.loads(path.read_text(encoding="utf-8")))

"""Which figures a change would move, and by how much: the change is made, read, and taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from assessment.standing import YearStanding


@dataclass(frozen=True, slots=True)
class Shift:
    """One figure before and after, 分. `unit` empty for the city's."""

    year: int
    figure: str
    unit: str
    before: int
    after: int

    @property
    def by(self) -> int:
        return self.after - self.before


def shifts(years: Iterable[int], change: Callable[[], Any]) -> list[Shift]:
    """The figures of some years that `change` moves. Nothing of it stays; its refusals are raised."""
    with transaction.atomic():
        found = moved(years, change)
        transaction.set_rollback(True)
    return found


def moved(years: Iterable[int], change: Callable[[], Any]) -> list[Shift]:
    """The same, and the change stays: for the transaction that makes it."""
    years = sorted(set(years))
    before = {year: _figures(year) for year in years}
    change()
    after = {year: _figures(year) for year in years}
    return [
        Shift(year, figure, unit, before[year].get((figure, unit), 0), after[year].get((figure, unit), 0))
        for year in years
        for figure, unit in before[year] | after[year]
        if before[year].get((figure, unit), 0) != after[year].get((figure, unit), 0)
    ]


def _figures(year: int) -> dict[tuple[str, str], int]:
    standing = YearStanding.read(year)
    figures = {
        ("city_total", ""): standing.city_total.value,
        ("dept_town_total", ""): standing.dept_town_total.value,
    }
    figures |= {("attributed", row.unit.code): row.attributed for row in standing.responsible}
    return figures | {(each.rule, each.unit.code): each.numerator for each in standing.units}

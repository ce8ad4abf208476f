"""看板: a year's tasks as cards in columns, by their light or, once closed, by their state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from initiatives.amounts import Came
from initiatives.kinds import KINDS
from initiatives.kinds.base import CANCELLED, OPEN
from initiatives.lights import LIGHTS, NEVER, day_of, today
from initiatives.models import Milestone, Record
from initiatives.progress.owing import owed_of
from initiatives.words import Row

KIND = KINDS["task"]
UNDATED = "undated"
RARE = (UNDATED, CANCELLED.name)
"""Columns that are left out while they are empty."""
MOST = 50
"""Cards of one column; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Parts:
    """How many there are, and how many of them are done."""

    done: int = 0
    all: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    row: Row
    children: Parts
    steps: Parts


@dataclass(slots=True)
class Column:
    """`name` is one of LIGHTS, UNDATED or a closed state's."""

    name: str
    label: str
    cards: list[Card] = field(default_factory=list)
    count: int = 0

    @property
    def left(self) -> int:
        return self.count - len(self.cards)


def columns(rows: Any) -> list[Column]:
    """Of tasks read by `with_day`, their sub-tasks told on their cards. Five queries, whatever there is."""
    found = {name: Column(name, label) for name, label in LIGHTS}
    found[UNDATED] = Column(UNDATED, "未定时限")
    found |= {state.name: Column(state.name, state.label) for state in KIND.states if state is not OPEN}
    records = sorted(rows.filter(parent=None).select_related("unit"), key=lambda each: day_of(each) or NEVER)
    shown: list[tuple[Column, Record]] = []
    for record in records:
        row = Row.of(record, KIND, Came())
        column = found[
            row.light.name if row.light else UNDATED if record.state == OPEN.name else record.state
        ]
        column.count += 1
        if column.count <= MOST:
            shown.append((column, record))
    _fill(shown)
    return [each for each in found.values() if each.count or each.name not in RARE]


def _fill(shown: list[tuple[Column, Record]]) -> None:
    records = [record for _column, record in shown]
    keys = [record.pk for record in records]
    owed = owed_of(records, today())
    below = Record.objects.filter(parent__in=keys).exclude(state=CANCELLED.name)
    children = _counted(below.values_list("parent"), ~Q(state=OPEN.name))
    steps = _counted(
        Milestone.objects.filter(record__in=keys).values_list("record"), Q(done_on__isnull=False)
    )
    for column, record in shown:
        row = Row.of(record, KIND, Came(), owed.get(record.pk))
        column.cards.append(Card(row, children[record.pk], steps[record.pk]))


def _counted(rows: Any, done: Q) -> defaultdict[int, Parts]:
    """By task (pk)."""
    found: defaultdict[int, Parts] = defaultdict(Parts)
    numbers: Iterable[tuple[int, int, int]] = rows.order_by().annotate(
        done=Count("pk", filter=done), all=Count("pk")
    )
    found.update({key: Parts(finished, every) for key, finished, every in numbers})
    return found

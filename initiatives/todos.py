"""What of the plan's work waits for a person: tasks and agreements that are late or near their day."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from assessment.todo import Todo
from initiatives.funds import todos as funds
from initiatives.inspection import todos as inspection
from initiatives.kinds import KINDS
from initiatives.lights import SOON, day_of, due, light, today
from initiatives.market import todos as market
from initiatives.models import Part, Record, RecordUnit
from initiatives.progress import todos as progress
from initiatives.publicity import todos as publicity
from initiatives.rights import offices
from units.scope import Scope
from units.years import YearLock

EARLIEST = datetime.date(1970, 1, 1)
"""A day before it waits no longer than one on it: the calendar begins with year 1."""
SORTS = (
    ("due_work", "工作到期", "/initiatives/"),
    *progress.SORTS,
    *market.SORTS,
    *inspection.SORTS,
    *funds.SORTS,
    *publicity.SORTS,
)


def due_work(user: Any) -> QuerySet[Any]:
    """Open records near or past their day that the person's office holds or leads, in years that are not closed."""
    mine = offices(Scope.of(user))
    leading = RecordUnit.objects.filter(unit__in=mine, part=Part.LEAD).values("record")
    closed = YearLock.objects.filter(locked=True).values("year")
    rows = due(Record.objects.filter(Q(unit__in=mine) | Q(pk__in=leading)))
    lasting = [kind.slug for kind in KINDS.values() if kind.lasting]
    of_one_year = Q(ends=None) | Q(ends__year=F("year"))
    over = Q(ends__year__in=closed) | (Q(of_one_year, year__in=closed) & ~Q(kind__in=lasting))
    return rows.filter(next_day__lte=today() + SOON).exclude(over)


def _read(request: HttpRequest, limit: int) -> list[Todo]:
    rows = due_work(request.user).select_related("unit").order_by("next_day", "pk")[:limit]
    return [_todo(record) for record in rows]


def _todo(record: Record) -> Todo:
    kind = KINDS[record.kind]
    found, due_on = light(record, kind, today()), day_of(record)
    assert found is not None and due_on is not None
    day = datetime.datetime.combine(max(due_on, EARLIEST) - SOON, datetime.time.min)
    word = kind.word("ends", "结束日期") if due_on == record.ends else "最近节点"
    return Todo(
        since=timezone.make_aware(day),
        word="跟进",
        state=found.name,
        title=f"{kind.title} · {record.title} · {record.unit}",
        detail=f"{word} {due_on}，{found.text}",
        url=reverse("record", args=[record.pk]),
    )


READ = (
    (("due_work",), _read),
    *progress.READ,
    *market.READ,
    *inspection.READ,
    *funds.READ,
    *publicity.READ,
)

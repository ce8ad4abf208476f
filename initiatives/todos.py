"""What of the plan's work waits for a person: tasks and agreements that are late or near their day."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from assessment.todo import Todo
from initiatives.funds import todos as funds
from initiatives.inspection import todos as inspection
from initiatives.kinds import KINDS
from initiatives.lights import SOON, due, light, today
from initiatives.market import todos as market
from initiatives.models import Part, Record, RecordUnit
from initiatives.publicity import todos as publicity
from initiatives.rights import offices
from units.scope import Scope
from units.years import YearLock

SORTS = (
    ("due_work", "工作到期", "/initiatives/"),
    *market.SORTS,
    *inspection.SORTS,
    *funds.SORTS,
    *publicity.SORTS,
)


def due_work(user: Any) -> QuerySet[Record]:
    """Open records near or past their day that the person's office holds or leads, in years that are not closed."""
    mine = offices(Scope.of(user))
    leading = RecordUnit.objects.filter(unit__in=mine, part=Part.LEAD).values("record")
    closed = YearLock.objects.filter(locked=True).values("year")
    rows = due(Record.objects.filter(Q(unit__in=mine) | Q(pk__in=leading)))
    lasting = [kind.slug for kind in KINDS.values() if kind.lasting]
    over = Q(ends__year__in=closed) | (~Q(kind__in=lasting) & Q(year__in=closed))
    return rows.filter(ends__lte=today() + SOON).exclude(over)


def _read(request: HttpRequest, limit: int) -> list[Todo]:
    rows = due_work(request.user).select_related("unit").order_by("ends", "pk")[:limit]
    return [_todo(record) for record in rows]


def _todo(record: Record) -> Todo:
    kind = KINDS[record.kind]
    found = light(record, kind, today())
    assert found is not None and record.ends is not None
    day = datetime.datetime.combine(record.ends - SOON, datetime.time.min)
    return Todo(
        since=timezone.make_aware(day),
        word="跟进",
        state=found.name,
        title=f"{kind.title} · {record.title} · {record.unit}",
        detail=f"{kind.word('ends', '结束日期')} {record.ends}，{found.text}",
        url=reverse("record", args=[record.pk]),
    )


READ = ((("due_work",), _read), *market.READ, *inspection.READ, *funds.READ, *publicity.READ)

"""How near the day is by which something must be done: late, soon, in time."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import DateField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Least, NullIf
from django.utils import timezone

from initiatives.kinds import KINDS, Kind
from initiatives.kinds.base import OPEN
from initiatives.models import Milestone, Record

SOON = datetime.timedelta(days=30)
NEVER = datetime.date(9999, 12, 31)
LIGHTS = (("late", "已逾期"), ("soon", "30天内到期"), ("in_time", "未到期"))


@dataclass(frozen=True, slots=True)
class Light:
    """`name` is one of LIGHTS; `days` until the day, negative after it."""

    name: str
    days: int

    @property
    def text(self) -> str:
        return f"逾期 {-self.days} 天" if self.days < 0 else f"还剩 {self.days} 天"


def light(record: Record, kind: Kind, today: datetime.date) -> Light | None:
    """None where nothing is due: a kind without a due day, a record without one, or one that is done or cancelled."""
    day = day_of(record)
    if not kind.due or day is None or record.state != kind.first:
        return None
    return light_of(day, today)


def light_of(day: datetime.date, today: datetime.date) -> Light:
    days = (day - today).days
    return Light("late" if days < 0 else "soon" if days <= SOON.days else "in_time", days)


def day_of(record: Record) -> datetime.date | None:
    """The day that the light goes by: `next_day` of a row read by `with_day`, else the record's own last day."""
    found: datetime.date | None = getattr(record, "next_day", record.ends)
    return found


def with_day(rows: QuerySet[Any]) -> QuerySet[Any]:
    """With `next_day`: the first of its own last day, its open milestones' days and those of its open sub-tasks."""
    below = Record.objects.filter(parent=OuterRef("pk"), state=OPEN.name, ends__isnull=False).order_by("ends")
    mine = Milestone.objects.filter(record=OuterRef("pk"), done_on=None).order_by("due")
    theirs = Milestone.objects.filter(
        record__parent=OuterRef("pk"), record__state=OPEN.name, done_on=None
    ).order_by("due")
    never = Value(NEVER, DateField())
    days = (
        "ends",
        Subquery(below.values("ends")[:1]),
        *(Subquery(each.values("due")[:1]) for each in (mine, theirs)),
    )
    found: QuerySet[Any] = rows.annotate(
        next_day=NullIf(Least(*(Coalesce(day, never) for day in days)), never)
    )
    return found


def lit(rows: QuerySet[Any], name: str, today: datetime.date) -> QuerySet[Any]:
    """Those of `rows` whose light has the name, the nearest day first."""
    days = {
        "late": Q(next_day__lt=today),
        "soon": Q(next_day__gte=today, next_day__lte=today + SOON),
        "in_time": Q(next_day__gt=today + SOON),
    }
    return due(rows).filter(days[name]).order_by("next_day", "pk")


def due(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Open ones of which something is due; with `next_day`."""
    open_ones = Q()
    for kind in KINDS.values():
        if kind.due:
            open_ones |= Q(kind=kind.slug, state=kind.first)
    return with_day(rows).filter(open_ones, next_day__isnull=False)


def today() -> datetime.date:
    return timezone.localdate()

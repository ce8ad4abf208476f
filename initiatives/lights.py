"""How near the day is by which something must be done: late, soon, in time."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from initiatives.kinds import KINDS, Kind
from initiatives.models import Record

SOON = datetime.timedelta(days=30)
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
    if not kind.due or record.ends is None or record.state != kind.states[0].name:
        return None
    days = (record.ends - today).days
    return Light("late" if days < 0 else "soon" if days <= SOON.days else "in_time", days)


def lit(rows: QuerySet[Record], name: str, today: datetime.date) -> QuerySet[Record]:
    """Those of `rows` whose light has the name, the nearest day first."""
    days = {
        "late": Q(ends__lt=today),
        "soon": Q(ends__gte=today, ends__lte=today + SOON),
        "in_time": Q(ends__gt=today + SOON),
    }
    return due(rows).filter(days[name]).order_by("ends", "pk")


def due(rows: QuerySet[Record]) -> QuerySet[Record]:
    open_ones = Q()
    for kind in KINDS.values():
        if kind.due:
            open_ones |= Q(kind=kind.slug, state=kind.states[0].name)
    return rows.filter(open_ones, ends__isnull=False)


def today() -> datetime.date:
    return timezone.localdate()

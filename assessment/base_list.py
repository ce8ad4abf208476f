"""年度基数 of a year: which units must declare, where each declaration is on its way, how many came in time."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    FilteredRelation,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from units.deadlines import days_late
from units.models import BaseStatus, YearBase
from units.people import name_of
from units.scope import Scope

REPORTED = (BaseStatus.FILED, BaseStatus.CONFIRMED)
OPEN = (BaseStatus.UNFILED, BaseStatus.RETURNED)


@dataclass(frozen=True, slots=True)
class Progress:
    """Of the units that must declare. Shares in ten-thousandths, truncated; None where there is no unit.

    `listed`: how many rows the list has, whoever must declare; `unasked`: those of them that need not, and did.
    """

    listed: int
    unasked: int
    due: int
    reported: int
    on_time: int
    confirmed: int
    mine: int

    @property
    def reporting_rate(self) -> int | None:
        return self.reported * 10_000 // self.due if self.due else None

    @property
    def on_time_rate(self) -> int | None:
        return self.on_time * 10_000 // self.due if self.due else None


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def reviewed_by(user: Any) -> Q:
    """Declarations on `base` that the person may decide on: of their units, and not filed by themselves."""
    return Q(pk__in=Scope.of(user).reviewable().values("pk")) & ~Q(base__filed_by=user.get_username())


def of_year(user: Any, year: int, due: list[str], deadline: datetime.date) -> QuerySet[Any]:
    """Units the person may see that must declare, or did. The late ones first, then what waits for a decision.

    Adds `state` (a BaseStatus), `must`, `late` (must declare, has not, and the day is over), `on_time`,
    `mine` (the person may decide on it), `looked_after` (the person may remind the unit).
    """
    over = days_late(deadline) > 0
    end = timezone.make_aware(datetime.datetime.combine(deadline, datetime.time.max))
    rows = Scope.of(user).visible().filter(active=True)
    rows = rows.annotate(base=FilteredRelation("bases", condition=Q(bases__year=year)))
    rows = rows.filter(Q(kind__in=due) | Q(base__pk__isnull=False))
    rows = rows.annotate(state=Coalesce("base__status", Value(BaseStatus.UNFILED.value)))
    rows = rows.annotate(
        first=Coalesce("base__first_filed_at", "base__filed_at"),
        must=_flag(Q(kind__in=due)),
        late=_flag(Q(kind__in=due, state__in=OPEN)) if over else Value(False, output_field=BooleanField()),
        mine=_flag(reviewed_by(user)),
        looked_after=_flag(Q(pk__in=Scope.of(user).remindable().values("pk"))),
    )
    rows = rows.annotate(on_time=_flag(Q(state__in=REPORTED, first__lte=end)))
    order = Case(
        When(late=True, then=0),
        When(state=BaseStatus.FILED, then=1),
        When(state=BaseStatus.UNFILED, then=2),
        When(state=BaseStatus.RETURNED, then=3),
        default=4,
        output_field=IntegerField(),
    )
    return rows.order_by(order, "code")


def progress(rows: QuerySet[Any], listed: Q) -> Progress:
    """`listed`: which of the rows the list shows."""
    must = Q(must=True)
    counts = rows.order_by().aggregate(
        listed_count=Count("pk", filter=listed) if listed else Count("pk"),
        unasked_count=Count("pk", filter=listed & Q(must=False)),
        due=Count("pk", filter=must),
        reported=Count("pk", filter=must & Q(state__in=REPORTED)),
        on_time_count=Count("pk", filter=must & Q(on_time=True)),
        confirmed=Count("pk", filter=must & Q(state=BaseStatus.CONFIRMED)),
        mine_count=Count("pk", filter=Q(state=BaseStatus.FILED, mine=True)),
    )
    return Progress(
        counts["listed_count"],
        counts["unasked_count"],
        counts["due"],
        counts["reported"],
        counts["on_time_count"],
        counts["confirmed"],
        counts["mine_count"],
    )


def declarations(unit_ids: list[int], year: int) -> dict[tuple[int, int], YearBase]:
    """(unit, year) → what was declared for the year and the one before, and by those who represent a canteen.

    With `filer` and `confirmer`, display names (None for one who is no user).
    """
    shared = YearBase.objects.filter(unit__in=unit_ids, year=year, canteen_representative__isnull=False)
    rows = YearBase.objects.filter(
        Q(unit__in=unit_ids) | Q(unit__in=shared.values("canteen_representative")), year__in=(year - 1, year)
    )
    rows = rows.annotate(filer=name_of("filed_by"), confirmer=name_of("confirmed_by"))
    return {(base.unit_id, base.year): base for base in rows.select_related("unit", "canteen_representative")}

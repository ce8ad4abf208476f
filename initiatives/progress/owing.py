"""Which reports are owed: of open tasks, for quarters that are over, in years that are not closed."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, ExtractQuarter, ExtractYear, Greatest, Least
from django.db.models.lookups import GreaterThan

from initiatives.kinds.base import OPEN
from initiatives.models import BROKEN_DOWN, Part, Record, RecordUnit, Report
from initiatives.progress.models import ReportState
from initiatives.progress.quarters import GRACE, Quarter, latest_over, quarters_of
from initiatives.rights import offices
from units.models import Unit
from units.scope import Scope
from units.years import YearLock, locked_years

NOW = datetime.timedelta(0)


@dataclass(frozen=True, slots=True)
class Owed:
    """Of one task: the quarters not reported, the first of them and its last day to report."""

    quarters: tuple[Quarter, ...]
    deadline: datetime.date
    days_late: int

    @property
    def text(self) -> str:
        by_year: dict[int, list[str]] = defaultdict(list)
        for each in self.quarters:
            by_year[each.year].append(str(each.number))
        named = "，".join(f"{year} 年第{'、'.join(numbers)}季度" for year, numbers in by_year.items())
        late = f"，逾期 {self.days_late} 天" if self.days_late else f"，{self.deadline} 前报送"
        return f"{named}进展未报{late}"


def reporting(rows: QuerySet[Record]) -> QuerySet[Record]:
    """Those of `rows` that must report at all: open tasks, not their sub-tasks."""
    return rows.filter(kind__in=BROKEN_DOWN, parent=None, state=OPEN.name)


def owing(rows: QuerySet[Record], today: datetime.date, *, late: bool = False) -> QuerySet[Record]:
    """Those of `rows` of which a report is owed; `late`: for more than GRACE after the quarter.

    Fewer are filed than there are quarters of the task that are over and in years that are not closed.
    """
    over = latest_over(today, GRACE if late else NOW).place
    begins, ends = _place("starts"), Coalesce(_place("ends"), 4 * F("year") + 3)
    lasting = reporting(rows).alias(since=begins, until=Least(ends, Value(over)))
    since, until = OuterRef("since"), OuterRef("until")
    closed = YearLock.objects.filter(locked=True).order_by()
    within = Least(until, 4 * F("year") + 3) - Greatest(since, 4 * F("year")) + 1
    left_out = closed.values("locked").annotate(n=Sum(_whole(Greatest(Value(0), _whole(within)))))
    filed = Report.objects.filter(record=OuterRef("pk"), state=ReportState.FILED).order_by()
    filed = filed.alias(place=_whole(4 * F("year") + F("quarter") - 1))
    filed = filed.filter(place__gte=since, place__lte=until).exclude(year__in=closed.values("year"))
    done = filed.values("record").annotate(n=Count("pk"))
    settled = Coalesce(Subquery(left_out.values("n")), 0) + Coalesce(Subquery(done.values("n")), 0)
    return lasting.filter(GreaterThan(F("until") - F("since") + 1, settled))


def _place(day: str) -> Any:
    """The `place` of the quarter in which the day is."""
    return _whole(4 * ExtractYear(day) + ExtractQuarter(day) - 1)


def _whole(number: Any) -> Any:
    return ExpressionWrapper(number, IntegerField())


def owed_of(records: Iterable[Record], today: datetime.date) -> dict[int, Owed]:
    """By record (pk), for those that owe. Two queries; none where no record could owe."""
    records = [
        each
        for each in records
        if each.kind in BROKEN_DOWN and each.parent_id is None and each.state == OPEN.name
    ]
    if not records:
        return {}
    closed = locked_years()
    filed: dict[int, set[Quarter]] = defaultdict(set)
    rows = Report.objects.filter(record__in=[each.pk for each in records], state=ReportState.FILED)
    for pk, year, number in rows.values_list("record", "year", "quarter"):
        filed[pk].add(Quarter(year, number))
    found = {each.pk: _owed(each, filed[each.pk], closed, today) for each in records}
    return {pk: owed for pk, owed in found.items() if owed is not None}


def _owed(record: Record, filed: set[Quarter], closed: Collection[int], today: datetime.date) -> Owed | None:
    missing = [
        each
        for each in quarters_of(record)
        if each not in filed and each.year not in closed and each.last_day < today
    ]
    if not missing:
        return None
    until = missing[0].deadline
    return Owed(tuple(missing), until, max(0, (today - until).days))


def of_person(user: Any) -> QuerySet[Record]:
    """Tasks of which an office of the person's reports."""
    mine = offices(Scope.of(user))
    leads = RecordUnit.objects.filter(part=Part.LEAD)
    alone = Q(unit__in=mine) & ~Exists(leads.filter(record=OuterRef("pk")))
    return Record.objects.filter(Q(pk__in=leads.filter(unit__in=mine).values("record")) | alone)


def who_owes(records: Iterable[Record]) -> dict[int, list[Unit]]:
    """By record (pk), whose report it is: the 牵头 units', else the task's own unit's. One query.

    The plan's tasks without a 牵头 unit in the system belong to the first 责任 unit.
    """
    records = list(records)
    leads = RecordUnit.objects.filter(record__in=[each.pk for each in records], part=Part.LEAD)
    found: dict[int, list[Unit]] = defaultdict(list)
    for row in leads.select_related("unit").order_by("unit__code"):
        found[row.record_id].append(row.unit)
    return {each.pk: found[each.pk] or [each.unit] for each in records}

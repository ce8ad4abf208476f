"""Which reports are owed: of open tasks, for quarters that are over, in years that are not closed."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from initiatives.kinds.base import OPEN
from initiatives.models import BROKEN_DOWN, Part, Record, RecordUnit, Report
from initiatives.progress.models import ReportState
from initiatives.progress.quarters import GRACE, QUARTERS, deadline, last_day, latest_year, quarters_of
from initiatives.rights import offices
from units.models import Unit
from units.scope import Scope
from units.years import YearLock, locked_years

NOW = datetime.timedelta(0)


@dataclass(frozen=True, slots=True)
class Owed:
    """Of one task: the quarters not reported, the first of them and its last day to report."""

    quarters: tuple[int, ...]
    deadline: datetime.date
    days_late: int

    @property
    def text(self) -> str:
        named = "、".join(map(str, self.quarters))
        late = f"，逾期 {self.days_late} 天" if self.days_late else f"，{self.deadline} 前报送"
        return f"第{named}季度进展未报{late}"


def reporting(rows: QuerySet[Record]) -> QuerySet[Record]:
    """Those of `rows` that must report at all: open tasks, not their sub-tasks, of years that are not closed."""
    closed = YearLock.objects.filter(locked=True).values("year")
    return rows.filter(kind__in=BROKEN_DOWN, parent=None, state=OPEN.name).exclude(year__in=closed)


def owing(rows: QuerySet[Record], today: datetime.date, *, late: bool = False) -> QuerySet[Record]:
    """Those of `rows` of which a report is owed; `late`: for more than GRACE after the quarter."""
    found: Any = Q()
    for quarter in QUARTERS:
        filed = Report.objects.filter(record=OuterRef("pk"), quarter=quarter, state=ReportState.FILED)
        over = Q(year__lte=latest_year(quarter, today, GRACE if late else NOW))
        goes_on = Q(ends__isnull=True) | Q(ends__year__gt=F("year")) | Q(ends__quarter__gte=quarter)
        found |= over & Q(starts__quarter__lte=quarter) & goes_on & ~Exists(filed)
    return reporting(rows).filter(found)


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
    filed: dict[int, set[int]] = defaultdict(set)
    rows = Report.objects.filter(record__in=[each.pk for each in records], state=ReportState.FILED)
    for pk, quarter in rows.values_list("record", "quarter"):
        filed[pk].add(quarter)
    found = {each.pk: _owed(each, filed[each.pk], today) for each in records if each.year not in closed}
    return {pk: owed for pk, owed in found.items() if owed is not None}


def _owed(record: Record, filed: set[int], today: datetime.date) -> Owed | None:
    missing = [
        quarter
        for quarter in quarters_of(record)
        if quarter not in filed and last_day(record.year, quarter) < today
    ]
    if not missing:
        return None
    until = deadline(record.year, missing[0])
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

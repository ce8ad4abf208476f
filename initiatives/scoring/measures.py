"""What can be computed: of each department and town, how much of how much. Always exact, of integers.

Whose a unit is (a school's purchases, its 年度基数) follows the unit's links on the year's last day, as 责任单位 do.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    F,
    FilteredRelation,
    Max,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, TruncDate

from assessment.base_fields import due_kinds
from assessment.standing import YearStanding
from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.money import from_fen, yuan_display
from initiatives.models import Part, Record, RecordUnit
from initiatives.records import SUBJECT
from initiatives.scoring.models import Measure
from procurement.choices import LIVE, Status
from procurement.models import Purchase
from units.deadlines import day_set, usual
from units.links import LinkBook
from units.models import Unit

JUDGED = (*LIVE, Status.RETURNED, Status.REVOKED)
"""Purchases that were handed in at all."""
MISSING = {
    Measure.COMPLETION: "没有已确认的采购目标，无法计算",
    Measure.TIMELINESS: "没有应当填报年度基数的单位，无法计算",
    Measure.QUALITY: "还没有提交过采购，无法计算",
    Measure.TASKS: "没有已完成或已到时限的任务，无法计算",
}
"""Why a unit has no share of a measure."""


@dataclass(frozen=True, slots=True)
class Share:
    """`got` of `of` (分, units, purchases or tasks; `of` is above 0), and the same in words."""

    got: int
    of: int
    said: str

    def points(self, full: int) -> int:
        """Of `full`: cut off to the hundredth, not below 0 and not above `full`."""
        return max(0, min(self.got, self.of)) * full // self.of


Shares = Mapping[int, Share]
"""By the id of the department or town; none for whom it can't be computed."""


def computed(measures: Iterable[str], standing: YearStanding) -> dict[str, Shares]:
    """Each of the measures asked for. Two queries, whatever the number of units."""
    asked = set(measures)
    found: dict[str, Shares] = dict(_counted(standing, asked & set(SAID)))
    if Measure.COMPLETION in asked:
        found[Measure.COMPLETION] = _completion(standing)
    return found


def _completion(standing: YearStanding) -> Shares:
    return {
        row.unit.id: Share(
            row.attributed,
            row.target,
            f"完成 {yuan_display(from_fen(row.attributed))} 元，目标 {yuan_display(from_fen(row.target))} 元",
        )
        for row in standing.responsible
        if row.target
    }


SAID: dict[str, str] = {
    Measure.TIMELINESS: "{of} 个单位应当填报，{got} 个按时填报",
    Measure.QUALITY: "提交 {of} 笔采购，{got} 笔没有疑点、没有退回或撤销核准",
    Measure.TASKS: "{of} 项任务已完成或到时限，{got} 项按时完成",
}
"""What is counted, in words."""


def _counted(standing: YearStanding, measures: set[str]) -> Iterator[tuple[str, Shares]]:
    """What is counted by unit, added up by who answers for it; a task is its unit's own."""
    if not measures:
        return
    kinds = {pk: unit.kind for pk, unit in standing.facts.units.items()}
    book, last = LinkBook.load(kinds=kinds), datetime.date(standing.year, 12, 31)
    sums: dict[str, dict[int, list[int]]] = {each: defaultdict(lambda: [0, 0]) for each in measures}
    rows = _filed(standing).union(_clean(standing), _held(standing), _led(standing), all=True)
    for unit, measure, got, of in rows:
        answers = unit if measure == Measure.TASKS else book.answer(unit, last).responsible
        if measure in measures and answers is not None:
            sums[measure][answers][0] += got
            sums[measure][answers][1] += of
    for measure, found in sums.items():
        said = SAID[measure]
        yield (
            measure,
            {unit: Share(got, of, said.format(got=got, of=of)) for unit, (got, of) in found.items()},
        )


def _filed(standing: YearStanding) -> Any:
    """(unit, measure, 1 if it filed in time, 1) of each that must. A base returned and filed anew later is in time."""
    year, usual_day = standing.year, Value(usual(standing.year, None), DateField())
    of_year = FilteredRelation("bases", condition=Q(bases__year=year))
    deadline = Coalesce(Subquery(day_set(year)), usual_day)
    rows = Unit.objects.filter(active=True, kind__in=due_kinds(standing.rules)).annotate(base=of_year)
    day = TruncDate(Coalesce("base__first_filed_at", "base__filed_at"))
    rows = rows.annotate(day=day, deadline=deadline)
    in_time = Case(When(Q(day__lte=F("deadline")) & Q(day__lte=standing.as_of), then=1), default=0)
    return rows.order_by().values_list("pk", _named(Measure.TIMELINESS), in_time, Value(1))


def _clean(standing: YearStanding) -> Any:
    """(unit, measure, its purchases without doubts, returns and revocations, all it handed in)."""
    rows = Purchase.objects.filter(
        date__year=standing.year, date__lte=standing.as_of, status__in=JUDGED
    ).order_by()
    good = Count("pk", filter=Q(status__in=LIVE, doubts=0))
    counted = rows.values("unit").annotate(measure=_named(Measure.QUALITY), got=good, of=Count("pk"))
    return counted.values_list("unit", "measure", "got", "of")


def _named(measure: Measure) -> Value:
    return Value(measure.value, CharField())


def _held(standing: YearStanding) -> Any:
    """(unit, measure, 1 if done in time, 1) of each task that is done or whose day is over, by who holds it."""
    rows = Record.objects.filter(_judged(standing)).annotate(day=_finished("pk")).order_by()
    in_time = Case(When(state="done", day__lte=F("ends"), then=1), default=0)
    return rows.values_list("unit", _named(Measure.TASKS), in_time, Value(1))


def _led(standing: YearStanding) -> Any:
    """The same by who leads a task that another holds."""
    rows = RecordUnit.objects.filter(_judged(standing, "record__"), part=Part.LEAD).order_by()
    rows = rows.exclude(unit=F("record__unit")).annotate(day=_finished("record"))
    in_time = Case(When(record__state="done", day__lte=F("record__ends"), then=1), default=0)
    return rows.values_list("unit", _named(Measure.TASKS), in_time, Value(1))


def _judged(standing: YearStanding, path: str = "") -> Q:
    """In the year in which it was to be done."""
    kind, year = Q(**{f"{path}kind": "task"}), Q(**{f"{path}ends__year": standing.year})
    over = Q(**{f"{path}state": "open", f"{path}ends__lt": standing.as_of})
    return kind & year & (over | Q(**{f"{path}state": "done"}))


def _finished(pk: str) -> TruncDate:
    """The day on which a record was last said to be done, from the trail."""
    subject = Concat(Value(SUBJECT), Cast(OuterRef(pk), CharField()))
    events = AuditEvent.objects.filter(action="完成工作", subject=subject).order_by().values("subject")
    return TruncDate(Subquery(events.annotate(last=Max("at")).values("last")))

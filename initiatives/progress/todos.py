"""Quarterly reports that wait for the unit that owes them."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from assessment.todo import Todo
from initiatives.lights import today
from initiatives.models import Record
from initiatives.progress.models import ReportState
from initiatives.progress.owing import Owed, of_person, owed_of, owing

SORTS = (("progress", "季度进展", "/initiatives/kinds/task/?report=owed"),)


def waiting(user: Any) -> QuerySet[Record]:
    return owing(of_person(user), today())


def _read(request: HttpRequest, limit: int) -> list[Todo]:
    rows = waiting(request.user).select_related("unit").prefetch_related("reports").order_by("year", "pk")
    records = list(rows[:limit])
    owed = owed_of(records, today())
    return [_todo(each, owed[each.pk]) for each in records if each.pk in owed]


def _todo(record: Record, owed: Owed) -> Todo:
    back = next((each for each in record.reports.all() if each.state == ReportState.RETURNED), None)
    since = datetime.datetime.combine(owed.deadline, datetime.time.min)
    return Todo(
        since=timezone.make_aware(since),
        word="修改后重新报送" if back else "报送季度进展",
        state="late" if owed.days_late else "soon",
        title=f"季度进展 · {record.title} · {record.unit}",
        detail=owed.text + (f"。{back}退回原因：{back.reason}" if back else ""),
        url=reverse("record", args=[record.pk]) + "#reports",
    )


READ = ((("progress",), _read),)

"""A task's quarters as its page shows them."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from initiatives.kinds.base import CANCELLED, OPEN
from initiatives.models import Paper, Record, Report
from initiatives.progress.forms import ReportForm
from initiatives.progress.models import ReportState
from initiatives.progress.quarters import deadline, first_day, last_day, quarters_of
from initiatives.progress.reports import sends_back


@dataclass(frozen=True, slots=True)
class Quarter:
    """`state` and `label`: its badge. `form` where the person may file, `may_return` where they may send back."""

    number: int
    report: Report | None
    papers: list[Paper]
    state: str
    label: str
    form: ReportForm | None
    may_return: bool


def quarters(record: Record, user: Any, today: datetime.date, *, may_change: bool) -> list[Quarter]:
    """Those that have begun, the latest first. One query."""
    filed, papers = _filed(record)
    begun = [each for each in quarters_of(record) if first_day(record.year, each) <= today]
    found = []
    for number in reversed(begun):
        report = filed.get(number)
        done = report is not None and report.state == ReportState.FILED
        filing = may_change and not done and record.state != CANCELLED.name
        state, label = _badge(record, number, report, today)
        initial = {"text": report.text} if report else {}
        form = ReportForm(act=f"q{number}", initial=initial) if filing else None
        may_return = report is not None and done and sends_back(user, report)
        found.append(Quarter(number, report, papers[number], state, label, form, may_return))
    return found


def _filed(record: Record) -> tuple[dict[int, Report], dict[int, list[Paper]]]:
    """Reports and their papers by quarter: a row of the query is a report with one of its papers, or with none."""
    columns = {name: F(f"papers__{name}") for name in ("pk", "name", "uploaded_at")}
    rows: Any = record.reports.select_related("unit", "filed_by")
    filed: dict[int, Report] = {}
    papers: dict[int, list[Paper]] = defaultdict(list)
    for row in rows.annotate(**{f"paper_{name}": each for name, each in columns.items()}).order_by(
        "paper_pk"
    ):
        filed[row.quarter] = row
        if row.paper_pk:
            paper = Paper(pk=row.paper_pk, name=row.paper_name, uploaded_at=row.paper_uploaded_at)
            papers[row.quarter].append(paper)
    return filed, papers


def _badge(record: Record, number: int, report: Report | None, today: datetime.date) -> tuple[str, str]:
    if report is not None and report.state == ReportState.FILED:
        return "filed", report.get_state_display()
    late = (today - deadline(record.year, number)).days
    if record.state == OPEN.name and late > 0:
        return "late", f"逾期 {late} 天未报" if report is None else f"已退回，逾期 {late} 天"
    if report is not None:
        return "returned", report.get_state_display()
    over = last_day(record.year, number) < today
    return ("soon", "待报") if over and record.state == OPEN.name else ("unfiled", "未报")

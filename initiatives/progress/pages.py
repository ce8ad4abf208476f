"""A task's quarters as its page shows them."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from initiatives.kinds.base import CANCELLED, OPEN
from initiatives.models import Paper, Record, Report
from initiatives.progress.forms import ReportForm
from initiatives.progress.models import ReportState
from initiatives.progress.quarters import Quarter, quarters_of
from initiatives.progress.reports import sends_back


@dataclass(frozen=True, slots=True)
class Shown:
    """A quarter. `state` and `label`: its badge. `form` where the person may file, `may_return` where they may send back."""

    quarter: Quarter
    report: Report | None
    papers: list[Any]
    state: str
    label: str
    form: ReportForm | None
    may_return: bool
    may_attach: bool


def quarters(
    record: Record, user: Any, today: datetime.date, *, may_change: bool, closed: Collection[int]
) -> list[Shown]:
    """Those that have begun, and any that was filed, the latest first; of `closed` years only to read. One query."""
    filed, papers = _filed(record)
    asked = [each for each in quarters_of(record) if each.first_day <= today]
    found = []
    for quarter in sorted({*asked, *filed}, reverse=True):
        report = filed.get(quarter)
        done = report is not None and report.state == ReportState.FILED
        open_year = quarter.year not in closed
        filing = may_change and open_year and not done and record.state != CANCELLED.name
        state, label = _badge(record, quarter, report, today)
        initial = {"text": report.text} if report else {}
        form = ReportForm(act=f"q{quarter.place}", initial=initial) if filing else None
        may_return = report is not None and done and open_year and sends_back(user, report)
        may_attach = may_change and open_year
        for paper in papers[quarter]:
            paper.may_remove = may_attach
        found.append(Shown(quarter, report, papers[quarter], state, label, form, may_return, may_attach))
    return found


def _filed(record: Record) -> tuple[dict[Quarter, Report], dict[Quarter, list[Any]]]:
    """Reports and their papers by quarter: a row of the query is a report with one of its papers, or with none."""
    columns = {name: F(f"papers__{name}") for name in ("pk", "name", "uploaded_at")}
    rows: Any = record.reports.select_related("unit", "filed_by")
    filed: dict[Quarter, Report] = {}
    papers: dict[Quarter, list[Any]] = defaultdict(list)
    for row in rows.annotate(**{f"paper_{name}": each for name, each in columns.items()}).order_by(
        "paper_pk"
    ):
        quarter = Quarter(row.year, row.quarter)
        filed[quarter] = row
        if row.paper_pk:
            paper = Paper(pk=row.paper_pk, name=row.paper_name, uploaded_at=row.paper_uploaded_at)
            papers[quarter].append(paper)
    return filed, papers


def _badge(record: Record, quarter: Quarter, report: Report | None, today: datetime.date) -> tuple[str, str]:
    if report is not None and report.state == ReportState.FILED:
        return "filed", report.get_state_display()
    late = (today - quarter.deadline).days
    if record.state == OPEN.name and late > 0:
        return "late", f"逾期 {late} 天未报" if report is None else f"已退回，逾期 {late} 天"
    if report is not None:
        return "returned", report.get_state_display()
    over = quarter.last_day < today
    return ("soon", "待报") if over and record.state == OPEN.name else ("unfiled", "未报")

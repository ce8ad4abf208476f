"""季度进展 of a task: filed by the unit that leads it, sent back by 市对口支援办 or 市商务局. Each verb is one transaction with
its word in the trail of the task. Refused (Chinese sentence) changes nothing; NotAllowed where it is not the person's to do.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cixi_xiezuo.errors import NotAllowed, Refused
from initiatives import records
from initiatives.kinds import KINDS
from initiatives.kinds.base import CANCELLED
from initiatives.models import Record, Report
from initiatives.progress.models import ReportState
from initiatives.progress.owing import who_owes
from initiatives.progress.quarters import Quarter, quarters_of
from initiatives.rights import offices
from units.models import Role, Unit
from units.scope import Scope
from units.years import require_open


def reports(record: Record) -> bool:
    """Does anybody report of it? Tasks, not their sub-tasks."""
    return KINDS[record.kind].broken_down and record.parent_id is None


def visible(user: Any) -> QuerySet[Report]:
    return Report.objects.filter(record__in=Record.objects.visible_to(user).order_by().values("pk"))


def sends_back(user: Any, report: Report) -> bool:
    """市对口支援办 and 市商务局; not what their own unit filed. `user` None is the server's operator, who may."""
    if user is None:
        return True
    scope = Scope.of(user)
    return scope.has(Role.OVERSIGHT, Role.BUREAU) and report.unit_id not in offices(scope)


def may_attach(user: Any, report: Report) -> bool:
    return records.may_change(user, report.record)


def locked(report: Report) -> Report:
    """The report, its task's row locked, of a year that is not closed."""
    rows = Record.objects.select_for_update(of=("self",)).select_related("unit")
    record = rows.get(pk=report.record_id)
    found = Report.objects.select_related("unit").get(pk=report.pk)
    require_open([found.year])
    found.record = record
    return found


def note_act(action: str, report: Report, by: Any, **detail: Any) -> None:
    records.note_act(action, report.record, by, number=str(report), **detail)


@transaction.atomic
def file_report(record: Record, quarter: Quarter, *, by: Any, text: str) -> Report:
    """报送季度进展 of a quarter that has begun; once, and again after it was sent back."""
    record = records.require_mine(record, by)
    if not reports(record) or record.state == CANCELLED.name:
        raise Refused(f"“{record}”不需要报送季度进展")
    if quarter not in quarters_of(record):
        raise Refused(f"“{record}”在 {quarter}没有任务，不需要报送")
    if quarter.first_day > timezone.localdate():
        raise Refused(f"{quarter}还没有开始，不能报送")
    require_open([quarter.year])
    if not text.strip():
        raise Refused("请填写进展")
    report = record.reports.filter(year=quarter.year, quarter=quarter.number).first()
    if report is not None and report.state == ReportState.FILED:
        raise Refused(f"{quarter}进展已报送；需要改动的，请联系市对口支援办或市商务局退回")
    report = report or Report(record=record, year=quarter.year, quarter=quarter.number)
    report.unit, report.text, report.state, report.reason = (
        _filing(record, by),
        text.strip(),
        ReportState.FILED,
        "",
    )
    report.filed_by, report.filed_at = by, timezone.now()
    report.save()
    note_act("报送季度进展", report, by, name=report.text)
    return report


def _filing(record: Record, by: Any) -> Unit:
    """For whom the person files: a unit of theirs that owes the report, else the task's own."""
    units = who_owes([record])[record.pk]
    mine = offices(Scope.of(by)) if by is not None else {each.pk for each in units}
    return next((each for each in units if each.pk in mine), record.unit)


@transaction.atomic
def return_report(report: Report, *, by: Any, reason: str) -> Report:
    """退回季度进展, with the reason; it is owed again."""
    report = locked(report)
    if not sends_back(by, report):
        raise NotAllowed("只有市对口支援办和市商务局可以退回其他单位的季度进展")
    if report.state != ReportState.FILED:
        raise Refused(f"{report}已退回，请刷新页面")
    if not reason.strip():
        raise Refused("请填写退回的原因")
    report.state, report.reason = ReportState.RETURNED, reason.strip()
    report.save(update_fields=["state", "reason"])
    note_act("退回季度进展", report, by, reason=report.reason)
    return report

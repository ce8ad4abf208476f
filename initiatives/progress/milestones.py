"""里程碑 of a task: added, changed, reached, opened again, taken out. Each verb is one transaction with its word in the
trail of the task. Refused (Chinese sentence) changes nothing; NotAllowed where the task is not the person's to change.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from cixi_xiezuo.errors import Refused
from initiatives.kinds import KINDS
from initiatives.models import Record
from initiatives.progress.models import Milestone
from initiatives.records import note_act, require_mine

MOST = 50
"""Milestones of one task."""


@transaction.atomic
def add_milestone(record: Record, *, by: Any, name: str, due: datetime.date) -> Milestone:
    """增加里程碑 to an open task."""
    record = _open(record, by)
    if record.milestones.count() >= MOST:
        raise Refused(f"一项任务最多 {MOST} 个里程碑，请用子任务分解")
    made = Milestone.objects.create(record=record, name=_named(name), due=_within(due, record))
    note_act("增加里程碑", record, by, name=made.name, until=str(due))
    return made


@transaction.atomic
def change_milestone(milestone: Milestone, *, by: Any, name: str, due: datetime.date) -> Milestone:
    """修改里程碑 that is not reached yet. The same again changes nothing."""
    milestone = _locked(milestone, by, done=False, doing="修改")
    before = (milestone.name, milestone.due)
    milestone.name, milestone.due = _named(name), due
    if before == (milestone.name, due):
        return milestone
    _within(due, milestone.record)
    milestone.save(update_fields=["name", "due"])
    changes = {"名称": [before[0], milestone.name], "期限": [str(before[1]), str(due)]}
    changed = {label: pair for label, pair in changes.items() if pair[0] != pair[1]}
    note_act("修改里程碑", milestone.record, by, name=milestone.name, changes=changed)
    return milestone


@transaction.atomic
def reach_milestone(milestone: Milestone, *, by: Any, done_on: datetime.date) -> Milestone:
    """完成里程碑: on which day; who says so is kept."""
    milestone = _locked(milestone, by, done=False, doing="完成")
    if done_on > timezone.localdate():
        raise Refused(f"里程碑“{milestone}”的完成日 {done_on} 晚于今天，请核对")
    if done_on < milestone.record.starts:
        raise Refused(
            f"里程碑“{milestone}”的完成日 {done_on} 早于任务的开始日期 {milestone.record.starts}，请核对"
        )
    milestone.done_on, milestone.done_by = done_on, by
    milestone.save(update_fields=["done_on", "done_by"])
    note_act("完成里程碑", milestone.record, by, name=f"{milestone}（{done_on}）")
    return milestone


@transaction.atomic
def reopen_milestone(milestone: Milestone, *, by: Any, reason: str) -> Milestone:
    """重开里程碑 that was called reached too early."""
    milestone = _locked(milestone, by, done=True, doing="重开")
    if not reason.strip():
        raise Refused("请填写重开的原因")
    milestone.done_on, milestone.done_by = None, None
    milestone.save(update_fields=["done_on", "done_by"])
    note_act("重开里程碑", milestone.record, by, name=milestone.name, reason=reason.strip())
    return milestone


@transaction.atomic
def remove_milestone(milestone: Milestone, *, by: Any) -> None:
    """删除里程碑 that is not reached yet; the trail keeps its name."""
    milestone = _locked(milestone, by, done=False, doing="删除")
    note_act("删除里程碑", milestone.record, by, name=milestone.name, until=str(milestone.due))
    milestone.delete()


def _open(record: Record, by: Any) -> Record:
    """The task, its row locked, which alone has milestones while it is open."""
    record = require_mine(record, by)
    kind = KINDS[record.kind]
    if not kind.broken_down:
        raise Refused(f"“{kind.title}”没有里程碑")
    if record.state != kind.first:
        raise Refused(f"“{record}”目前为“{kind.state(record.state).label}”，不能改动里程碑")
    return record


def _locked(milestone: Milestone, by: Any, *, done: bool, doing: str) -> Milestone:
    """The task's row is the lock."""
    record = _open(milestone.record, by)
    found = Milestone.objects.filter(pk=milestone.pk).first()
    if found is None:
        raise Refused("这个里程碑已删除，请刷新页面")
    if (found.done_on is not None) is not done:
        word = "已完成" if found.done_on else "未完成"
        raise Refused(f"里程碑“{found}”{word}，不能{doing}，请刷新页面")
    found.record = record
    return found


def _named(name: str) -> str:
    if not name.strip():
        raise Refused("请填写里程碑的名称")
    return name.strip()


def _within(due: datetime.date, record: Record) -> datetime.date:
    if due < record.starts:
        raise Refused(f"里程碑的期限 {due} 早于任务的开始日期 {record.starts}，请核对")
    if record.ends is not None and due > record.ends:
        raise Refused(f"里程碑的期限 {due} 晚于任务的完成时限 {record.ends}，请核对")
    return due

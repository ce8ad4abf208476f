"""子任务: a task broken down, one level deep, to the units that have a part in it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from cixi_xiezuo.errors import Refused
from initiatives.kinds import KINDS
from initiatives.models import Record
from initiatives.records import Content, add_record, require_mine
from units.models import Unit

MOST = 100
"""Sub-tasks of one task."""


def units_for(record: Record) -> QuerySet[Unit]:
    """To whom a sub-task may be given: the task's own unit and all that have a part in it."""
    parts = record.parts.values("unit")
    return Unit.objects.filter(Q(pk=record.unit_id) | Q(pk__in=parts), active=True).order_by("code")


def may_break_down(record: Record) -> bool:
    """Open, of a kind that is broken down, and no sub-task itself."""
    kind = KINDS[record.kind]
    return kind.broken_down and record.state == kind.first and record.parent_id is None


@transaction.atomic
def add_subtask(parent: Record, unit: Unit, content: Content, *, by: Any) -> Record:
    """增加子任务, by whoever may change the task. Refused below a sub-task, and for a unit that has no part in the task."""
    parent = require_mine(parent, by)
    if not may_break_down(parent):
        raise Refused(f"“{parent}”不能再分解：只有进行中的任务可以有子任务，且只分一级")
    if not units_for(parent).filter(pk=unit.pk).exists():
        raise Refused(f"“{unit}”在“{parent}”中没有分工，请先在任务中列出")
    if parent.children.count() >= MOST:
        raise Refused(f"一项任务最多 {MOST} 项子任务")
    return add_record(parent.kind, unit, content, by=by, parent=parent)

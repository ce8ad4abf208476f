"""What may be done to a record. Each verb is one transaction with its word in the trail of the record's unit.

A closed year's records stay as they are; of one that lasts, what that year shows of it (`lasting`). Every verb raises
Refused (Chinese sentence) and changes nothing when it can't; NotAllowed where the person does not record for the unit.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed, Refused, Stale
from initiatives import lasting, rights
from initiatives.kinds import KINDS, Verb
from initiatives.kinds.base import DONE
from initiatives.models import Record, RecordPurchase, RecordUnit
from initiatives.progress import remaining
from procurement.models import Purchase, Region
from units.models import Unit
from units.years import require_open

ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Content:
    """`data`: the kind's own fields; `parts`: who takes part, as Part values by unit."""

    title: str
    starts: datetime.date
    ends: datetime.date | None = None
    region: Region | None = None
    note: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[Unit, str] = field(default_factory=dict)


SUBJECT = "工作记录 "
"""How the trail calls a record, with its number."""


def subject_of(record: Record) -> str:
    return f"{SUBJECT}{record.pk}"


def require_mine(record: Record, by: Any) -> Record:
    """The record, its row locked; NotAllowed where it is not the person's, Refused where its year is closed.

    One that lasts has no one year: it is Refused where all its years are closed, else its verbs ask what they change
    (`lasting.closed_years_keep`).
    """
    rows = Record.objects.select_for_update(of=("self",)).select_related("unit", "region", "parent")
    record = rows.get(pk=record.pk)
    if not may_change(by, record):
        raise NotAllowed("您没有改动这条记录的权限")
    if lasting.lasts(record):
        lasting.require_living(record)
    else:
        require_open([record.year])
    return record


def may_change(user: Any, record: Record) -> bool:
    """`user` None is the server's operator, who may. One query where the record's unit is not the person's."""
    if rights.may_record(user, record.unit):
        return True
    led = KINDS[record.kind].broken_down
    return led and Record.objects.editable_by(user).filter(pk=record.pk).exists()


def _keeping(record: Record, *, new: bool = False) -> AbstractContextManager[None]:
    """Around a change: what closed years show stays."""
    return lasting.closed_years_keep(record, new=new) if lasting.lasts(record) else nullcontext()


def _require_begun(kind: str, content: Content) -> None:
    found = KINDS[kind]
    if not (found.lasting or (found.broken_down and lasting.over_years(content.starts, content.ends))):
        require_open([content.starts.year])


def _require(unit: Unit, by: Any) -> None:
    if not rights.may_record(by, unit):
        raise NotAllowed("您没有为该单位登记工作的权限")


def note_act(action: str, record: Record, by: Any, **detail: Any) -> None:
    audit.record(action, by=by, subject=subject_of(record), stream=record.unit.code, **detail)


@transaction.atomic
def create_record(kind: str, unit: Unit, content: Content, *, by: Any) -> Record:
    """登记工作: a new record of the unit, in the first state of its kind."""
    _require(unit, by)
    return add_record(kind, unit, content, by=by)


def add_record(kind: str, unit: Unit, content: Content, *, by: Any, parent: Record | None = None) -> Record:
    """The record itself, inside a verb that has asked whether the person may."""
    record = Record(kind=kind, unit=unit, parent=parent, state=KINDS[kind].first, recorded_by=by)
    record = put(record, content)
    note_act("登记工作", record, by, title=record.title, after=_words(record))
    return record


def put(record: Record, content: Content) -> Record:
    """Store the content in a new or a locked record, inside a verb that has asked and that writes the trail."""
    _require_begun(record.kind, content)
    if record.pk is None:
        _fill(record, content)
        record.save(force_insert=True)
        with _keeping(record, new=True):
            _set_parts(record, content.parts)
        return record
    with _keeping(record):
        _fill(record, content)
        _set_parts(record, content.parts)
    record.version += 1
    record.save()
    return record


@transaction.atomic
def change_record(record: Record, content: Content, *, by: Any, version: int | None = None) -> Record:
    """修改工作. `version` is the one the person saw: Stale where it has moved on. The same again changes nothing."""
    record = require_mine(record, by)
    if version is not None and version != record.version:
        raise Stale("这条记录刚刚被他人改动，请刷新后再改")
    _require_begun(record.kind, content)
    before = _words(record)
    with _keeping(record):
        _fill(record, content)
        _set_parts(record, content.parts)
    after = _words(record)
    if after == before:
        return record
    record.version += 1
    record.save()
    changes = {name: [before[name], after[name]] for name in after if before.get(name) != after[name]}
    note_act("修改工作", record, by, changes=changes)
    return record


def _fill(record: Record, content: Content) -> None:
    if not content.title.strip():
        raise Refused("请填写名称")
    if content.ends is not None and content.ends < content.starts:
        raise Refused("结束日期不能早于开始日期")
    _require_within(record, content)
    record.title, record.note = content.title.strip(), content.note.strip()
    record.starts, record.ends, record.year = content.starts, content.ends, content.starts.year
    record.region = content.region
    record.data = {each.name: content.data.get(each.name) for each in KINDS[record.kind].fields}


def _require_within(record: Record, content: Content) -> None:
    """A sub-task lies within its task; a task with sub-tasks stays in its year."""
    parent = record.parent
    if parent is None:
        moved = record.pk and content.starts.year != record.year
        if moved and (record.children.exists() or record.reports.exists()):
            raise Refused(f"“{record}”有子任务或季度进展，不能改到 {content.starts.year} 年度")
        return
    if not lasting.lives_in(parent, content.starts.year):
        raise Refused(f"子任务的开始日期 {content.starts} 应在上级任务的 {_years(parent)}年度内")
    if content.ends and parent.ends and content.ends > parent.ends:
        raise Refused(f"子任务的完成时限 {content.ends} 晚于上级任务的 {parent.ends}，请核对")


def _years(record: Record) -> str:
    last = f" 至 {record.ends.year} " if record.ends and lasting.lasts(record) else " "
    return f"{record.starts.year}{last}"


def _set_parts(record: Record, parts: Mapping[Unit, str]) -> None:
    record.parts.all().delete()
    RecordUnit.objects.bulk_create(
        RecordUnit(record=record, unit=unit, part=part) for unit, part in parts.items()
    )


def _words(record: Record) -> dict[str, Any]:
    common = {
        "名称": record.title,
        "开始": record.starts.isoformat(),
        "结束": record.ends.isoformat() if record.ends else "",
        "地区": record.region.name if record.region else "",
        "说明": record.note,
    }
    rows = RecordUnit.objects.filter(record=record).select_related("unit")
    parts = {"分工": [f"{row.get_part_display()}：{row.unit}" for row in rows]} if record.pk else {}
    own = {each.label: record.data.get(each.name) for each in KINDS[record.kind].fields}
    return common | own | parts


@transaction.atomic
def move(record: Record, verb: str, *, by: Any, reason: str = "", day: datetime.date | None = None) -> Record:
    """One of the kind's verbs: from one of its sources to its target. `day` on which what lasts ends; None is today."""
    record = require_mine(record, by)
    kind = KINDS[record.kind]
    found = kind.verb(verb)
    if found is None or record.state not in found.source:
        raise Refused(f"“{record.title}”目前为“{kind.state(record.state).label}”，不能这样操作，请刷新页面")
    if found.reason and not reason.strip():
        raise Refused(f"请填写{found.label}的原因")
    if kind.broken_down:
        _require_in_step(record, found)
    before = record.ends
    with _keeping(record):
        record.state = found.target
        if kind.lasting:
            record.ends = _end(record, found, day)
    record.version += 1
    record.save(update_fields=["state", "ends", "version"])
    moved = {kind.word("ends", "结束日期"): [f"{before or ''}", f"{record.ends or ''}"]}
    changes = {"changes": moved} if record.ends != before else {}
    note_act(f"{found.label}工作", record, by, title=record.title, reason=reason.strip(), **changes)
    return record


def _end(record: Record, verb: Verb, day: datetime.date | None) -> datetime.date | None:
    """When a record that lasts ends after the verb. What is open again has no end behind it."""
    today = timezone.localdate()
    if verb.target == KINDS[record.kind].first:
        return None if record.ends is not None and record.ends < today else record.ends
    day = day or today
    if day < record.starts or day > today:
        raise Refused(f"{verb.label}的日期应在 {record.starts} 到今天之间，不能是 {day}")
    return day if verb.cuts else record.ends or day


@transaction.atomic
def change_from(record: Record, name: str, value: Any, since: datetime.date, *, by: Any) -> Record:
    """自某日起变更 a field of one that lasts (its operator, its address); what it was until then is kept.

    Changes follow one another in time: an earlier or a future day is Refused. The same value changes nothing.
    """
    record = require_mine(record, by)
    kind = KINDS[record.kind]
    label = dict(lasting.dated(kind)).get(name) if kind.lasting else None
    if label is None:
        raise Refused("这一项不能自某日起变更，请用“修改”")
    before = record.data.get(name)
    if value == before:
        return record
    last = max([each["until"] for each in record.earlier if each["name"] == name], default="")
    begun = datetime.date.fromisoformat(last) + ONE_DAY if last else record.starts
    if not begun < since <= min(record.ends or datetime.date.max, timezone.localdate()):
        raise Refused(f"变更日期应晚于 {begun}，不晚于今天和{kind.word('ends', '结束日期')}，不能是 {since}")
    with _keeping(record):
        past = {"name": name, "value": before, "until": (since - ONE_DAY).isoformat()}
        record.earlier = [*record.earlier, past]
        record.data = record.data | {name: value}
    record.version += 1
    record.save(update_fields=["earlier", "data", "version"])
    note_act("变更工作", record, by, since=f"{since}", changes={f"{label}（自 {since} 起）": [before, value]})
    return record


def _require_in_step(record: Record, verb: Verb) -> None:
    """A task is closed after what it was broken down into, and opened before it."""
    if verb.target == KINDS[record.kind].first:
        remaining.require_open_parent(record)
    else:
        remaining.require_nothing_open(record, verb.label, milestones=verb.target == DONE.name)


@transaction.atomic
def link(record: Record, purchase: Purchase, *, by: Any) -> RecordPurchase:
    """关联采购: from now on the record's amount has this purchase's. Once a kind, so that nothing counts twice."""
    record = require_mine(record, by)
    if purchase.is_refund:
        raise Refused(f"采购 {purchase.number} 是退货，随原采购计算，不必关联")
    _require_its_year(record, purchase)
    try:
        with transaction.atomic():
            made = RecordPurchase.objects.create(record=record, purchase=purchase, kind=record.kind)
    except IntegrityError:
        title = KINDS[record.kind].title
        raise Refused(f"采购 {purchase.number} 已关联到一条“{title}”记录，同一类中只能算一次") from None
    note_act("关联采购", record, by, number=purchase.number)
    return made


def _require_its_year(record: Record, purchase: Purchase, *, living: bool = True) -> None:
    """Of a record that lasts, the year of the purchase is the one whose figures change; a draft may have none."""
    if not KINDS[record.kind].lasting or purchase.date is None:
        return
    year = purchase.date.year
    require_open([year])
    if living and not lasting.lives_in(record, year):
        until = f"{record.starts} 至 {record.ends or '今'}"
        raise Refused(
            f"采购 {purchase.number} 的日期是 {purchase.date}，不在“{record.title}”的年度内（{until}），请核对"
        )


@transaction.atomic
def unlink(made: RecordPurchase, *, by: Any) -> None:
    """取消关联."""
    record = require_mine(made.record, by)
    _require_its_year(record, made.purchase, living=False)
    if not RecordPurchase.objects.filter(pk=made.pk).delete()[0]:
        raise Refused("这笔采购已取消关联，请刷新页面")
    note_act("取消关联采购", record, by, number=made.purchase.number)

"""What 市商务局 does about scores. Each verb is one transaction with its word in the trail; a closed year stays as it is.

Refused (Chinese sentence) changes nothing; NotAllowed for others than 市商务局.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed, Refused, Stale
from initiatives.scoring.criteria import Item
from initiatives.scoring.models import COMPUTED, WHOLE, Criterion, Entry, Measure, ScoreTable
from initiatives.scoring.points import shown
from initiatives.scoring.scope import may_edit
from initiatives.scoring.sheet import sheet_of
from units.kinds import ANSWERING
from units.models import Unit
from units.years import require_open


def require_bureau(by: Any) -> None:
    if not may_edit(by):
        raise NotAllowed("考核评分由市商务局负责")


def table_subject(year: int) -> str:
    return f"{year} 年度考核指标"


def subject_of(year: int, unit: Unit) -> str:
    return f"{year} 年度考核评分 {unit.code}"


@transaction.atomic
def save_criteria(
    year: int, items: Sequence[Item], *, by: Any, example: bool = True, version: int | None = None
) -> ScoreTable:
    """保存考核指标: exactly these, in this order; an item with `pk` is one that is there already.

    `version`: of the table that the person saw (0: there was none), Stale where it has changed; None: does not matter.
    """
    require_bureau(by)
    require_open([year])
    _require_sound(items)
    table, _ = ScoreTable.objects.get_or_create(year=year, defaults={"version": 0})
    table = ScoreTable.objects.select_for_update().get(pk=table.pk)
    if version is not None and version != table.version:
        raise Stale(f"{year} 年度考核指标刚刚有人改过，请看清现在的内容再修改")
    before = _words(table)
    _store(table, items)
    table.example, table.version, table.saved_at = example, table.version + 1, timezone.now()
    table.save()
    after = _words(table)
    changes = {
        name: [before.get(name), after.get(name)]
        for name in before | after
        if before.get(name) != after.get(name)
    }
    if changes:
        audit.record("保存考核指标", by=by, subject=table_subject(year), changes=changes)
    return table


def _require_sound(items: Sequence[Item]) -> None:
    names = [item.name.strip() for item in items]
    if not items or not all(names):
        raise Refused("请填写考核指标的名称")
    if doubled := [name for name in names if names.count(name) > 1]:
        raise Refused(f"指标“{doubled[0]}”写了两次，请合并")
    for item in items:
        if item.measure not in Measure.values:
            raise Refused(f"请选择“{item.name}”的得分方式")
        if not 0 < item.full <= WHOLE:
            raise Refused(f"“{item.name}”的满分应大于 0、不超过 100 分")
    for measure in COMPUTED:
        if sum(item.measure == measure for item in items) > 1:
            raise Refused(f"“{measure.label}”只能用于一项指标")
    whole = sum(item.full for item in items if not item.deducts)
    if whole != WHOLE:
        raise Refused(f"各项满分（扣分项除外）合计应为 100.00 分，现为 {shown(whole)} 分")


def _words(table: ScoreTable) -> dict[str, str]:
    found = {
        each.name: f"{each.position}. {each.get_measure_display()}，{shown(each.full)} 分；{each.about}"
        for each in table.criteria.all()
    }
    return found | {"示例": "是" if table.example else "否"} if found else {}


def _store(table: ScoreTable, items: Sequence[Item]) -> None:
    """What has entries keeps its way of scoring, and is not taken away."""
    there = {each.pk: each for each in table.criteria.annotate(entered=Count("entries"))}
    if unknown := {item.pk for item in items if item.pk is not None} - there.keys():
        raise Stale(f"有 {len(unknown)} 项指标已被他人删除，请刷新页面")
    named = {item.pk: item for item in items}
    for pk, old in there.items():
        item, entered = named.get(pk), old.entered
        if entered and (item is None or item.measure != old.measure):
            raise Refused(f"“{old}”已有 {entered} 个单位的评定，请先清除评定再删除或改变得分方式")
        most = max(old.entries.values_list("points", flat=True), default=0) if entered else 0
        if item is not None and most > item.full:
            raise Refused(f"“{old}”已评定的最高为 {shown(most)} 分，满分不能低于这个数")
    table.criteria.exclude(pk__in=[item.pk for item in items if item.pk]).delete()
    for pk in there.keys() & named.keys():  # so that two may change names with each other
        Criterion.objects.filter(pk=pk).update(name=f"\t{pk}")
    for position, item in enumerate(items, start=1):
        values: dict[str, Any] = {"position": position, "name": item.name.strip(), "measure": item.measure}
        values |= {"full": item.full, "about": item.about.strip()}
        if item.pk is None:
            Criterion.objects.create(table=table, **values)
        else:
            Criterion.objects.filter(pk=item.pk).update(**values)


@transaction.atomic
def enter(criterion: Criterion, unit: Unit, *, by: Any, points: int, reason: str) -> Entry:
    """评定: `points` in hundredths, of a criterion that is not, or can't be, computed for the unit."""
    require_bureau(by)
    criterion = _locked(criterion)
    year = criterion.table.year
    if unit.kind not in ANSWERING:
        raise Refused(f"“{unit}”不是市级部门、镇、街道或管委会，不参加考核评分")
    if not reason.strip():
        raise Refused("请填写评定的理由")
    if not 0 <= points <= criterion.full:
        raise Refused(f"“{criterion}”应在 0 到 {shown(criterion.full)} 分之间，不能是 {shown(points)} 分")
    if criterion.measure in COMPUTED:
        _require_not_computed(criterion, unit)
    entry = Entry.objects.filter(criterion=criterion, unit=unit).first()
    before = shown(entry.points) if entry else ""
    entry = entry or Entry(criterion=criterion, unit=unit)
    entry.points, entry.reason, entry.by, entry.at = points, reason.strip(), by, timezone.now()
    entry.save()
    changes = {criterion.name: [before, shown(points)]}
    audit.record(
        "考核评定",
        by=by,
        subject=subject_of(year, unit),
        stream=unit.code,
        changes=changes,
        reason=entry.reason,
    )
    return entry


def _locked(criterion: Criterion) -> Criterion:
    """Its table's row is the lock; the year is open."""
    found = Criterion.objects.select_related("table").filter(pk=criterion.pk).first()
    if found is None:
        raise Refused("这项指标已被删除，请刷新页面")
    require_open([found.table.year])
    ScoreTable.objects.select_for_update().get(pk=found.table_id)
    return Criterion.objects.select_related("table").get(pk=criterion.pk)


def _require_not_computed(criterion: Criterion, unit: Unit) -> None:
    sheet = sheet_of(criterion.table.year)
    row = sheet.of(unit.code)
    place = [item.pk for item in sheet.items].index(criterion.pk)
    mark = row.marks[place] if row else None
    if mark is not None and mark.points is not None and not mark.entered:
        raise Refused(f"“{criterion}”由系统计算（{mark.said}），不用评定")


@transaction.atomic
def clear(entry: Entry, *, by: Any, reason: str) -> None:
    """清除评定, with the reason."""
    require_bureau(by)
    criterion = _locked(entry.criterion)
    if not reason.strip():
        raise Refused("请填写清除的原因")
    found = Entry.objects.filter(pk=entry.pk).select_related("unit").first()
    if found is None:
        raise Refused("这项评定已清除，请刷新页面")
    found.delete()
    audit.record(
        "清除考核评定",
        by=by,
        subject=subject_of(criterion.table.year, found.unit),
        stream=found.unit.code,
        changes={criterion.name: [shown(found.points), ""]},
        reason=reason.strip(),
    )

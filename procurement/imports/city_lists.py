"""宁波名单企业.xlsx and 采购目标.xlsx: what the city decides for its units, one column of their 年度基数.

A unit without a declaration gets a confirmed one that holds this alone. One that is filed and waits keeps its state:
the city's word then holds once the declaration is confirmed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils import timezone

from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed
from procurement.imports import cells
from procurement.imports.alone import alone, locking
from procurement.imports.bases import year
from procurement.imports.lookup import Units
from procurement.imports.plan import Plan, shown
from procurement.imports.report import Problem, Report
from procurement.imports.sheet import Column, Read, Tell, read
from procurement.imports.units import name
from procurement.imports.years import Years
from units.models import BaseStatus, Role, Unit, YearBase
from units.scope import Scope
from units.years import require_open


@dataclass(frozen=True, slots=True)
class CityList:
    """`field`: the field of a declaration that the column `column` sets."""

    label: str
    column: str
    field: str
    read: Callable[[Any], Any]

    @property
    def columns(self) -> tuple[Column, ...]:
        return (
            Column("年度", year, required=True),
            Column("单位编码", cells.unit, required=True, varied=True),
            Column("单位名称", name(100), varied=True),
            Column(self.column, self.read, required=True),
        )


LISTED = CityList("宁波名单企业", "宁波名单企业", "listed", cells.yes_no)
TARGETS = CityList("采购目标", "采购目标", "target", cells.not_negative)
Rows = list[tuple[int, YearBase, Any]]


def load_listed(data: bytes, *, by: Any) -> Report:
    """Raises Rejected with every bad row; NotAllowed without the right."""
    return _load(LISTED, data, by)


def load_targets(data: bytes, *, by: Any) -> Report:
    """Raises Rejected with every bad row; NotAllowed without the right."""
    return _load(TARGETS, data, by)


def _load(kind: CityList, data: bytes, by: Any) -> Report:
    sheet = read(data, kind.columns, kind.label)
    with alone():
        return plan_city_list(kind, sheet, by=by).carry_out()


def plan_city_list(kind: CityList, sheet: Read, *, by: Any) -> Plan:
    if by is not None and not Scope.of(by).has(Role.BUREAU):
        raise NotAllowed(f"{kind.label}由市商务局导入")
    plan = Plan(kind.label, notices=list(sheet.notices), problems=list(sheet.problems))
    units, years = Units(), Years()
    asked = {row.get("年度") for row in sheet.rows if row.get("年度")}
    existing = {(base.year, base.unit_id): base for base in locking(YearBase.objects.filter(year__in=asked))}
    seen: set[tuple[int, int]] = set()
    changes: Rows = []
    for row in sheet.rows:
        unit, missing = units.find(row.number, "单位编码", row.get("单位编码"))
        plan.problems += missing
        value = row.get(kind.column)
        if unit is None or not row.get("年度") or value is None:
            continue
        plan.problems += _other_name(row.number, row.get("单位名称"), unit)
        key = (row.get("年度"), unit.pk)
        if key in seen:
            plan.problems.append(
                Problem(row.number, "单位编码", unit.code, f"{key[0]} 年度重复出现，每个单位每年只填一行")
            )
            continue
        seen.add(key)
        base = existing.get(key) or YearBase(year=key[0])
        base.unit = unit
        if _compare(plan, kind, row.number, base, value):
            plan.problems += years.problems(row.number, "年度", base.year)
            changes.append((row.number, base, value))
    waiting = sum(base.status in (BaseStatus.FILED, BaseStatus.RETURNED) for _, base, _ in changes)
    if waiting:
        plan.notices.append(f"有 {waiting} 个单位的年度基数还没有确认，{kind.column}在确认后才计入")
    if kind is TARGETS:
        values = [row.get(kind.column) for row in sheet.rows]
        plan.totals.append((kind.column, sum((value for value in values if value is not None), Decimal(0))))
    plan.store = partial(_store, kind, changes, by=by)
    return plan


def _other_name(row: int, said: str | None, unit: Unit) -> list[Problem]:
    if not said or said == unit.name:
        return []
    return [Problem(row, "单位名称", said, f"编码 {unit.code} 是“{unit.name}”，与所填名称不符，请核对")]


def _compare(plan: Plan, kind: CityList, row: int, base: YearBase, value: Any) -> bool:
    key = f"{base.year} {base.unit.code} {base.unit.name}"
    before = getattr(base, kind.field)
    if base.pk is not None and before == value:
        plan.add_same(key)
        return False
    if base.pk is None:
        plan.add_new(row, key, lambda: f"{kind.column} {shown(value)}")
    else:
        plan.add_changed(row, key, ((kind.column, shown(before), shown(value)),))
    return True


def _store(kind: CityList, changes: Rows, *, by: Any, source: Mapping[str, Any], tell: Tell) -> None:
    tell("写入", 0, len(changes))
    if not changes:
        return
    require_open({base.year for _, base, _ in changes})
    now, who = timezone.now(), audit.actor_name(by)
    before = {f"{base.year} {base.unit.code}": getattr(base, kind.field) for _, base, _ in changes if base.pk}
    new = [base for _, base, _ in changes if base.pk is None]
    for _, base, value in changes:
        setattr(base, kind.field, value)
        if base.pk is None or base.status == BaseStatus.UNFILED:
            base.status = BaseStatus.CONFIRMED
            base.filed_by, base.filed_at, base.first_filed_at = who, now, now
            base.confirmed_by, base.confirmed_at = who, now
    YearBase.objects.bulk_create(new, batch_size=100)
    YearBase.objects.bulk_update(
        [base for _, base, _ in changes if base not in new],
        [kind.field, "status", "filed_by", "filed_at", "first_filed_at", "confirmed_by", "confirmed_at"],
        batch_size=100,
    )
    audit.record(
        f"导入{kind.label}",
        by=by,
        subject=kind.label,
        created=[f"{base.year} {base.unit.code}" for base in new],
        updated=before,
        **source,
    )

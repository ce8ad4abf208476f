"""单位.xlsx → units and their links. A row is the whole truth of its unit; columns left out are kept."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed
from procurement.imports import cells
from procurement.imports.alone import alone, locking
from procurement.imports.lookup import Units
from procurement.imports.plan import Plan
from procurement.imports.report import Problem, Report
from procurement.imports.sheet import Column, Read, Row, Tell, read
from procurement.moves import (
    keep_links,
    link_problem,
    reattribute,
    require_kind_free,
    require_supervisor_free,
)
from units import codes
from units.kinds import Affiliation, Kind
from units.models import Role, Unit
from units.scope import Scope


def uscc(value: Any) -> str:
    return codes.uscc(cells.code(value))


def name(size: int) -> Callable[[Any], str]:
    return lambda value: cells.limited(cells.plain(value), size)


COLUMNS = (
    Column("单位编码", cells.code, required=True, varied=True),
    Column("单位名称", name(100), required=True, varied=True),
    Column("单位类别", cells.choice(Kind), required=True),
    Column("统一社会信用代码", uscc, varied=True),
    Column("主管部门编码", cells.unit),
    Column("所在镇街编码", cells.unit),
    Column("所属单位编码", cells.unit),
    Column("隶属层级", cells.choice(Affiliation)),
)
PLAIN = {"单位名称": "name", "单位类别": "kind", "统一社会信用代码": "uscc", "隶属层级": "affiliation"}
LINKS = {"主管部门编码": "supervisor", "所在镇街编码": "town", "所属单位编码": "host"}
MAY = (Role.SYSTEM_ADMIN, Role.BUREAU)


def load_units(data: bytes, *, by: Any, since: datetime.date | None = None) -> Report:
    """Store the units of a workbook. Raises Rejected with every bad row; NotAllowed without the right.

    Changed links are a correction, in force from the beginning, unless `since` says from which day on.
    Purchases already approved are then attributed anew, in the same transaction.
    """
    sheet = read(data, COLUMNS, "单位")
    with alone():
        return plan_units(sheet, by=by, since=since).carry_out()


def plan_units(sheet: Read, *, by: Any, since: datetime.date | None = None) -> Plan:
    if by is not None and not Scope.of(by).has(*MAY):
        raise NotAllowed("您没有导入单位的权限")
    rows, problems, notices, given = sheet
    plan = Plan("单位", notices=list(notices), problems=list(problems))
    existing = {unit.code: unit for unit in _linked(list(locking(Unit.objects.all())))}
    units: dict[str, Unit] = {}
    places: dict[str, int] = {}
    before: dict[str, dict[str, str]] = {}
    for row in rows:
        code = row.get("单位编码")
        if not code:
            continue
        if code in units:
            plan.problems.append(Problem(row.number, "单位编码", code, "本表中重复出现，每个单位只填一行"))
            continue
        unit = existing.get(code) or Unit(code=code)
        before[code] = _said(unit)
        for column, field in PLAIN.items():
            if column in given and row.get(column) is not None:
                setattr(unit, field, row.get(column))
        units[code], places[code] = unit, row.number
    everyone = Units([*existing.values(), *units.values()])
    for row in rows:
        if (code := row.get("单位编码")) in units and places[code] == row.number:
            plan.problems += _link(row, units[code], everyone, given)
    for code, unit in units.items():
        _compare(plan, places[code], unit, before[code])
        if unit.pk is None and by is not None and not Scope.of(by).has(Role.SYSTEM_ADMIN):
            plan.forbidden.append(
                Problem(places[code], "单位编码", code, "新增单位由系统管理员办理，请核对编码")
            )
    plan.problems += _unfitting(units, before, places, everyone)
    plan.store = partial(_store, units, before, by=by, since=since)
    return plan


def _linked(units: list[Unit]) -> list[Unit]:
    """The units, each with its links at hand."""
    by_id = {unit.pk: unit for unit in units}
    for unit in units:
        for link in LINKS.values():
            setattr(unit, link, by_id.get(getattr(unit, f"{link}_id")))
    return units


def _said(unit: Unit) -> dict[str, str]:
    """A unit in the words of the workbook, by column."""
    words = {column: getattr(unit, field) for column, field in PLAIN.items()}
    words["单位类别"] = Kind(unit.kind).label if unit.kind else ""
    words["隶属层级"] = Affiliation(unit.affiliation).label if unit.affiliation else ""
    for column, link in LINKS.items():
        target = getattr(unit, link)
        words[column] = target.code if target else ""
    return words


def _link(row: Row, unit: Unit, everyone: Units, given: set[str]) -> list[Problem]:
    """Point a unit at the units its row names; says what is wrong with each."""
    problems: list[Problem] = []
    for column, field in LINKS.items():
        if column not in given:
            continue
        target, missing = everyone.find(row.number, column, row.get(column), "请核对或先在本表中补上")
        problems += missing
        if missing:
            continue
        if (wrong := link_problem(unit, field, target)) is not None:
            problems.append(Problem(row.number, column, row.get(column) or "", wrong))
        else:
            setattr(unit, field, target)
    if unit.kind and unit.kind != Kind.UNION and "所属单位编码" not in given and unit.host is not None:
        problems.append(
            Problem(row.number, "单位类别", "", "原为有所属单位的工会，改类别时请一并清空所属单位编码")
        )
    return problems


def _unfitting(
    units: dict[str, Unit], before: dict[str, dict[str, str]], places: dict[str, int], everyone: Units
) -> Iterator[Problem]:
    """A unit whose kind changes must still be what the units outside the workbook point at it for."""
    turned = {
        unit.code
        for code, unit in units.items()
        if unit.pk is not None and _said(unit)["单位类别"] != before[code]["单位类别"]
    }
    for other in everyone.by_code.values() if turned else ():
        for column, link in LINKS.items():
            target = getattr(other, link)
            if other.code in units or target is None or target.code not in turned:
                continue
            if link_problem(other, link, units[target.code]) is not None:
                yield Problem(
                    places[target.code],
                    "单位类别",
                    _said(units[target.code])["单位类别"],
                    f"单位 {other.code} 以它为{column.removesuffix('编码')}，请先修改那个单位，或在本表中一并修改",
                )


def _compare(plan: Plan, row: int, unit: Unit, before: dict[str, str]) -> None:
    key, after = f"{unit.code} {unit.name}", _said(unit)
    if unit.pk is None:
        plan.add_new(row, key, lambda: "，".join(filter(None, (after["单位类别"], after["隶属层级"]))))
    elif after != before:
        plan.add_changed(
            row,
            key,
            tuple((name, before[name], after[name]) for name in after if after[name] != before[name]),
        )
    else:
        plan.add_same(key)


def _store(
    units: dict[str, Unit],
    before: dict[str, dict[str, str]],
    *,
    by: Any,
    since: datetime.date | None,
    source: Mapping[str, Any],
    tell: Tell,
) -> None:
    tell("写入", 0, len(units))
    changed = [unit for code, unit in units.items() if unit.pk is not None and _said(unit) != before[code]]
    new = [unit for unit in units.values() if unit.pk is None]
    links = {unit.code: (unit.supervisor, unit.town, unit.host) for unit in new}
    for unit in new:
        unit.supervisor = unit.town = unit.host = None
    Unit.objects.bulk_create(new)
    for unit in new:
        unit.supervisor, unit.town, unit.host = links[unit.code]
    for unit in changed:  # a link to a unit that was new until now gets its id
        unit.supervisor, unit.town, unit.host = unit.supervisor, unit.town, unit.host
    require_kind_free(_turned(changed, before, "单位类别"), since)
    require_supervisor_free(_turned(changed, before, "主管部门编码"), since)
    Unit.objects.bulk_update(
        new + changed, ["name", "kind", "uscc", "affiliation", "supervisor", "town", "host"], batch_size=100
    )
    moved = [unit for unit in changed if _moves(_said(unit), before[unit.code])]
    keep_links(new, None)
    keep_links(moved, since)
    reattribute([unit.pk for unit in moved])
    if new or changed:
        audit.record(
            "导入单位",
            by=by,
            subject="单位",
            created=[unit.code for unit in new],
            updated={unit.code: before[unit.code] for unit in changed},
            since=since,
            **source,
        )


def _turned(units: list[Unit], before: dict[str, dict[str, str]], column: str) -> list[int]:
    """Ids of those of the units in which the column is another."""
    return [unit.pk for unit in units if _said(unit)[column] != before[unit.code][column]]


def _moves(after: dict[str, str], before: dict[str, str]) -> bool:
    """Whether who answers for the unit's purchases may be another."""
    return any(after[column] != before[column] for column in ("单位类别", "隶属层级", *LINKS))

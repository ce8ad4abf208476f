"""单位.xlsx → units and their links. A row is the whole truth of its unit; columns left out are kept."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction

from cixi_xiezuo import audit
from procurement.imports import cells
from procurement.imports.report import Problem, Rejected, Report
from procurement.imports.sheet import Column, Row, read
from procurement.moves import WATCHED, keep_links, link_problem, reattribute, require_kind_free, state
from units import codes
from units.kinds import Affiliation, Kind
from units.models import Unit


def uscc(value: Any) -> str:
    return codes.uscc(cells.code(value))


def name(size: int) -> Callable[[Any], str]:
    return lambda value: cells.limited(cells.plain(value), size)


COLUMNS = (
    Column("单位编码", cells.code, required=True),
    Column("单位名称", name(100), required=True),
    Column("单位类别", cells.choice(Kind), required=True),
    Column("统一社会信用代码", uscc),
    Column("主管部门编码", cells.code),
    Column("所在镇街编码", cells.code),
    Column("所属单位编码", cells.code),
    Column("隶属层级", cells.choice(Affiliation)),
)
PLAIN = {"单位名称": "name", "单位类别": "kind", "统一社会信用代码": "uscc", "隶属层级": "affiliation"}
LINKS = {"主管部门编码": "supervisor", "所在镇街编码": "town", "所属单位编码": "host"}


@transaction.atomic
def load_units(data: bytes, *, by: Any, since: datetime.date | None = None) -> Report:
    """Store the units of a workbook. Raises Rejected with every bad row.

    Changed links are a correction, in force from the beginning, unless `since` says from which day on.
    Purchases already approved are then attributed anew, in the same transaction.
    """
    rows, problems, notices, given = read(data, COLUMNS, "单位")
    existing = {unit.code: unit for unit in Unit.objects.select_for_update()}
    units: dict[str, Unit] = {}
    before: dict[str, dict[str, Any]] = {}
    for row in rows:
        code = row.get("单位编码")
        if not code:
            continue
        if code in units:
            problems.append(Problem(row.number, "单位编码", code, "本表中重复出现，每个单位只填一行"))
            continue
        unit = existing.get(code) or Unit(code=code)
        before[code] = state(unit)
        for column, field in PLAIN.items():
            if column in given and row.get(column) is not None:
                setattr(unit, field, row.get(column))
        units[code] = unit
    everyone = {**existing, **units}
    for row in rows:
        if (code := row.get("单位编码")) in units:
            problems += _link(row, units[code], everyone, given)
    if problems:
        raise Rejected(problems)
    return _store(units, before, by=by, since=since, notices=notices)


def _link(row: Row, unit: Unit, everyone: dict[str, Unit], given: set[str]) -> list[Problem]:
    """Point a unit at the units its row names; says what is wrong with each."""
    problems = []
    for column, field in LINKS.items():
        if column not in given:
            continue
        code = row.get(column)
        target = everyone.get(code) if code else None
        problem = partial(Problem, row.number, column, code or "")
        if code and target is None:
            problems.append(problem("没有这个编码的单位，请核对或先在本表中补上"))
        elif (wrong := link_problem(unit, field, target)) is not None:
            problems.append(problem(wrong))
        else:
            setattr(unit, field, target)
    if unit.kind and unit.kind != Kind.UNION and "所属单位编码" not in given and unit.host_id:
        problems.append(
            Problem(row.number, "单位类别", "", "原为有所属单位的工会，改类别时请一并清空所属单位编码")
        )
    return problems


def _store(
    units: dict[str, Unit],
    before: dict[str, dict[str, Any]],
    *,
    by: Any,
    since: datetime.date | None,
    notices: list[str],
) -> Report:
    report = Report("单位", notices=notices)
    links = {code: (unit.supervisor, unit.town, unit.host) for code, unit in units.items()}
    new = [unit for unit in units.values() if unit.pk is None]
    for unit in new:
        unit.supervisor = unit.town = unit.host = None
    Unit.objects.bulk_create(new)
    for code, unit in units.items():
        unit.supervisor, unit.town, unit.host = links[code]
    changed = [unit for code, unit in units.items() if state(unit) != before[code] and unit not in new]
    require_kind_free(unit.pk for unit in changed if unit.kind != before[unit.code]["kind"])
    report.created, report.updated = len(new), len(changed)
    report.unchanged = len(units) - len(new) - len(changed)
    Unit.objects.bulk_update(
        new + changed, ["name", "kind", "uscc", "affiliation", "supervisor", "town", "host"], batch_size=100
    )
    moved = [unit for unit in changed if any(before[unit.code][f] != getattr(unit, f) for f in WATCHED)]
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
        )
    return report

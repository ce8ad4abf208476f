"""A unit's changes in words: its trail, and the figures that a change moves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from assessment.models import Rule
from assessment.preview import Shift
from assessment.standing import rules_of
from units.kinds import Affiliation, Kind
from units.models import Unit
from units.trail import Happened, recorded, told

FIELDS = {
    "name": "单位名称",
    "uscc": "统一社会信用代码",
    "active": "在用",
    "canteen_operator": "食堂承包单位",
    "canteen_operator_uscc": "承包单位代码",
    "canteen_operator_since": "承包起始日",
    "kind": "单位类别",
    "supervisor_id": "主管部门",
    "town_id": "所在镇街",
    "host_id": "所属单位",
    "affiliation": "隶属层级",
}
LINKS = ("supervisor_id", "town_id", "host_id")


@dataclass(frozen=True, slots=True)
class Moved:
    """One figure of one unit ("" for the city's) before and after, 分."""

    unit: str
    figure: str
    before: int
    after: int
    by: int


def events_of(unit: Unit) -> list[Happened]:
    """Who changed the unit's data, and how. Two queries."""
    rows = recorded(unit.code, [f"单位 {unit.code}"])
    states = [row.detail.get(moment) or {} for row in rows for moment in ("before", "after")]
    ids = {state[link] for state in states for link in LINKS if state.get(link)}
    names = dict(Unit.objects.filter(pk__in=ids).values_list("pk", "name"))

    def notes(detail: dict[str, Any]) -> Iterator[str]:
        before, after = detail.get("before") or {}, detail.get("after") or {}
        for field, label in FIELDS.items():
            old, new = before.get(field), after.get(field)
            if old != new:
                yield (
                    f"{label}：{_word(field, old, names)} → {_word(field, new, names)}"
                    if before
                    else (f"{label}：{_word(field, new, names)}")
                )
        if "since" in detail and _linked(before, after):
            yield f"自 {detail['since']} 起" if detail["since"] else "更正：自最初起"
        if detail.get("moved_lines"):
            yield f"{detail['moved_lines']} 行采购改由新的责任单位负责"

    return told(rows, notes)


def _linked(before: dict[str, Any], after: dict[str, Any]) -> bool:
    return any(before.get(field) != after.get(field) for field in ("kind", "affiliation", *LINKS))


def _word(field: str, value: Any, names: dict[int, str]) -> str:
    if value is None or value == "":
        return "无"
    if field in LINKS:
        return names.get(value, "已不存在的单位")
    if field == "active":
        return "是" if value else "否"
    choices: Any = {"kind": Kind, "affiliation": Affiliation}.get(field)
    return str(choices(value).label) if choices is not None and value in choices.values else str(value)


def shifts_by_year(shifts: Iterable[Shift]) -> list[tuple[int, list[Moved]]]:
    """The city's figures first, then unit by unit."""
    shifts = list(shifts)
    names = dict(Unit.objects.filter(code__in={s.unit for s in shifts if s.unit}).values_list("code", "name"))
    found: dict[int, list[Moved]] = defaultdict(list)
    titles: dict[int, dict[str, str]] = {}
    for shift in sorted(shifts, key=lambda s: (s.year, s.unit, s.figure)):
        if shift.year not in titles:
            titles[shift.year] = _titles(rules_of(shift.year))
        title = titles[shift.year].get(shift.figure, shift.figure)
        name = names.get(shift.unit, shift.unit) if shift.unit else "全市"
        found[shift.year].append(Moved(name, title, shift.before, shift.after, shift.by))
    return sorted(found.items(), reverse=True)


def _titles(rules: Iterable[Rule]) -> dict[str, str]:
    titles = {rule.kind: rule.title for rule in rules}
    return titles | {"attributed": f"{titles.get('dept_town_total', '部门与镇街')}（责任单位）"}

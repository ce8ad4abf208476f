"""单位完成情况 as a list: the rows a person may see of one rule, and those that the address asks for."""

from __future__ import annotations

from typing import Any

from assessment import overview
from assessment.rules import UNIT_RULES
from assessment.standing import YearStanding
from units.scope import Scope

RANKED = "dept_town_total"
LISTED = (RANKED, *UNIT_RULES)


def rows_of(standing: YearStanding, rule: str, scope: Scope) -> list[Any]:
    """Ranked, or the most urgent first: `Responsible` for the ranked rule, `Standing` for the others."""
    seen = None if scope.everything else set(scope.visible().values_list("pk", flat=True))
    if rule == RANKED:
        return [row for row in standing.ranking if seen is None or row.unit.id in seen]
    rows = [row for row in standing.units if row.rule == rule and (seen is None or row.unit.id in seen)]
    return sorted(rows, key=overview.urgency)


def filtered(asked: Any, rows: list[Any]) -> list[Any]:
    """`asked`: the address's parameters."""
    status, kind = asked.get("status", ""), asked.get("kind", "")
    text = asked.get("unit", "").strip().lower()
    return [
        row
        for row in rows
        if (not status or row.status == status)
        and (not kind or row.unit.kind == kind)
        and (not text or text == row.unit.code.lower() or text in row.unit.name.lower())
    ]

"""单位完成情况 as a list: the rows a person may see of one rule, and those that the address asks for."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from django.db.models import Q

from assessment import overview
from assessment.rules import UNIT_RULES
from assessment.rules.dept_town_total import Responsible
from assessment.standing import YearStanding
from procurement.tallies import sums_as_of
from units.models import Unit
from units.named import below, in_places
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
    """`asked`: the address's parameters. 含下级 (`below`) and the place (`town`, a code) each cost one query."""
    status, kind = asked.get("status", ""), asked.get("kind", "")
    text, town = asked.get("unit", "").strip().lower(), asked.get("town", "")
    hanging = _ids(below(text)) if text and asked.get("below") else frozenset()
    there = _ids(in_places(Unit.objects.filter(code=town).values("pk"))) if town else frozenset()
    return [
        row
        for row in rows
        if (not status or row.status == status)
        and (not kind or row.unit.kind == kind)
        and (not town or row.unit.id in there)
        and (
            not text
            or text == row.unit.code.lower()
            or text in row.unit.name.lower()
            or row.unit.id in hanging
        )
    ]


def _ids(which: Q) -> frozenset[int]:
    return frozenset(Unit.objects.filter(which).values_list("pk", flat=True))


def amount_of(row: Any) -> int:
    """What was bought, 分, of a row of either kind."""
    return int(row.attributed if isinstance(row, Responsible) else row.numerator)


def earlier(standing: YearStanding, rule: str, days: int) -> dict[int, int]:
    """Unit id → 分 so many days before the standing's day, for a trend. One query."""
    day = standing.as_of - datetime.timedelta(days=days)
    facts = replace(standing.facts, sums=tuple(sums_as_of(standing.year, day)))
    past = YearStanding(standing.year, day, standing.policy, facts, standing.rules)
    rows: list[Any] = past.responsible if rule == RANKED else [row for row in past.units if row.rule == rule]
    return {row.unit.id: amount_of(row) for row in rows}

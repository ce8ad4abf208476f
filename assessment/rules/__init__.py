"""The rules, one a file: what a year's figure is, and why it leaves a line out. Amounts in 分, exact integers.

docs/rules.md lists them with their clauses. A new one that applies to units by their kind is a file here, a line in each
table below, and a row in the policy.
"""

from __future__ import annotations

from collections.abc import Callable

from assessment.facts import RuleTerms, YearFacts
from assessment.rules import (
    canteen_share,
    city_total,
    dept_town_total,
    financial_share,
    union_holiday_share,
    union_welfare_cap,
)
from assessment.rules.reasons import LeftOut
from assessment.rules.standing import Standing

UNIT_RULES: dict[str, Callable[[RuleTerms, YearFacts], list[Standing]]] = {
    "canteen_share": canteen_share.standings,
    "union_holiday_share": union_holiday_share.standings,
    "union_welfare_cap": union_welfare_cap.standings,
    "financial_share": financial_share.standings,
}
"""In the order in which a unit's rules are listed."""

LEFT_OUT: dict[str, LeftOut] = {
    "city_total": city_total.left_out,
    "dept_town_total": dept_town_total.left_out,
    "canteen_share": canteen_share.left_out,
    "union_holiday_share": union_holiday_share.left_out,
    "union_welfare_cap": union_welfare_cap.left_out,
    "financial_share": financial_share.left_out,
}

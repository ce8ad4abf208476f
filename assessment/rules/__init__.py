"""The rules of RULES.md, one a file, each a pure function of a year's facts. Amounts in 分, exact integers.

`UNIT_RULES` apply to units by their kind; a new one is a file here, a line below, and a row in the policy.
"""

from __future__ import annotations

from collections.abc import Callable

from assessment.facts import RuleTerms, YearFacts
from assessment.rules import canteen_share, financial_share, union_holiday_share, union_welfare_cap
from assessment.rules.standing import Standing

UNIT_RULES: dict[str, Callable[[RuleTerms, YearFacts], list[Standing]]] = {
    "canteen_share": canteen_share.standings,
    "union_holiday_share": union_holiday_share.standings,
    "union_welfare_cap": union_welfare_cap.standings,
    "financial_share": financial_share.standings,
}
"""In the order in which a unit's rules are listed."""

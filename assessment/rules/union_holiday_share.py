"""工会节日慰问 ≥ 20 % of the year's holiday gifts — 第四部分（一）第二段."""

from __future__ import annotations

from assessment.facts import RuleTerms, YearFacts
from assessment.rules.standing import Standing, share
from procurement.measures import NOTHING


def standings(rule: RuleTerms, facts: YearFacts) -> list[Standing]:
    return [
        share(
            unit,
            rule.kind,
            facts.bought.get(unit.id, NOTHING).holiday,
            facts.base(unit.id).holiday_gifts,
            rule.percent,
            closed=facts.closed,
            clause=rule.clause,
        )
        for unit in facts.subjects(rule)
    ]

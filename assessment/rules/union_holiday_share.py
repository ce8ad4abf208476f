"""工会节日慰问 ≥ 20 % of the year's holiday gifts — 第四部分（一）第二段."""

from __future__ import annotations

from assessment.facts import RuleTerms, YearFacts
from assessment.lines import Line
from assessment.rules.reasons import Reason, unpaired
from assessment.rules.standing import Standing, share
from procurement.choices import Use
from procurement.measures import NOTHING
from procurement.terms import Terms


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


def left_out(line: Line, rule: RuleTerms, facts: YearFacts, terms: Terms) -> Reason | None:
    if line.use != Use.UNION_HOLIDAY:
        return Reason.WRONG_USE
    if (reason := unpaired(line, terms)) is not None:
        return reason
    return None if line.holiday in terms.holidays else Reason.NO_HOLIDAY

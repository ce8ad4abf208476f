"""工会福利 ≤ 500 元 a person and year — 第四部分（一）第三段, 甬总工〔2021〕91号, 慈总工〔2021〕46号.

Any region counts: money spent is money spent. Within or exceeded at any date.
"""

from __future__ import annotations

from assessment.facts import RuleTerms, YearFacts
from assessment.lines import Line
from assessment.rules.reasons import Reason
from assessment.rules.standing import Standing, Status, ratio
from procurement.choices import Use
from procurement.measures import NOTHING
from procurement.terms import Terms


def standings(rule: RuleTerms, facts: YearFacts) -> list[Standing]:
    result = []
    for unit in facts.subjects(rule):
        spent = facts.bought.get(unit.id, NOTHING).welfare
        headcount = facts.base(unit.id).headcount
        if headcount is None or rule.amount is None:
            cap = part = gap = None
            status = Status.MISSING_BASE if spent else Status.NOT_APPLICABLE
        else:
            cap = headcount * rule.amount
            part = ratio(spent, cap) if cap else None
            gap = abs(cap - spent)
            status = Status.EXCEEDED if spent > cap else Status.WITHIN
        result.append(Standing(unit, rule.kind, spent, cap, part, cap, status, gap, rule.clause))
    return result


def left_out(line: Line, rule: RuleTerms, facts: YearFacts, terms: Terms) -> Reason | None:
    return None if line.use == Use.UNION_WELFARE else Reason.WRONG_USE

"""金融机构: a share of the assistance funds — 第四部分（一）第一段. Without a set percentage it is reported only."""

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
            facts.bought.get(unit.id, NOTHING).direct,
            facts.base(unit.id).assistance_base,
            rule.percent,
            closed=facts.closed,
            clause=rule.clause,
        )
        for unit in facts.subjects(rule)
    ]


def left_out(line: Line, rule: RuleTerms, facts: YearFacts, terms: Terms) -> Reason | None:
    return Reason.WRONG_USE if line.use == Use.COMMERCE else unpaired(line, terms)

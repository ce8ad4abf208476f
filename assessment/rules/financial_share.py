"""金融机构: a share of the assistance funds — 第四部分（一）第一段. Without a set percentage it is reported only."""

from __future__ import annotations

from assessment.facts import RuleTerms, YearFacts
from assessment.rules.standing import Standing, share
from procurement.measures import NOTHING


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

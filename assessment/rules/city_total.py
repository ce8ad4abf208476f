"""全市总额 ≥ 6600万元 — 第三部分. Every paired line in play; commerce less what others record themselves."""

from __future__ import annotations

from dataclasses import dataclass

from assessment.facts import RuleTerms, YearFacts
from assessment.lines import Line
from assessment.rules.reasons import Reason, unpaired
from assessment.rules.standing import Status, verdict
from procurement.measures import Measures
from procurement.terms import Terms


@dataclass(frozen=True, slots=True)
class Total:
    """A city figure against its threshold, 分. The parts are given where the rule shows them."""

    rule: str
    value: int
    threshold: int
    status: Status
    gap: int
    clause: str
    direct: int = 0
    commerce: int = 0
    east_west: int = 0
    mountain_sea: int = 0


def total(rule: RuleTerms, facts: YearFacts) -> Total:
    whole = Measures.total(row.measures for row in facts.sums)
    value, threshold = whole.direct + whole.commerce, rule.amount or 0
    return Total(
        rule=rule.kind,
        value=value,
        threshold=threshold,
        status=verdict(value >= threshold, facts.closed),
        gap=max(0, threshold - value),
        clause=rule.clause,
        direct=whole.direct,
        commerce=whole.commerce,
        east_west=whole.direct_east_west + whole.commerce_east_west,
        mountain_sea=whole.direct_mountain_sea + whole.commerce_mountain_sea,
    )


def left_out(line: Line, rule: RuleTerms, facts: YearFacts, terms: Terms) -> Reason | None:
    return unpaired(line, terms)

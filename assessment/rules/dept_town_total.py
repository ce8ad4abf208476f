"""部门与镇街 ≥ 3500万元 — 第四部分（一）第四段: paired purchases that one department or town answers for."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from assessment.facts import RuleTerms, UnitFacts, YearFacts
from assessment.lines import Line
from assessment.rules.city_total import Total
from assessment.rules.reasons import Reason, unpaired
from assessment.rules.standing import Status, ratio, verdict
from procurement.choices import Use
from procurement.measures import Measures
from procurement.tallies import Sum
from procurement.terms import Terms
from units.kinds import ANSWERING

COMMERCE = "commerce"
"""Parameter: "excluded" (商务帮扶 does not count here) or "included" (less its overlap)."""
INCLUDED = "included"
LISTED = "listed_enterprise"
"""Parameter: "none" (nobody answers for a listed enterprise) or "supervisor" (its supervisor does)."""


@dataclass(frozen=True, slots=True)
class Responsible:
    """A department or town and what it answers for, 分. `completion` in ten-thousandths, truncated."""

    unit: UnitFacts
    attributed: int
    target: int | None
    completion: int | None
    status: Status
    rank: int | None
    gap: int | None = None


def answering(row: Sum | Line, rule: RuleTerms, facts: YearFacts) -> int | None:
    """Who answers for a sum or a posted line, the year's 宁波名单 applied; None when nobody does."""
    assert row.subject is not None
    if is_listed(row.subject, facts):
        return facts.units[row.subject].supervisor if by_supervisor(rule) else None
    return row.responsible or None


def by_supervisor(rule: RuleTerms | None) -> bool:
    """Whether the supervisor of a listed enterprise answers for it."""
    return rule is not None and rule.parameters.get(LISTED) == "supervisor"


def is_listed(subject: int, facts: YearFacts) -> bool:
    """On that year's 宁波市消费帮扶企业名单. Departments and towns answer for themselves before that."""
    return facts.base(subject).listed and facts.units[subject].kind not in ANSWERING


def counted(measures: Measures, rule: RuleTerms) -> int:
    extra = measures.commerce if rule.parameters.get(COMMERCE) == INCLUDED else 0
    return measures.direct + extra


def attributed(rule: RuleTerms, facts: YearFacts) -> dict[int, int]:
    """Unit id → 分 it answers for."""
    result: dict[int, int] = defaultdict(int)
    for row in facts.sums:
        unit = answering(row, rule, facts)
        if unit is not None:
            result[unit] += counted(row.measures, rule)
    return result


def total(rule: RuleTerms, facts: YearFacts) -> Total:
    value, threshold = sum(attributed(rule, facts).values()), rule.amount or 0
    return Total(
        rule=rule.kind,
        value=value,
        threshold=threshold,
        status=verdict(value >= threshold, facts.closed),
        gap=max(0, threshold - value),
        clause=rule.clause,
    )


def responsible(rule: RuleTerms, facts: YearFacts) -> list[Responsible]:
    """Every department and town, ranked by exact completion; equal ones share a rank (1, 2, 2, 4)."""
    amounts = attributed(rule, facts)
    targets = {unit.id: facts.base(unit.id).target for unit in facts.units.values() if unit.kind in ANSWERING}
    completions = sorted(
        (Fraction(amounts.get(unit, 0), target) for unit, target in targets.items() if target), reverse=True
    )
    ranks: dict[Fraction, int] = {}
    for place, completion in enumerate(completions, start=1):
        ranks.setdefault(completion, place)
    result = []
    for unit_id, target in targets.items():
        amount = amounts.get(unit_id, 0)
        if not target:
            result.append(Responsible(facts.units[unit_id], amount, target, None, Status.NO_TARGET, None))
            continue
        result.append(
            Responsible(
                unit=facts.units[unit_id],
                attributed=amount,
                target=target,
                completion=ratio(amount, target),
                status=verdict(amount >= target, facts.closed),
                rank=ranks[Fraction(amount, target)],
                gap=max(0, target - amount),
            )
        )
    return result


def left_out(line: Line, rule: RuleTerms, facts: YearFacts, terms: Terms) -> Reason | None:
    if line.use == Use.COMMERCE and rule.parameters.get(COMMERCE) != INCLUDED:
        return Reason.WRONG_USE
    if (reason := unpaired(line, terms)) is not None:
        return reason
    if answering(line, rule, facts) is not None:
        return None
    assert line.subject is not None
    return Reason.LISTED_ENTERPRISE if is_listed(line.subject, facts) else Reason.UNATTRIBUTED

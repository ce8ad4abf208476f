"""How the units stand on each rule, counted; and the data problems that keep figures from being right. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from assessment.facts import RuleTerms, UnitFacts, YearFacts
from assessment.rules import UNIT_RULES
from assessment.rules.dept_town_total import answering, counted, is_listed
from assessment.rules.standing import Standing, Status

ORDER = (
    Status.EXCEEDED,
    Status.NOT_MET,
    Status.IN_PROGRESS,
    Status.MISSING_BASE,
    Status.REPORTED,
    Status.WITHIN,
    Status.MET,
    Status.NOT_APPLICABLE,
)
"""What needs looking at first."""
BEHIND = frozenset({Status.EXCEEDED, Status.NOT_MET, Status.IN_PROGRESS})


@dataclass(frozen=True, slots=True)
class RuleCount:
    """A rule over the units it applies to. Sums in 分 over those with a denominator."""

    rule: RuleTerms
    counts: list[tuple[Status, int]]
    behind: list[Standing]
    numerator: int
    gap: int

    @property
    def units(self) -> int:
        return sum(count for _, count in self.counts)

    def count(self, status: Status) -> int:
        return dict(self.counts).get(status, 0)


def urgency(standing: Standing) -> tuple[int, int, str]:
    """Sorts standings: the worst status first, then the largest gap."""
    return ORDER.index(standing.status), -(standing.gap or 0), standing.unit.code


def rule_count(rule: RuleTerms, standings: Iterable[Standing]) -> RuleCount:
    rows = sorted(standings, key=urgency)
    found = Counter(row.status for row in rows)
    behind = [row for row in rows if row.status in BEHIND]
    return RuleCount(
        rule=rule,
        counts=[(status, found[status]) for status in ORDER if found[status]],
        behind=behind,
        numerator=sum(row.numerator for row in rows),
        gap=sum(row.gap or 0 for row in behind),
    )


def rule_counts(facts: YearFacts, standings: Iterable[Standing]) -> list[RuleCount]:
    """In the order of the rules, those of the policy alone."""
    by_rule: dict[str, list[Standing]] = {kind: [] for kind in UNIT_RULES if kind in facts.rules}
    for standing in standings:
        by_rule[standing.rule].append(standing)
    return [rule_count(facts.rules[kind], rows) for kind, rows in by_rule.items()]


@dataclass(frozen=True, slots=True)
class Unattributed:
    """What a unit bought that nobody answers for, 分."""

    unit: UnitFacts
    amount: int


def unattributed(facts: YearFacts) -> list[Unattributed]:
    """Units whose paired purchases no department or town answers for, the largest first."""
    rule = facts.rules["dept_town_total"]
    amounts: Counter[int] = Counter()
    for row in facts.sums:
        if answering(row, rule, facts) is None and not is_listed(row.subject, facts):
            amounts[row.unit] += counted(row.measures, rule)
    rows = [Unattributed(facts.units[unit], amount) for unit, amount in amounts.items() if amount]
    return sorted(rows, key=lambda row: (-row.amount, row.unit.code))

"""How a unit stands on a rule, and the exact comparisons that all share rules use."""

from __future__ import annotations

import enum
from typing import NamedTuple

from assessment.facts import UnitFacts


class Status(enum.StrEnum):
    MET = "met"
    IN_PROGRESS = "in_progress"
    NOT_MET = "not_met"
    WITHIN = "within"
    EXCEEDED = "exceeded"
    REPORTED = "reported"
    MISSING_BASE = "missing_base"
    NOT_APPLICABLE = "not_applicable"
    NO_TARGET = "no_target"


WHOLE = 10_000
"""100 % in hundredths of a percent; a ratio of 1 in ten-thousandths."""


class Standing(NamedTuple):
    """A unit on a rule. Amounts in 分; `ratio` in ten-thousandths, truncated toward zero.

    `threshold` is the percentage asked for (hundredths of a percent) or, for the cap, the cap in 分.
    """

    unit: UnitFacts
    rule: str
    numerator: int
    denominator: int | None
    ratio: int | None
    threshold: int | None
    status: Status
    gap: int | None
    clause: str
    second: int | None = None
    """A second figure where the rule has one: of the canteen's purchases, those from paired counties."""


def ratio(numerator: int, denominator: int) -> int:
    """numerator / denominator in ten-thousandths, truncated toward zero."""
    size = abs(numerator) * WHOLE // denominator
    return size if numerator >= 0 else -size


def reaches(numerator: int, denominator: int, percent: int) -> bool:
    """numerator × 100 ≥ denominator × percent, in integers."""
    return numerator * WHOLE >= denominator * percent


def shortfall(numerator: int, denominator: int, percent: int) -> int:
    """The smallest further amount, in 分, with which the percentage is reached; 0 when it is."""
    needed = -(-denominator * percent // WHOLE)
    return max(0, needed - numerator)


def verdict(reached: bool, closed: bool) -> Status:
    if reached:
        return Status.MET
    return Status.NOT_MET if closed else Status.IN_PROGRESS


def share(
    unit: UnitFacts,
    rule: str,
    numerator: int,
    denominator: int | None,
    percent: int | None,
    *,
    closed: bool,
    clause: str,
    second: int | None = None,
) -> Standing:
    """A share rule: missing base, declared 0, no percentage set, or numerator against denominator × percent."""
    if denominator is None:
        status, part, gap = Status.MISSING_BASE, None, None
    elif denominator == 0:
        status, part, gap = Status.NOT_APPLICABLE, None, None
    elif percent is None:
        status, part, gap = Status.REPORTED, ratio(numerator, denominator), None
    else:
        status = verdict(reaches(numerator, denominator, percent), closed)
        part, gap = ratio(numerator, denominator), shortfall(numerator, denominator, percent)
    return Standing(unit, rule, numerator, denominator, part, percent, status, gap, clause, second)

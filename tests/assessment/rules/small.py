"""A year of a few units as plain values, for the rules' own tests. Amounts in 分."""

from __future__ import annotations

from typing import Any

from assessment.facts import BaseFacts, RuleTerms, UnitFacts, YearFacts
from procurement.measures import Measures
from procurement.tallies import Sum

TERMS = {
    "city_total": {"amount": 10_000},
    "dept_town_total": {"amount": 5_000},
    "canteen_share": {"percent": 1000, "subject_kinds": frozenset({"town", "school", "department"})},
    "union_holiday_share": {"percent": 2000, "subject_kinds": frozenset({"union"})},
    "union_welfare_cap": {"amount": 50_000, "subject_kinds": frozenset({"union"})},
    "financial_share": {"subject_kinds": frozenset({"financial"})},
}


def rule(kind: str, **changes: Any) -> RuleTerms:
    return RuleTerms(**{"kind": kind, "clause": f"条款 {kind}", **TERMS[kind], **changes})  # type: ignore[dict-item]


def unit(pk: int, kind: str, code: str = "", **links: Any) -> UnitFacts:
    return UnitFacts(pk, code or f"{kind}{pk}", f"单位{pk}", kind, **links)


def bought(pk: int, *, subject: int | None = None, answers: int = 0, **sums: int) -> Sum:
    return Sum(pk, subject or pk, answers, Measures(**sums))


def year(
    *units: UnitFacts,
    sums: tuple[Sum, ...] = (),
    bases: dict[int, dict[str, Any]] | None = None,
    closed: bool = False,
    **rules: RuleTerms,
) -> YearFacts:
    return YearFacts(
        year=2021,
        closed=closed,
        rules=rules,
        units={each.id: each for each in units},
        bases={pk: BaseFacts(**base) for pk, base in (bases or {}).items()},
        sums=sums,
    )

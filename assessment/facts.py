"""What the rules are given: a year's terms, units, declared bases and sums. Plain values, amounts in 分."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from procurement.measures import Measures
from procurement.tallies import Sum


@dataclass(frozen=True, slots=True)
class RuleTerms:
    """One rule of the year's policy. `percent` is in hundredths of a percent (10 % is 1000)."""

    kind: str
    clause: str = ""
    quote: str = ""
    title: str = ""
    lead: str = ""
    subject_kinds: frozenset[str] = frozenset()
    amount: int | None = None
    percent: int | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)


class UnitFacts(NamedTuple):
    id: int
    code: str
    name: str
    kind: str
    supervisor: int | None = None


class BaseFacts(NamedTuple):
    """A confirmed declaration; None where nothing was declared. `reserve` as RuleTerms.percent."""

    headcount: int | None = None
    canteen_budget: int | None = None
    holiday_gifts: int | None = None
    target: int | None = None
    assistance_base: int | None = None
    listed: bool = False
    canteen: str = ""
    canteen_representative: int | None = None
    reserve: int | None = None


NO_BASE = BaseFacts()


@dataclass(frozen=True)
class YearFacts:
    """Everything a year's figures follow from, as of a day.

    `closed`: the day is after 31 December, so what is not met by now is not met.
    """

    year: int
    closed: bool
    rules: Mapping[str, RuleTerms]
    units: Mapping[int, UnitFacts]
    bases: Mapping[int, BaseFacts]
    sums: tuple[Sum, ...]
    bought: Mapping[int, Measures] = field(init=False)

    def __post_init__(self) -> None:
        bought: dict[int, Measures] = {}
        for row in self.sums:
            before = bought.get(row.unit)
            bought[row.unit] = row.measures if before is None else before.plus(row.measures)
        object.__setattr__(self, "bought", bought)

    def base(self, unit_id: int) -> BaseFacts:
        return self.bases.get(unit_id, NO_BASE)

    def subjects(self, rule: RuleTerms) -> list[UnitFacts]:
        """The units a rule applies to by their kind."""
        return [unit for unit in self.units.values() if unit.kind in rule.subject_kinds]

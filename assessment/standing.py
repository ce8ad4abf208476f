"""policy + sums + bases → standings. Pages, commands and workbooks all read a year here."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, Self

from django.db.models import FilteredRelation, Q
from django.utils import timezone

from assessment.facts import BaseFacts, RuleTerms, UnitFacts, YearFacts
from assessment.models import Policy, PolicyStatus, Rule
from assessment.rules import UNIT_RULES, city_total, dept_town_total
from assessment.rules.city_total import Total
from assessment.rules.dept_town_total import Responsible
from assessment.rules.standing import Standing
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.money import in_fen, to_fen
from cixi_xiezuo.written import Written
from procurement import tallies
from procurement.choices import Use
from procurement.models import PurchaseLine
from procurement.terms import Terms, TermsBook
from units.kinds import ANSWERING, Canteen
from units.links import LinkBook
from units.models import BaseStatus, Unit, YearBase


def policy_of(year: int) -> Policy:
    """The year's policy, else the latest earlier one; one still being drafted is none yet.

    Raises Refused when there is none at all.
    """
    in_force = Policy.objects.filter(year__lte=year).exclude(status=PolicyStatus.DRAFT)
    policy = in_force.prefetch_related("rules").order_by("-year").first()
    if policy is None:
        raise Refused(f"没有 {year} 年度及以前的政策，请先装载政策（manage.py load reference）")
    return policy


def rules_of(year: int) -> list[Rule]:
    """The rules of `policy_of(year)`, each with that policy and its terms, in one query. Raises Refused as it does."""
    rules: list[Rule] = _RULES.objects(year)
    if not rules:
        return list(policy_of(year).rules.all())
    rules = [rule for rule in rules if rule.policy_id == rules[0].policy_id]
    policy = rules[0].policy
    known = policy.rules.all()
    known._result_cache, known._prefetch_done = rules, True  # type: ignore[attr-defined]
    policy._prefetched_objects_cache = {"rules": known}  # type: ignore[attr-defined]
    return rules


_RULES = Written(
    lambda year: (
        Rule.objects.filter(policy__year__lte=year)
        .exclude(policy__status=PolicyStatus.DRAFT)
        .select_related("policy__terms")
        .order_by("-policy__year", "position")
    )
)


def fen(yuan: Decimal | None) -> int | None:
    return None if yuan is None else to_fen(yuan)


def rule_terms(rule: Rule) -> RuleTerms:
    return RuleTerms(
        kind=rule.kind,
        clause=rule.clause,
        quote=rule.quote,
        title=rule.title,
        lead=rule.lead,
        subject_kinds=frozenset(rule.subject_kinds),
        amount=fen(rule.amount),
        percent=None if rule.percent is None else int(rule.percent * 100),
        parameters=rule.parameters,
    )


def _declared(prefix: str = "") -> list[Any]:
    """What `_base` is made of, in its order."""
    whole, amounts = ("headcount",), ("canteen_budget", "holiday_gifts", "target", "assistance_base")
    rest = ("listed", "canteen", "canteen_representative", "reserve_percent")
    return [
        *(prefix + name for name in whole),
        *(in_fen(prefix + name) for name in amounts),
        *(prefix + name for name in rest),
    ]


def _base(row: Sequence[Any]) -> BaseFacts:
    *declared, listed, canteen, guest_of, reserve = row
    percent = None if reserve is None else int(reserve * 100)
    return BaseFacts(*declared, bool(listed), canteen, guest_of, percent)  # type: ignore[call-arg]


def bases_of(year: int) -> dict[int, BaseFacts]:
    """The confirmed declarations of a year, by unit id."""
    confirmed = YearBase.objects.filter(year=year, status=BaseStatus.CONFIRMED)
    return {unit: _base(row) for unit, *row in confirmed.values_list("unit", *_declared())}


def units_with_bases(
    year: int, near: Sequence[int] | None = None, *, ranked: bool = False
) -> tuple[dict[int, UnitFacts], dict[int, BaseFacts]]:
    """Every unit in the order of the codes, and the confirmed declarations of the year; both by unit id. One query.

    `near`: those units alone, and whoever eats in their canteens; `ranked`: and all that a rank follows from.
    """
    asking = _asking(None, False) if near is None else _asking(len(near), ranked)
    units, bases = {}, {}
    for row in asking.rows(year, *near or ()):
        units[row[0]] = UnitFacts._make(row[:5])
        if row[5] is not None:
            bases[row[0]] = _base(row[6:])
    return units, bases


@lru_cache(maxsize=100)
def _asking(near: int | None, ranked: bool) -> Written:
    """Asks for all units with their declarations, or for so many near ones."""

    def build(year: int, *ids: int) -> Any:
        confirmed = Q(bases__year=year, bases__status=BaseStatus.CONFIRMED)
        rows = Unit.objects.annotate(base=FilteredRelation("bases", condition=confirmed)).order_by("code")
        if near is not None:
            which = Q(pk__in=ids)
            which |= Q(base__canteen=Canteen.SHARED, base__canteen_representative__in=ids)
            if ranked:
                which |= Q(kind__in=ANSWERING) | Q(base__listed=True)
            rows = rows.filter(which)
        columns = ("pk", "code", "name", "kind", "supervisor", "base__pk")
        return rows.values_list(*columns, *_declared("base__"))

    return Written(build)


def _supervised(units: dict[int, UnitFacts], listed: list[int], last: datetime.date) -> dict[int, UnitFacts]:
    """Listed enterprises with the supervisor of the year's last day: later moves do not reach back into it."""
    book = LinkBook.load(listed)
    links = {unit: book.at(unit, last) for unit in listed}
    return {
        unit: units[unit]._replace(supervisor=link.supervisor_id if link else None)
        for unit, link in links.items()
    }


@dataclass
class Standings:
    """Units on every rule that applies to them, and what departments and towns answer for, as of a day."""

    year: int
    as_of: datetime.date
    policy: Policy
    facts: YearFacts
    rules: tuple[Rule, ...] = ()

    @classmethod
    def made(
        cls,
        year: int,
        as_of: datetime.date | None,
        rules: list[Rule],
        near: Sequence[int] | None = None,
        *,
        ranked: bool = True,
    ) -> Self:
        """Read under a policy's rules: of all units, or of some `near` ones (`units_with_bases`).

        `ranked`: with all units' sums, else only with what those bought.
        """
        as_of = as_of or timezone.localdate()
        units, bases = units_with_bases(year, near, ranked=ranked)
        terms = {rule.kind: rule_terms(rule) for rule in rules}
        last = datetime.date(year, 12, 31)
        if dept_town_total.by_supervisor(terms.get("dept_town_total")):
            units |= _supervised(units, [unit for unit, base in bases.items() if base.listed], last)
        facts = YearFacts(
            year=year,
            closed=as_of > last,
            rules=terms,
            units=units,
            bases=bases,
            sums=tuple(tallies.sums_as_of(year, as_of, None if ranked else units)),
        )
        policy = rules[0].policy if rules else policy_of(year)
        return cls(year, as_of, policy, facts, tuple(rules))

    @cached_property
    def units(self) -> list[Standing]:
        """Sorted by unit code, then the order of the rules."""
        found = [
            standing
            for kind, rule in UNIT_RULES.items()
            if kind in self.facts.rules
            for standing in rule(self.facts.rules[kind], self.facts)
        ]
        order = {kind: place for place, kind in enumerate(UNIT_RULES)}
        return sorted(found, key=lambda standing: (standing.unit.code, order[standing.rule]))

    @cached_property
    def responsible(self) -> list[Responsible]:
        """Every department and town, sorted by code, with its rank."""
        found = dept_town_total.responsible(self.facts.rules["dept_town_total"], self.facts)
        return sorted(found, key=lambda row: row.unit.code)

    def of_unit(self, unit_id: int) -> list[Standing]:
        return [standing for standing in self.units if standing.unit.id == unit_id]

    def responsible_of(self, unit_id: int) -> Responsible | None:
        return next((row for row in self.responsible if row.unit.id == unit_id), None)


@dataclass
class YearStanding(Standings):
    """A year as of a day: the city's totals, every unit on every rule that applies to it, the ranking."""

    @classmethod
    def read(cls, year: int, as_of: datetime.date | None = None) -> Self:
        """Three queries, whatever the number of purchases. `as_of` is today unless given."""
        return cls.made(year, as_of, rules_of(year))

    @cached_property
    def city_total(self) -> Total:
        return city_total.total(self.facts.rules["city_total"], self.facts)

    @cached_property
    def dept_town_total(self) -> Total:
        return dept_town_total.total(self.facts.rules["dept_town_total"], self.facts)

    @cached_property
    def ranking(self) -> list[Responsible]:
        """The same by rank; those without a target last, by code."""
        return sorted(self.responsible, key=lambda row: (row.rank is None, row.rank or 0, row.unit.code))

    def unattributed_purchases(self) -> list[str]:
        """采购编号 with a paired line in play, not 商务帮扶, that nobody answers for: a data problem."""
        if not any(
            not row.responsible and not self.facts.base(row.subject).listed for row in self.facts.sums
        ):
            return []  # no sum without its lines: two queries saved
        terms: Terms = TermsBook().of(self.year)
        lines = (
            PurchaseLine.objects.filter(
                posted=True,
                responsible__isnull=True,
                region__in=list(terms.pairings),
                purchase__date__year=self.year,
                purchase__date__lte=self.as_of,
            )
            .exclude(use=Use.COMMERCE)
            .exclude(subject__kind__in=ANSWERING)
            .values_list("purchase__number", "subject_id")
            .distinct()
        )
        return sorted({number for number, subject in lines if not self.facts.base(subject).listed})

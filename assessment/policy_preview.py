"""What putting a draft in force would change: the years it would govern, read as now and as then. Nothing is stored."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from assessment import organisers
from assessment.facts import UnitFacts, YearFacts
from assessment.models import Policy, PolicyStatus
from assessment.overview import ORDER
from assessment.rules import UNIT_RULES
from assessment.rules.city_total import Total
from assessment.rules.standing import Standing, Status
from assessment.standing import YearStanding, bases_of, rule_terms
from procurement.tallies import posted_facts
from procurement.terms import Terms, terms_of
from procurement.trial_sums import TrialSums
from units.kinds import Kind
from units.models import Unit
from units.years import YearLock

ANSWERED = "dept_town_total"
"""The rule under which departments and towns are listed with what they answer for."""


@dataclass(frozen=True, slots=True)
class Side:
    """A figure in one reading, 分; `gap` None where the rule gives none."""

    value: int
    gap: int | None
    status: Status


@dataclass(frozen=True, slots=True)
class Moved:
    """A unit's figure on a rule that would change. None: the rule does not ask it of the unit then."""

    rule: str
    title: str
    unit: UnitFacts
    before: Side | None
    after: Side | None

    @property
    def by(self) -> int:
        """How much more would count, 分."""
        return (self.after.value if self.after else 0) - (self.before.value if self.before else 0)

    @property
    def turns(self) -> bool:
        """Whether the status changes, not only the figures."""
        return (self.before and self.before.status) != (self.after and self.after.status)


@dataclass(frozen=True, slots=True)
class Count:
    """Of one rule, how many units have a status now and then."""

    status: Status
    before: int
    after: int


@dataclass(frozen=True)
class Outlook:
    """One governed year. `governing` is the policy that reads it until then, None where there is none."""

    year: int
    as_of: datetime.date
    governing: Policy | None
    before: YearStanding | None
    after: YearStanding

    @cached_property
    def totals(self) -> list[tuple[str, Total | None, Total]]:
        """The city's two figures: (title, now, then)."""
        now, then = self.before, self.after
        rules = then.facts.rules
        return [
            (rules["city_total"].title, now.city_total if now else None, then.city_total),
            (rules["dept_town_total"].title, now.dept_town_total if now else None, then.dept_town_total),
        ]

    @cached_property
    def counts(self) -> list[tuple[str, list[Count]]]:
        """By rule, in the policy's order: (title, its statuses)."""
        now, then = self._statuses(self.before), self._statuses(self.after)
        return [
            (
                self._title(kind),
                [Count(s, now[kind][s], then[kind][s]) for s in _ORDER if now[kind][s] or then[kind][s]],
            )
            for kind in (ANSWERED, *UNIT_RULES)
            if now[kind] or then[kind]
        ]

    @cached_property
    def moved(self) -> list[Moved]:
        """Every unit's figure that changes: turned statuses first, then the largest sums."""
        now, then = _sides(self.before), _sides(self.after)
        units = self.after.facts.units
        rows = [
            Moved(rule, self._title(rule), units[unit], now.get((rule, unit)), then.get((rule, unit)))
            for rule, unit in now.keys() | then.keys()
            if now.get((rule, unit)) != then.get((rule, unit))
        ]
        return sorted(rows, key=lambda row: (not row.turns, -abs(row.by), row.rule, row.unit.code))

    def _title(self, kind: str) -> str:
        for standing in (self.after, self.before):
            if standing is not None and kind in standing.facts.rules:
                return standing.facts.rules[kind].title
        return kind

    @staticmethod
    def _statuses(standing: YearStanding | None) -> dict[str, Counter[Status]]:
        found: dict[str, Counter[Status]] = {kind: Counter() for kind in (ANSWERED, *UNIT_RULES)}
        for (rule, _unit), side in _sides(standing).items():
            found[rule][side.status] += 1
        return found


_ORDER = (*ORDER, Status.NO_TARGET)


def _sides(standing: YearStanding | None) -> dict[tuple[str, int], Side]:
    """(rule, unit id) → its figure."""
    if standing is None:
        return {}
    found = {(each.rule, each.unit.id): _side(each) for each in standing.units}
    found |= {
        (ANSWERED, row.unit.id): Side(row.attributed, row.gap, row.status) for row in standing.responsible
    }
    return found


def _side(standing: Standing) -> Side:
    return Side(standing.numerator, standing.gap, standing.status)


@dataclass(frozen=True, slots=True)
class Seeing:
    """What changes in whose units an organising or leading unit may see (labels of kinds of units)."""

    name: str
    gained: list[str]
    lost: list[str]


class Preview:
    """A draft against everything stored, as of a day. `every`: all policies, whole, so that nothing is read twice."""

    def __init__(self, draft: Policy, every: Iterable[Policy], as_of: datetime.date) -> None:
        self.draft, self.as_of = draft, as_of
        self.in_force = sorted(
            (policy for policy in every if policy.status != PolicyStatus.DRAFT), key=lambda each: each.year
        )
        later = (policy.year for policy in self.in_force if policy.year > draft.year)
        self.until = next(later, None)
        """The next year with a policy of its own in force."""

    def governs(self, year: int) -> bool:
        return self.draft.year <= year and (self.until is None or year < self.until)

    def governing(self, year: int) -> Policy | None:
        earlier = [policy for policy in self.in_force if policy.year <= year]
        return earlier[-1] if earlier else None

    @cached_property
    def locks(self) -> list[YearLock]:
        """Closed years that it would govern: they keep it from being put in force."""
        rows = YearLock.objects.filter(locked=True, year__gte=self.draft.year).order_by("year")
        return [lock for lock in rows if self.governs(lock.year)]

    @cached_property
    def _read(self) -> dict[int, list[TrialSums]]:
        trials = {self.draft.year: self._trials(self.draft.year)}
        for line in posted_facts(since=datetime.date(self.draft.year, 1, 1)):
            year = line.day.year
            if not self.governs(year) or line.day > self.as_of:
                continue
            if year not in trials:
                trials[year] = self._trials(year)
            for trial in trials[year]:
                trial.add(line)
        return trials

    @property
    def years(self) -> list[int]:
        """Its own year, and every later one with purchases that it would govern."""
        return sorted(self._read)

    def _trials(self, year: int) -> list[TrialSums]:
        """The year's lines as they are read now, and as the draft reads them."""
        governing = self.governing(year)
        now = terms_of(governing.terms, year) if governing else Terms(year)
        return [TrialSums(now), TrialSums(terms_of(self.draft.terms, year))]

    @cached_property
    def seeing(self) -> list[Seeing]:
        """By organiser; nothing where a later policy in force goes on saying who organises."""
        latest = self.in_force[-1] if self.in_force else None
        if latest is not None and latest.year > self.draft.year:
            return []
        old, new = (_organisers(latest) if latest else set()), _organisers(self.draft)
        names = sorted({name for name, _kind in old ^ new})
        return [Seeing(name, _labels(new - old, name), _labels(old - new, name)) for name in names]

    def strangers(self, units: Iterable[UnitFacts]) -> list[str]:
        """Organisers of the draft that no unit is called: nobody sees anything by them."""
        return sorted({name for name, _kind in _organisers(self.draft)} - {unit.name for unit in units})

    def outlook(self, year: int) -> Outlook:
        """One of `years`, read both ways."""
        rows = Unit.objects.order_by("code").values_list("pk", "code", "name", "kind", "supervisor")
        units = {row[0]: UnitFacts._make(row) for row in rows}
        bases = bases_of(year)

        def read(policy: Policy, trial: TrialSums) -> YearStanding:
            rules = {rule.kind: rule_terms(rule) for rule in policy.rules.all()}
            closed = self.as_of > datetime.date(year, 12, 31)
            facts = YearFacts(year, closed, rules, units, bases, trial.sums)
            return YearStanding(year, self.as_of, policy, facts)

        now, then = self._read[year]
        governing = self.governing(year)
        before = read(governing, now) if governing else None
        return Outlook(year, self.as_of, governing, before, read(self.draft, then))


def _organisers(policy: Policy) -> set[tuple[str, str]]:
    return {row for rule in policy.rules.all() for row in organisers.organised(rule)}


def _labels(rows: set[tuple[str, str]], name: str) -> list[str]:
    return [str(kind.label) for kind in Kind if (name, kind.value) in rows]

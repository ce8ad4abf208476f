"""How lines of a year are read: which regions are paired, which holidays count. Held in memory, read only."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import F, FilteredRelation, Q, TextField
from django.db.models.functions import Cast

from cixi_xiezuo.written import Written
from procurement.choices import PairingKind
from procurement.models.region import Region, YearTerms


@dataclass(frozen=True, slots=True)
class Terms:
    """`pairings`: region id → kind; `primary`: ids of the regions to prefer; `holidays`: accepted codes.

    `days`: when holidays fall that the policy itself dates; the calendar has the others. `welfare`: what a unit
    may spend on 工会福利 a head and year, 元; None where the policy sets no limit. `expired_counts`: whether goods whose
    recognition (认定) had run out may be submitted.
    """

    year: int
    pairings: dict[int, str] = field(default_factory=dict)
    primary: frozenset[int] = frozenset()
    holidays: frozenset[str] = frozenset()
    days: Mapping[str, datetime.date] = field(default_factory=dict)
    welfare: Decimal | None = None
    expired_counts: bool = True

    def paired(self, region_id: int | None) -> bool:
        return region_id in self.pairings

    def east_west(self, region_id: int | None) -> bool:
        return self.pairings.get(region_id) == PairingKind.EAST_WEST  # type: ignore[arg-type]


def dated(days: Mapping[str, str]) -> dict[str, datetime.date]:
    """Days as they are stored → dates."""
    return {holiday: datetime.date.fromisoformat(day) for holiday, day in days.items()}


def terms_of(stored: YearTerms, year: int) -> Terms:
    """What these terms say of a year, whether they are in force or not."""
    rows = list(stored.pairings.all())
    return Terms(
        year,
        {row.region_id: row.kind for row in rows},
        frozenset(row.region_id for row in rows if row.primary),
        frozenset(stored.holidays),
        dated(stored.holiday_days) if stored.year == year else {},
        stored.welfare_per_head,
        stored.expired_counts,
    )


_IN_FORCE = Written(
    lambda: (
        YearTerms.objects.filter(in_force=True)
        .order_by("year")
        .values_list(
            "year",
            Cast("holidays", TextField()),  # as text: the rows are the key under which what they say is kept
            Cast("holiday_days", TextField()),
            "welfare_per_head",
            "expired_counts",
            "twice",
            "pairings__region",
            "pairings__kind",
            "pairings__primary",
        )
    )
)


class _Said:
    """What the rows in force say, by year. Made once for the same rows; nobody changes it."""

    def __init__(self) -> None:
        self.holidays: dict[int, frozenset[str]] = {}
        self.pairings: dict[int, dict[int, str]] = {}
        self.primary: dict[int, set[int]] = {}
        self.days: dict[int, dict[str, datetime.date]] = {}
        self.welfare: dict[int, Decimal | None] = {}
        self.expired: dict[int, bool] = {}
        self.twice: dict[int, list[str]] = {}


@lru_cache(maxsize=4)
def _said(rows: tuple[tuple[Any, ...], ...]) -> _Said:
    said = _Said()
    for year, holidays, days, welfare, expired, twice, region, kind, primary in rows:
        if year not in said.pairings:
            said.welfare[year], said.expired[year] = welfare, expired
            said.twice[year] = [kind for kind in twice.split(",") if kind]
            said.holidays[year] = frozenset(json.loads(holidays))
            said.days[year] = dated(json.loads(days))
            said.pairings[year], said.primary[year] = {}, set()
        if region is not None:
            said.pairings[year][region] = kind
        if primary:
            said.primary[year].add(region)
    return said


class TermsBook:
    """Terms by year; a year without its own is read by the latest earlier ones, or by none at all. One query."""

    def __init__(self) -> None:
        self._said = _said(tuple(_IN_FORCE.rows()))
        self._terms: dict[int, Terms] = {}

    def source(self, year: int) -> int | None:
        """The year whose terms hold in a year; None before the first."""
        return max((each for each in self._said.holidays if each <= year), default=None)

    def reviewed_twice(self, year: int) -> list[str]:
        """Kinds of unit whose purchases of a year are reviewed twice."""
        source = self.source(year)
        return [] if source is None else self._said.twice[source]

    def of(self, year: int) -> Terms:
        if year not in self._terms:
            source = self.source(year)
            self._terms[year] = (
                Terms(year)
                if source is None
                else Terms(
                    year,
                    self._said.pairings[source],
                    frozenset(self._said.primary[source]),
                    self._said.holidays[source],
                    self._said.days[source] if source == year else {},
                    self._said.welfare[source],
                    self._said.expired[source],
                )
            )
        return self._terms[year]


def with_regions(year: int, source: YearTerms) -> tuple[Terms, list[Region]]:
    """A year's terms from the row that holds in it, and every region there is. One query."""
    paired = FilteredRelation("pairings", condition=Q(pairings__terms=source.pk))
    rows = Region.objects.annotate(pairing=paired)
    regions: list[Any] = list(rows.annotate(paired_as=F("pairing__kind"), first=F("pairing__primary")))
    terms = Terms(
        year,
        {region.pk: region.paired_as for region in regions if region.paired_as},
        frozenset(region.pk for region in regions if region.first),
        frozenset(source.holidays),
        dated(source.holiday_days) if source.year == year else {},
        source.welfare_per_head,
        source.expired_counts,
    )
    return terms, regions

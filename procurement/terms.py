"""How lines of a year are read: which regions are paired, which holidays count. Held in memory, read only."""

from __future__ import annotations

from dataclasses import dataclass, field

from procurement.choices import PairingKind
from procurement.models.region import YearTerms


@dataclass(frozen=True, slots=True)
class Terms:
    """`pairings`: region id → kind; `primary`: ids of the regions to prefer; `holidays`: accepted codes."""

    year: int
    pairings: dict[int, str] = field(default_factory=dict)
    primary: frozenset[int] = frozenset()
    holidays: frozenset[str] = frozenset()

    def paired(self, region_id: int | None) -> bool:
        return region_id in self.pairings

    def east_west(self, region_id: int | None) -> bool:
        return self.pairings.get(region_id) == PairingKind.EAST_WEST  # type: ignore[arg-type]


class TermsBook:
    """Terms by year; a year without its own is read by the latest earlier ones, or by none at all. One query."""

    def __init__(self) -> None:
        rows = YearTerms.objects.filter(in_force=True).order_by("year")
        self._holidays: dict[int, frozenset[str]] = {}
        self._pairings: dict[int, dict[int, str]] = {}
        self._primary: dict[int, set[int]] = {}
        self._terms: dict[int, Terms] = {}
        for year, holidays, region, kind, primary in rows.values_list(
            "year", "holidays", "pairings__region", "pairings__kind", "pairings__primary"
        ):
            self._holidays[year] = frozenset(holidays)
            pairings = self._pairings.setdefault(year, {})
            first = self._primary.setdefault(year, set())
            if region is not None:
                pairings[region] = kind
            if primary:
                first.add(region)

    def source(self, year: int) -> int | None:
        """The year whose terms hold in a year; None before the first."""
        return max((each for each in self._holidays if each <= year), default=None)

    def of(self, year: int) -> Terms:
        if year not in self._terms:
            source = self.source(year)
            self._terms[year] = (
                Terms(year)
                if source is None
                else Terms(
                    year, self._pairings[source], frozenset(self._primary[source]), self._holidays[source]
                )
            )
        return self._terms[year]

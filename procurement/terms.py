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
    """Terms by year; a year without its own is read by the latest earlier ones, or by none at all."""

    def __init__(self) -> None:
        self._rows = list(YearTerms.objects.filter(in_force=True).order_by("year"))
        self._terms: dict[int, Terms] = {}

    def source(self, year: int) -> YearTerms | None:
        """The row whose terms hold in a year."""
        return next((row for row in reversed(self._rows) if row.year <= year), None)

    def of(self, year: int) -> Terms:
        if year not in self._terms:
            row = self.source(year)
            pairings = list(row.pairings.all()) if row else []
            self._terms[year] = Terms(
                year=year,
                pairings={pairing.region_id: pairing.kind for pairing in pairings},
                primary=frozenset(pairing.region_id for pairing in pairings if pairing.primary),
                holidays=frozenset(row.holidays) if row else frozenset(),
            )
        return self._terms[year]

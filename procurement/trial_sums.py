"""What units' lines add up to when they are read by other terms than those in force. Nothing is stored."""

from __future__ import annotations

from procurement.measures import NOTHING, LineFacts, Measures, measure
from procurement.tallies import Sum
from procurement.terms import Terms


class TrialSums:
    """Lines of one year, added up as `terms` read them."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self._rows: dict[tuple[int, int, int], Measures] = {}

    def add(self, line: LineFacts) -> None:
        assert line.subject is not None
        key = line.unit, line.subject, line.responsible or 0
        self._rows[key] = self._rows.get(key, NOTHING).plus(measure(line, self.terms))

    @property
    def sums(self) -> tuple[Sum, ...]:
        """As `tallies.sums_as_of` gives them."""
        return tuple(Sum(*key, measures) for key, measures in sorted(self._rows.items()) if any(measures))

"""A row that would change a closed year, said at its row before anything is tried."""

from __future__ import annotations

from procurement.imports.report import Problem
from units.years import YearLock, closed_words


class Years:
    """The closed years. Reads them once."""

    def __init__(self) -> None:
        self._locks = {lock.year: lock for lock in YearLock.objects.filter(locked=True)}

    def problems(self, row: int, column: str, year: int) -> list[Problem]:
        lock = self._locks.get(year)
        return [] if lock is None else [Problem(row, column, str(year), closed_words(lock))]

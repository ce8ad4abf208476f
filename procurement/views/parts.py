"""A purchase of very many lines is edited a part at a time; the lines not shown stay as they are stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

SIZE = 100


@dataclass(frozen=True, slots=True)
class Part:
    """`number` from 1; `total` lines in all. `first` and `last` are line numbers, counted from 1."""

    number: int
    total: int

    @classmethod
    def of(cls, asked: str | None, total: int) -> Part:
        """The part asked for; the nearest there is for a wrong number."""
        wanted = int(asked) if asked and asked.isdecimal() else 1
        return cls(min(max(wanted, 1), max(1, -(-total // SIZE))), total)

    @property
    def first(self) -> int:
        return (self.number - 1) * SIZE + 1

    @property
    def last(self) -> int:
        return min(self.number * SIZE, self.total)

    @property
    def is_last(self) -> bool:
        return self.last == self.total

    @property
    def shown(self) -> slice:
        return slice(self.first - 1, self.last)

    def __iter__(self) -> Iterator[Part]:
        """All parts; none where the lines fit on one page."""
        if self.total > SIZE:
            yield from (Part(number, self.total) for number in range(1, -(-self.total // SIZE) + 1))


ALL = Part(1, 0)
"""Of a purchase not stored yet: what is typed is shown as a whole."""

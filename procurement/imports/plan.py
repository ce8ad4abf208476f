"""What an import would do: worked out without writing anything, shown to the person, then carried out or not."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from cixi_xiezuo.money import yuan_display
from procurement.imports.report import Forbidden, Problem, Rejected, Report
from procurement.imports.sheet import Tell, silent

SHOWN = 200
"""Records of each sort that a preview lists."""


@dataclass(frozen=True, slots=True)
class Change:
    """A record the workbook would make or change. `fields`: (column, before, after) in words."""

    row: int
    key: str
    fields: tuple[tuple[str, str, str], ...] = ()
    text: str = ""


@dataclass(slots=True)
class Plan:
    """`problems` and `forbidden` (what the person has no right to) each keep it from being carried out.

    `store` writes all of it, in the caller's transaction; it is given `source` for the trail and `tell` for the
    progress. `totals`: names and sums in 元.
    """

    label: str
    notices: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    forbidden: list[Problem] = field(default_factory=list)
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    new: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    totals: list[tuple[str, Decimal]] = field(default_factory=list)
    store: Callable[..., None] = lambda **_: None
    _digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    def add_new(self, row: int, key: str, text: Callable[[], str] = str) -> None:
        self.created += 1
        self._digest.update(f"+{key}\n".encode())
        if len(self.new) < SHOWN:
            self.new.append(Change(row, key, text=text()))

    def add_changed(self, row: int, key: str, fields: tuple[tuple[str, str, str], ...]) -> None:
        self.updated += 1
        self._digest.update(f"~{key}{fields}\n".encode())
        if len(self.changed) < SHOWN:
            self.changed.append(Change(row, key, fields))

    def add_same(self, key: str) -> None:
        self.unchanged += 1
        self._digest.update(f"={key}\n".encode())

    @property
    def digest(self) -> str:
        """The same for the same changes: what was previewed is what is carried out, or it is looked at again."""
        return self._digest.hexdigest()

    @property
    def wrong(self) -> list[Problem]:
        return sorted([*self.problems, *self.forbidden], key=lambda problem: problem.row)

    def carry_out(self, source: Mapping[str, Any] | None = None, tell: Tell = silent) -> Report:
        """Store it. Raises Rejected with every bad row, Forbidden where only rights are lacking.

        `source` (the file's name and hash) goes into the trail's entry.
        """
        if self.problems:
            raise Rejected([*self.problems, *self.forbidden])
        if self.forbidden:
            raise Forbidden(self.forbidden)
        self.store(source=source or {}, tell=tell)
        return Report(self.label, self.created, self.updated, self.unchanged, self.notices)


def shown(value: Any) -> str:
    """A value in the words of the workbook."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return yuan_display(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)

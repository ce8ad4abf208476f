"""The kinds of records, one a file. A new kind is a new file and its name here."""

from __future__ import annotations

from initiatives.kinds import activity, outlet, pledge, task, trade
from initiatives.kinds.base import Field, Kind, Sort, State, Verb

__all__ = ["KINDS", "Field", "Kind", "Sort", "State", "Verb"]

KINDS: dict[str, Kind] = {module.KIND.slug: module.KIND for module in (task, activity, outlet, pledge, trade)}

"""The plan's other work in the demonstration year, each through its own verbs: something to see in every list."""

from __future__ import annotations

from initiatives.demo_rows import cases, funds, scores, stories, tasks, works
from units.models import Unit, User


def load(units: dict[str, Unit], users: dict[str, User]) -> None:
    """`units` by code, `users` by user name. For the demonstration's loader, within its transaction."""
    works.load(units)
    tasks.load(units, users)
    cases.load(units, users)
    funds.load(units, users)
    stories.load(units, users)
    scores.load(units, users)

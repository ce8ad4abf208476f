"""功能介绍: a few steps shown at a person's first log-in, once an account, and again from 帮助."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from cixi_xiezuo import audit
from units.models import User
from units.scope import Scope

MOST = 5
"""Steps of a tour: more would not be read."""


class Step(NamedTuple):
    """`at`: the address of the entry in the menu or the top bar that it is about."""

    title: str
    at: str
    text: str


@cache
def _tours() -> list[tuple[list[str], list[Step]]]:
    data = tomllib.loads((Path(__file__).parent / "tours.toml").read_text(encoding="utf-8"))
    return [(each["roles"], [Step(**step) for step in each["steps"]]) for each in data["tour"]]


def steps_for(user: Any) -> list[Step]:
    """The tour of the person's role, of the first in the file where they hold several; [] without any."""
    scope = Scope.of(user)
    return next((steps for roles, steps in _tours() if scope.has(*roles)), [])


@transaction.atomic
def finish_tour(*, by: User) -> User:
    """Not shown to the person by itself any more; a second time changes nothing."""
    user = User.objects.select_for_update().get(pk=by.pk)
    if user.tour_seen_at is None:
        user.tour_seen_at = timezone.now()
        user.save(update_fields=["tour_seen_at"])
        audit.record("看过功能介绍", by=by, subject=f"用户 {user.get_username()}")
    return user

"""A year for a few units, as their own page tells it: read without the rest of the city."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Self

from django.utils import timezone

from assessment.standing import Standings, rules_of
from cixi_xiezuo.unchanged import while_unchanged
from units.kinds import ANSWERING
from units.models import Unit


class NearStanding(Standings):
    """The standings of some units, the same as in the whole year; of other units and of the city it says nothing."""

    @classmethod
    def read(cls, year: int, near: Collection[Unit], as_of: datetime.date | None = None) -> Self:
        """Three queries. A department's or town's rank asks for all of those and for every sum, the rest for their own."""
        ids, day = tuple(unit.pk for unit in near), as_of or timezone.localdate()
        ranked = any(unit.kind in ANSWERING for unit in near)
        if not ranked:
            return cls.made(year, day, rules_of(year), ids, ranked=False)
        return while_unchanged(("near", year, day, ids), lambda: cls.made(year, day, rules_of(year), ids))

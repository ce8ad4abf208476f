"""Which links of a unit held on a day, and who answers for what it buys (责任单位)."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import F

from cixi_xiezuo.written import Written
from units.kinds import ANSWERING, Affiliation
from units.models import Unit, UnitLink


@dataclass(frozen=True, slots=True)
class Answer:
    """Who answers: `subject` is the buyer (or a union's host), `responsible` None when nobody does (ids)."""

    subject: int
    responsible: int | None


class Held(NamedTuple):
    """A unit's links from a day on, and its kind; the others by their ids."""

    unit_id: int
    since: datetime.date
    supervisor_id: int | None
    town_id: int | None
    host_id: int | None
    affiliation: str
    kind: str


_LINKS = (
    UnitLink.objects.annotate(kind=F("unit__kind"))
    .order_by("unit_id", "since")
    .values_list("unit_id", "since", "supervisor_id", "town_id", "host_id", "affiliation", "kind")
)
_OF_ONE = Written(lambda unit: _LINKS.filter(unit=unit))


def _links_of(ids: set[int]) -> Iterator[Held]:
    rows = _OF_ONE.rows(*ids) if len(ids) == 1 else _LINKS.filter(unit__in=ids)
    return map(Held._make, rows)


@dataclass(slots=True)
class LinkBook:
    """The links of some units through time, held in memory."""

    kinds: dict[int, str] = field(default_factory=dict)
    _since: dict[int, list[datetime.date]] = field(default_factory=lambda: defaultdict(list))
    _rows: dict[int, list[Held]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def load(cls, unit_ids: Iterable[int] | None = None, kinds: Mapping[int, str] | None = None) -> LinkBook:
        """For the units given (and the hosts of the unions among them), or for all.

        `kinds`: of all units, where they are at hand already.
        """
        book = cls()
        units = Unit.objects.order_by()
        if unit_ids is None:
            book._keep(map(Held._make, _LINKS.all()))
            if kinds is not None:
                book.kinds.update(kinds)
                return book
            book.kinds.update(units.values_list("pk", "kind"))
            return book
        ids = set(unit_ids)
        hosts = book._keep(_links_of(ids)) - ids
        if hosts:
            book._keep(_links_of(hosts))
        unlinked = (ids | hosts) - book.kinds.keys()
        if unlinked:
            book.kinds.update(units.filter(pk__in=unlinked).values_list("pk", "kind"))
        return book

    def _keep(self, links: Iterable[Held]) -> set[int]:
        """Take links in; returns the ids of the hosts they name."""
        hosts = set()
        for link in links:
            self.kinds[link.unit_id] = link.kind
            self._since[link.unit_id].append(link.since)
            self._rows[link.unit_id].append(link)
            if link.host_id is not None:
                hosts.add(link.host_id)
        return hosts

    def at(self, unit_id: int, day: datetime.date) -> Held | None:
        """The links of a unit on a day; None when none are known yet."""
        index = bisect_right(self._since[unit_id], day) - 1
        return self._rows[unit_id][index] if index >= 0 else None

    def answer(self, buyer_id: int, day: datetime.date) -> Answer:
        """By steps a, b, d and e of docs/rules.md.

        Step c (宁波市消费帮扶企业名单) depends on the year's declaration and is applied by whoever reads.
        """
        links = self.at(buyer_id, day)
        subject = links.host_id if links and links.host_id else buyer_id
        if self.kinds[subject] in ANSWERING:
            return Answer(subject, subject)
        links = self.at(subject, day)
        if links is None:
            return Answer(subject, None)
        if links.affiliation == Affiliation.CITY:
            return Answer(subject, links.supervisor_id)
        return Answer(subject, links.town_id or links.supervisor_id)


def current(unit: Unit) -> dict[str, object]:
    """The four link values a unit carries today."""
    return {
        "supervisor_id": unit.supervisor_id,
        "town_id": unit.town_id,
        "host_id": unit.host_id,
        "affiliation": unit.affiliation,
    }

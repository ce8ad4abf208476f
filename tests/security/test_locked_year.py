"""Once a year is closed, no page changes a figure of it: every POST of access.toml that does something is tried."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from assessment import sealing
from assessment.models import Snapshot
from tests.security.access import RELATIONS, Case, cases
from tests.security.test_access import answer
from tests.security.world import World, build

pytestmark = [pytest.mark.django_db, pytest.mark.nodb]  # the verbs are tried on both in tests/assessment
DOING = [case for case in cases() if any("!" in cell for row in case.rows.values() for cell in row.values())]
STOPPED = {"review_approve", "review_approve_many", "review_revoke", "sealing_lock"}
"""Pages that are about figures: on a closed year they store nothing at all."""


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def world(city: World, media: Any, db: None, drawn: None) -> World:
    city.begin()
    return city


@pytest.mark.parametrize("case", DOING, ids=str)
def test_no_page_moves_a_figure_of_a_closed_year(world: World, case: Case) -> None:
    for code in sorted(world.units):
        world.object("purchase approved", code)
        if case.object != "policy draft":
            world.object(case.object, code)
    sealing.lock(2021, by=None, leaving=sealing.waiting(2021))
    before = sealing.canonical(sealing.content_of(2021))
    for relation in RELATIONS:
        row = case.rows.get(relation) or case.rows.get("") or {}
        for column, cell in row.items():
            if "!" in cell:
                found, _ = answer(world, case, column, relation, check=unmoved(before))
                assert case.section not in STOPPED or "!" not in found, f"{case} {column} {relation}: {found}"


def unmoved(before: str) -> Any:
    def check() -> None:
        now = sealing.content_of(2021)
        for rows in (now["standing"]["units"], now["standing"]["responsible"]):
            rows[:] = [row for row in rows if row["unit"] != "X01"]  # a unit that a page has just added
        assert sealing.canonical(now) == before
        assert [snapshot.version for snapshot in Snapshot.objects.filter(year=2021)] == [1]

    return check

"""Figures are worked out once while nothing is written, and never shown when something was."""

from __future__ import annotations

from threading import Thread

import pytest
from django.db import connection, transaction

from cixi_xiezuo.unchanged import MOST, while_unchanged
from tests.factories import line, make_policy, make_purchase, make_unit, make_user
from units.kinds import Kind
from units.models import Role, Unit

pytestmark = pytest.mark.django_db(transaction=True)


class Counted:
    """How many units there are, and how often somebody had to look."""

    def __init__(self) -> None:
        self.looked = 0

    def __call__(self) -> int:
        self.looked += 1
        return Unit.objects.count()


def elsewhere(work) -> None:
    """Another person's request: by a connection of its own."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join(10)


def test_it_is_worked_out_once_until_somebody_writes():
    units = Counted()
    assert [while_unchanged("units", units) for _ in range(3)] == [0, 0, 0]
    assert units.looked == 1
    elsewhere(lambda: make_unit("A1"))
    assert [while_unchanged("units", units) for _ in range(3)] == [1, 1, 1]
    assert units.looked == 2
    make_unit("A2")
    assert while_unchanged("units", units) == 2
    Unit.objects.update(name="改名")
    assert (while_unchanged("units", units), units.looked) == (2, 4)


def test_what_is_written_while_it_is_worked_out_is_seen_the_next_time():
    def slowly() -> int:
        found = Unit.objects.count()
        elsewhere(lambda: make_unit(f"A{found}"))
        return found

    assert [while_unchanged("slowly", slowly) for _ in range(3)] == [0, 1, 2]


def test_what_a_transaction_may_yet_take_back_is_not_kept():
    units = Counted()
    with transaction.atomic():
        make_unit("A1")
        assert while_unchanged("units", units) == 1
        transaction.set_rollback(True)
    assert while_unchanged("units", units) == 0


def test_another_key_is_another_figure_and_few_are_kept():
    looked = []

    def figure(key: int) -> int:
        return while_unchanged(key, lambda: looked.append(key) or key)

    assert [figure(key) for key in range(MOST)] == list(range(MOST))
    assert figure(0) == 0 and looked.count(0) == 1
    figure(MOST)  # the one that was not asked for longest makes room: 1, not 0
    figure(0)
    figure(1)
    assert (looked.count(0), looked.count(1)) == (1, 2)


def test_a_failure_is_not_kept():
    with pytest.raises(ZeroDivisionError):
        while_unchanged("ratio", lambda: 1 // 0)
    assert while_unchanged("ratio", lambda: 1) == 1


@pytest.mark.parametrize("role", ["bureau", "clerk"])
def test_a_page_opened_again_shows_what_was_approved_elsewhere_meanwhile(client, role):
    make_policy()
    town, office = make_unit("T01", Kind.TOWN, "临江镇"), make_unit("D01", Kind.DEPARTMENT, "市商务局")
    make_purchase(town, line("400.00"), number="P1", date="2021-02-01")
    client.force_login(
        make_user("bureau", Role.BUREAU, office) if role == "bureau" else make_user("clerk", Role.CLERK, town)
    )
    address = "/city/?year=2021&as_of=2021-12-31" if role == "bureau" else "/unit/?year=2021"

    def figure() -> int:
        context = client.get(address).context
        if role == "bureau":
            return context["totals"][0]["figure"].value
        return context["sections"][0].rules[0].told.value

    assert [figure(), figure()] == [400_00, 400_00]
    elsewhere(lambda: make_purchase(town, line("55.05"), number="P2", date="2021-03-01"))
    assert [figure(), figure()] == [455_05, 455_05]

"""Whatever happens to purchases and their unit, a record's amount is the sum of its linked purchases' counted lines."""

import datetime
from collections import defaultdict

import pytest
from django.db.models import Q
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment.standing import YearStanding
from cixi_xiezuo.money import to_fen
from initiatives import records
from initiatives.amounts import Came, amounts, came
from initiatives.calendar import calendar
from initiatives.coverage import coverage
from initiatives.lists import LISTS
from initiatives.models import Record, RecordPurchase
from initiatives.records import Content
from procurement import moves, workflow
from procurement.choices import Status, Use
from procurement.models import Purchase, PurchaseLine
from tests.factories import line, make_policy, make_purchase, make_unit, make_user
from units.kinds import Kind
from units.models import Role, Unit, User

pytestmark = pytest.mark.django_db


DAY = datetime.date(2021, 5, 1)
OWN = {
    "activity": {"sort": "展销会"},
    "outlet": {"town": "镇T02"},
    "pledge": {"promised": 10_000},
    "trade": {},
}
"""The kinds with amounts, and what is filled in, so that the two records of each stand in one sum where there are sums."""


def by_hand() -> dict[int, int]:
    """Record id → 分, from the purchases: approved, paired, less what is registered elsewhere; refunds with their original."""
    found: dict[int, int] = defaultdict(int)
    for record, purchase in RecordPurchase.objects.values_list("record", "purchase"):
        bought = PurchaseLine.objects.filter(Q(purchase=purchase) | Q(purchase__original=purchase))
        for each in bought.filter(purchase__status=Status.APPROVED).select_related("region"):
            if not each.region.name.startswith("其他"):
                found[record] += to_fen(each.figure - each.overlap)
    return found


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["buy", "refund", "revoke", "link", "unlink", "approve", "move"]), st.integers(0, 20)
    ),
    max_size=14,
)
BEGUN = [
    *(("buy", number) for number in (0, 3, 6, 9, 12)),
    *(("link", number) for number in range(16)),
]
"""Each record with two approved purchases, so that whatever follows moves a figure of every kind."""


def city() -> tuple[Unit, list[Record], User]:
    """A school, two records of each kind, and somebody who sees them all."""
    make_policy()
    unit = make_unit("S01", Kind.SCHOOL)
    make_unit("T02", Kind.TOWN)
    viewer = make_user("bureau", Role.BUREAU, make_unit("D01", Kind.DEPARTMENT))
    made = [
        records.create_record(kind, unit, Content(f"{kind}{number}", DAY, data=data), by=None)
        for kind, data in OWN.items()
        for number in range(2)
    ]
    return unit, made, viewer


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_every_figure_is_always_that_of_the_linked_purchases(db, steps):
    from django.db import transaction

    with transaction.atomic():
        unit, made, viewer = city()
        for place, (step, number) in enumerate((*BEGUN, *steps)):
            _do(step, number, unit, made)
            if place >= len(BEGUN) - 1:
                _compare(made, viewer, by_hand())
        transaction.set_rollback(True)


def test_the_pages_and_exports_show_the_same_figures(client):
    unit, made, viewer = city()
    for step, number in (*BEGUN, ("refund", 0), ("buy", 6), ("link", 2), ("move", 0)):
        _do(step, number, unit, made)
    _compare_pages(made, viewer, client, by_hand())
    assert min(by_hand().values()) > 0
    workflow.revoke(
        Purchase.objects.filter(refunds=None, original=None).earliest("pk"), by=None, reason="登记有误"
    )
    _compare_pages(made, viewer, client, by_hand())


def _compare(made: list[Record], viewer: User, expected: dict[int, int]) -> None:
    """Each record's own figure; what activities of a sort sold, and outlets of a town."""
    came_of = came({record.pk: record.kind for record in made}, 2021)
    for record in made:
        assert came_of.get(record.pk, Came()) == (expected[record.pk], expected[record.pk])
    of_kind = {kind: sum(expected[each.pk] for each in made if each.kind == kind) for kind in OWN}
    activities = calendar(viewer, 2021)
    assert {each.pk: activities.sums.get(each.pk, 0) for each in made if each.kind == "activity"} == {
        each.pk: expected[each.pk] for each in made if each.kind == "activity"
    }
    assert [(each.sort, each.amount) for each in activities.totals] == [("展销会", of_kind["activity"])]
    assert {each.name: each.amount for each in coverage(viewer, 2021).places} == {"镇T02": of_kind["outlet"]}


def _compare_pages(made: list[Record], viewer: User, client: Client, expected: dict[int, int]) -> None:
    """The cards of 帮扶工作, each list and its export, each record's page, how much of an agreement was fulfilled."""
    client.force_login(viewer)
    cards = client.get("/initiatives/?year=2021").context["cards"]
    assert {kind.slug: amount for kind, _, amount in cards if kind.slug in OWN} == {
        kind: sum(expected[each.pk] for each in made if each.kind == kind) for kind in OWN
    }
    for kind in OWN:
        mine = {each.title: expected[each.pk] for each in made if each.kind == kind}
        rows = client.get(f"/initiatives/kinds/{kind}/?year=2021").context["rows"]
        assert {row.record.title: row.amount for row in rows} == mine
        if kind == "pledge":
            assert [row.fulfilled for row in rows] == [_percent(mine[row.record.title]) for row in rows]
        asked = QueryDict(f"kind={kind}&year=2021")
        titles = [column.title for column in LISTS[0].columns(asked)]
        at = next(
            place
            for place, title in enumerate(titles)
            if title.endswith("金额（元）") and "协议" not in title
        )
        assert {row[0]: row[at] for row in LISTS[0].rows(viewer, asked).values} == mine
    for record in made[::2]:
        page = client.get(f"/initiatives/{record.pk}/").context
        assert page["row"].amount == expected[record.pk] == sum(amount for _, amount in page["links"])


def _percent(amount: int) -> str:
    """Of 100.00 元: the 分 are hundredths of a percent."""
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02}%"


def _do(step, number, unit, made):
    bought = list(Purchase.objects.order_by("pk"))
    record = made[number % len(made)]
    one = bought[number % len(bought)] if bought else None
    if step == "buy":
        commerce = line(f"{number + 5}.01", Use.COMMERCE, overlap="2.00")
        status = Status.SUBMITTED if number % 3 else Status.APPROVED
        make_purchase(unit, commerce, line("7.00", region="其他地区"), status=status)
    elif step == "move":
        unit.refresh_from_db()
        moves.change_unit(unit, by=None, town=None if unit.town_id else Unit.objects.get(code="T02"))
    elif one is None:
        return
    elif (
        step == "refund" and one.status == Status.APPROVED and not one.is_refund and not one.refunds.exists()
    ):
        make_purchase(unit, line("-1.00"), original=one)
    elif step == "revoke" and one.status == Status.APPROVED and not one.refunds.filter(status="approved"):
        workflow.revoke(one, by=None, reason="登记有误")
    elif step == "approve" and one.status == Status.SUBMITTED:
        workflow.approve(one, by=None)
    elif step == "link" and not one.is_refund:
        if not RecordPurchase.objects.filter(kind=record.kind, purchase=one).exists():
            records.link(record, one, by=None)
    elif step == "unlink" and (found := RecordPurchase.objects.filter(purchase=one).first()):
        records.unlink(found, by=None)


def test_it_agrees_with_the_city_total():
    make_policy()
    unit = make_unit("T01", Kind.TOWN)
    record = records.create_record("outlet", unit, Content("专柜", DAY), by=None)
    for amount in ("100.00", "50.00"):
        made = make_purchase(
            unit, line(amount, Use.COMMERCE, overlap="10.00"), line("9.00", region="其他地区")
        )
        records.link(record, made, by=None)
    standing = YearStanding.read(2021, datetime.date(2021, 12, 31))
    assert amounts([record.pk]) == {record.pk: 130_00} == {record.pk: standing.city_total.value}

"""Whatever happens to purchases and their unit, a record's amount is the sum of its linked purchases' counted lines."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment.standing import YearStanding
from cixi_xiezuo.money import from_fen
from initiatives import records
from initiatives.amounts import amounts
from initiatives.models import Record, RecordPurchase
from initiatives.records import Content
from procurement import moves, workflow
from procurement.choices import Status, Use
from procurement.models import Purchase
from tests.factories import line, make_policy, make_purchase, make_unit
from units.kinds import Kind
from units.models import Unit

pytestmark = pytest.mark.django_db


DAY = datetime.date(2021, 5, 1)


def total(record: Record) -> Decimal:
    return from_fen(amounts([record.pk]).get(record.pk, 0))


def expected(record: Record) -> Decimal:
    """By hand, from the purchases: approved, paired, less what is registered elsewhere; refunds with their original."""
    found = Decimal(0)
    linked = set(RecordPurchase.objects.filter(record=record).values_list("purchase", flat=True))
    for purchase in Purchase.objects.filter(status=Status.APPROVED):
        if purchase.pk in linked or purchase.original_id in linked:
            for each in purchase.lines.select_related("region"):
                if not each.region.name.startswith("其他"):
                    found += each.figure - each.overlap
    return found


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["buy", "refund", "revoke", "link", "unlink", "approve", "move"]), st.integers(0, 20)
    ),
    max_size=14,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_the_amount_is_always_that_of_the_linked_purchases(db, steps):
    from django.db import transaction

    with transaction.atomic():
        make_policy()
        unit = make_unit("S01", Kind.SCHOOL)
        make_unit("T02", Kind.TOWN)
        made = [
            records.create_record(kind, unit, Content(kind, DAY), by=None)
            for kind in ("activity", "outlet", "pledge", "trade")
        ]
        for step, number in steps:
            _do(step, number, unit, made)
            for record in made:
                assert total(record) == expected(record)
        transaction.set_rollback(True)


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
    assert total(record) == Decimal("130.00") == from_fen(standing.city_total.value)

"""A draft goes to another of the clerk's units, as the invoice's buyer says."""

from __future__ import annotations

import pytest

from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.errors import NotAllowed, Refused
from procurement import rehoming, workflow
from procurement.choices import Reading, Status
from procurement.models import Purchase, Receipt
from tests.factories import line, make_policy, make_purchase, make_unit, make_user
from units.kinds import Kind
from units.models import Membership, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def units():
    make_policy()
    names = {"S01": "临江小学", "S02": "远山小学", "S03": "东海小学"}
    return {code: make_unit(code, Kind.SCHOOL, name) for code, name in names.items()}


@pytest.fixture
def clerk(units):
    """Of the first two."""
    clerk = make_user("clerk", Role.CLERK, units["S01"])
    Membership.objects.create(user=clerk, unit=units["S02"], role=Role.CLERK)
    return clerk


def draft_of(unit, buyer="远山小学", **values):
    values.setdefault("status", Status.DRAFT)
    purchase = make_purchase(unit, line("12.00"), line("3.50", product="土豆"), **values)
    purchase.receipts.update(data={"buyer_name": buyer}, reading=Reading.READ)
    return purchase


def test_the_draft_says_whose_it_is_and_goes_there_with_one_click(client, units, clerk):
    draft, receipt = draft_of(units["S01"], by=clerk), Receipt.objects.get()
    client.force_login(clerk)
    page = client.get(f"/purchases/{draft.pk}/").content.decode()
    assert "发票开给“远山小学”，这份草稿却登记在“临江小学”" in page
    page = client.post(f"/purchases/{draft.pk}/unit/", {"unit": "S02"}, follow=True)
    moved = Purchase.objects.get(unit=units["S02"])
    assert page.redirect_chain[-1][0] == f"/purchases/{moved.pk}/" and "却登记在" not in page.content.decode()
    assert [each.product_name for each in moved.lines.order_by("position")] == ["苦荞茶", "土豆"]
    receipt.refresh_from_db()
    draft.refresh_from_db()
    assert (receipt.purchase, receipt.unit) == (moved, units["S02"])
    assert (moved.status, draft.status) == (Status.DRAFT, Status.VOID)
    events = AuditEvent.objects.filter(action="改到其他单位").order_by("stream")
    assert [event.stream for event in events] == ["S01", "S02"]
    assert events[0].detail["moved"] == [f"临江小学 {draft.number}", f"远山小学 {moved.number}"]


@pytest.mark.parametrize("buyer", ["东海小学", "临江小学", ""])
def test_it_offers_only_another_unit_of_the_persons_that_is_named(client, units, clerk, buyer):
    client.force_login(clerk)
    page = client.get(f"/purchases/{draft_of(units['S01'], buyer).pk}/").content.decode()
    assert "却登记在" not in page


def test_whoever_had_a_hand_in_the_draft_does_not_decide_on_it_elsewhere(units, clerk):
    bureau = make_user("bureau", Role.BUREAU, make_unit("D01", Kind.DEPARTMENT))
    draft = draft_of(units["S01"])
    draft.changed_by.add(bureau)
    moved = workflow.submit(rehoming.rehome(draft, to=units["S02"], by=None), by=None)
    with pytest.raises(NotAllowed, match="自己登记、修改"):
        workflow.approve(moved, by=bureau)


def test_what_is_no_plain_draft_of_the_persons_stays(units, clerk):
    bought = make_purchase(units["S01"], line("9.00"))
    refund = draft_of(units["S01"], original=bought)
    reading = draft_of(units["S01"])
    reading.receipts.update(reading=Reading.READING)
    for purchase, to, why in (
        (draft_of(units["S01"]), "S03", "没有为该单位登记"),
        (draft_of(units["S03"]), "S01", "没有为该单位登记"),
        (draft_of(units["S01"], status=Status.SUBMITTED, date="2021-06-02"), "S02", "不能改到其他单位"),
        (refund, "S02", "退货和原采购属于同一个单位"),
        (reading, "S02", "还在识别"),
    ):
        before = purchase.status
        with pytest.raises((Refused, NotAllowed), match=why):
            rehoming.rehome(purchase, to=units[to], by=clerk)
        purchase.refresh_from_db()
        assert purchase.status == before
    assert not Purchase.objects.filter(unit=units["S02"]).exists()

"""What a clerk writes into a draft, and what the trail keeps of it."""

import datetime
from decimal import Decimal

import pytest
import time_machine

from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.errors import NotAllowed, Refused, Stale
from procurement import workflow
from procurement.choices import Channel, Holiday, Status, Use
from procurement.editing import Head, Line, buy_again, create_draft, save_draft
from procurement.history import events_of
from procurement.models import Purchase
from tests.factories import line, make_purchase, make_receipt, make_region, make_unit, make_user

pytestmark = pytest.mark.django_db

DAY = datetime.date(2021, 9, 6)
HEAD = Head(invoice_date=DAY, supplier="布拖县合作社", channel=Channel.DIRECT)


@pytest.fixture
def unit():
    return make_unit("D01")


@pytest.fixture
def clerk(unit):
    return make_user("clerk", "clerk", unit)


def tea(amount="100.00", **values):
    return Line(amount=Decimal(amount), product_name="苦荞茶", **values)


def test_it_numbers_drafts_by_unit_and_year_and_passes_over_imported_numbers(unit, clerk):
    make_purchase(unit, number="2021-D01-0002", status=Status.DRAFT)
    numbers = [create_draft(unit, by=clerk, head=HEAD).number for _ in range(2)]
    assert numbers == ["2021-D01-0001", "2021-D01-0003"]
    assert (
        create_draft(unit, by=clerk, head=Head(purchase_date=datetime.date(2022, 1, 5))).number
        == "2022-D01-0001"
    )


def test_it_keeps_a_half_filled_draft(unit, clerk):
    draft = create_draft(unit, by=clerk, head=Head())
    assert (draft.status, draft.date, draft.supplier, draft.recorded_by) == (Status.DRAFT, None, None, clerk)


def test_it_saves_head_and_lines_and_says_what_changed(unit, clerk):
    draft = create_draft(unit, by=clerk, head=HEAD, lines=[tea()])
    line = tea("120.50", use=Use.UNION_HOLIDAY, holiday=Holiday.MID_AUTUMN, region=make_region())
    saved = save_draft(
        draft,
        by=clerk,
        version=1,
        head=Head(purchase_date=DAY, supplier="常山合作社"),
        lines=[line, tea("9.50")],
    )
    assert saved.version == 2 and saved.date == DAY and saved.invoice_date is None
    assert [line.amount for line in saved.lines.all()] == [Decimal("120.50"), Decimal("9.50")]
    notes = events_of(saved)[0].notes
    assert "供应商：布拖县合作社 → 常山合作社" in notes and "明细：1 行 → 2 行" in notes
    assert any("金额 100.00 → 120.50" in note and "节日 空 → 中秋节" in note for note in notes)


def test_it_writes_nothing_where_nothing_changed(unit, clerk):
    draft = create_draft(unit, by=clerk, head=HEAD, lines=[tea(quantity=Decimal("2.5"))])
    before = AuditEvent.objects.count()
    saved = save_draft(draft, by=clerk, version=1, head=HEAD, lines=[tea(quantity=Decimal("2.500"))])
    assert saved.version == 1 and AuditEvent.objects.count() == before


def test_it_refuses_to_overwrite_what_somebody_else_saved(unit, clerk):
    draft = create_draft(unit, by=clerk, head=HEAD, lines=[tea()])
    save_draft(draft, by=clerk, version=1, head=HEAD, lines=[tea("90.00")])
    with pytest.raises(Stale):
        save_draft(draft, by=clerk, version=1, head=HEAD, lines=[tea("80.00")])
    assert draft.lines.get().amount == Decimal("90.00")


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.APPROVED, Status.VOID, Status.REVOKED])
def test_it_refuses_to_change_what_is_not_a_draft(unit, clerk, status):
    purchase = make_purchase(unit, status=status)
    with pytest.raises(Refused, match="不能修改"):
        save_draft(purchase, by=clerk, version=None, head=HEAD, lines=[tea()])


def test_it_refuses_a_person_of_another_unit(unit):
    other = make_user("other", "clerk", make_unit("D02"))
    draft = make_purchase(unit, status=Status.DRAFT)
    with pytest.raises(NotAllowed):
        save_draft(draft, by=other, version=None, head=HEAD, lines=[])
    with pytest.raises(NotAllowed):
        create_draft(unit, by=other, head=HEAD)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (tea("0.00"), "不能为 0"),
        (tea(use=Use.OFFICE, overlap=Decimal("1.00")), "商务帮扶"),
        (tea(use=Use.COMMERCE, overlap=Decimal("100.01")), "不能大于"),
        (tea("-5.00", use=Use.COMMERCE, overlap=Decimal("1.00")), "正负"),
    ],
)
def test_it_refuses_lines_that_cannot_be_true_and_keeps_the_old_ones(unit, clerk, line, sentence):
    draft = create_draft(unit, by=clerk, head=HEAD, lines=[tea()])
    with pytest.raises(Refused, match=sentence):
        save_draft(draft, by=clerk, version=1, head=Head(), lines=[line])
    draft.refresh_from_db()
    assert draft.version == 1 and draft.supplier is not None and draft.lines.get().amount == Decimal("100.00")


def test_it_forgets_the_holiday_of_a_line_for_another_use(unit, clerk):
    draft = create_draft(unit, by=clerk, head=HEAD, lines=[tea(use=Use.OFFICE, holiday=Holiday.SPRING)])
    assert draft.lines.get().holiday == ""


def test_a_refund_names_an_original_of_its_own_unit(unit, clerk):
    original = make_purchase(unit)
    refund = create_draft(
        unit, by=clerk, head=Head(purchase_date=DAY, original=original), lines=[tea("-10.00")]
    )
    assert refund.is_refund
    foreign = make_purchase(make_unit("D02"))
    for wrong in (foreign, refund):
        with pytest.raises(Refused):
            create_draft(unit, by=clerk, head=Head(original=wrong))


def test_a_returned_purchase_is_saved_and_submitted_again(unit, clerk):
    purchase = make_purchase(unit, status=Status.RETURNED)
    line = tea(use=Use.OFFICE, region=make_region())
    saved = save_draft(purchase, by=clerk, version=purchase.version, head=HEAD, lines=[line])
    assert saved.status == Status.RETURNED and saved.returned_reason
    make_receipt(saved)
    assert workflow.submit(saved, by=clerk, version=saved.version).status == Status.SUBMITTED
    assert Purchase.objects.get(pk=saved.pk).returned_reason == ""


def test_what_was_bought_is_bought_again_as_a_draft_of_today_without_its_papers(unit, clerk):
    lines = [line("80.00", Use.UNION_HOLIDAY, holiday=Holiday.SPRING), line("20.00", product="玉米")]
    earlier = make_purchase(unit, *lines, date="2021-02-01", channel=Channel.DIRECT)
    with time_machine.travel("2021-09-06T09:00:00+08:00"):
        draft = buy_again(earlier, by=clerk)
    assert (draft.status, draft.date, draft.purchase_date) == (Status.DRAFT, DAY, DAY)
    assert (draft.supplier, draft.channel) == (earlier.supplier, Channel.DIRECT)
    copied = list(
        draft.lines.values_list("product_name", "amount", "use", "holiday", "region__name", "posted")
    )
    assert copied == [
        ("苦荞茶", Decimal("80.00"), Use.UNION_HOLIDAY, "", "布拖县", False),
        ("玉米", Decimal("20.00"), Use.OFFICE, "", "布拖县", False),
    ]
    assert not draft.receipts.exists() and earlier.receipts.count() == 1


def test_a_refund_is_not_bought_again_nor_anything_of_another_unit(unit, clerk):
    earlier = make_purchase(unit)
    refund = make_purchase(unit, line("-5.00"), original=earlier, date="2021-07-01")
    with pytest.raises(Refused, match="是退货"):
        buy_again(refund, by=clerk)
    with pytest.raises(NotAllowed):
        buy_again(make_purchase(make_unit("D02")), by=clerk)
    assert Purchase.objects.filter(status=Status.DRAFT).count() == 0

"""红字发票: what it proposes, and the doubts it raises."""

import datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from procurement import inbox, reading, tallies, workflow
from procurement.checks import Subject, doubts_of
from procurement.choices import Channel, Holiday, Reading, Status, Use
from procurement.extraction import InvoiceData, Item
from procurement.models import Purchase, Receipt
from tests.factories import line, make_policy, make_purchase, make_receipt, make_unit, make_user
from units.kinds import Kind

pytestmark = pytest.mark.django_db

BLUE = "24332000000012345678"
RED = InvoiceData(
    format="pdf",
    kind="invoice",
    document="invoice",
    invoice_type="32",
    invoice_number="24332000000099999999",
    issue_date=datetime.date(2021, 7, 1),
    total=Decimal("-40.00"),
    seller_name="凉山供应链公司",
    red_of=BLUE,
    items=(Item("*茶*苦荞茶", Decimal(-1), "盒", Decimal("-40.00"), Decimal("0.00")),),
)


@pytest.fixture
def unit():
    make_policy()
    return make_unit("U01", Kind.UNION, "某工会")


@pytest.fixture
def clerk(unit):
    return make_user("clerk", "clerk", unit)


@pytest.fixture
def bought(unit):
    """Approved, by the blue invoice."""
    gift = line("100.00", Use.UNION_HOLIDAY, "昭觉县", holiday=Holiday.DRAGON_BOAT)
    return make_purchase(unit, gift, channel=Channel.RETAIL, invoice_code="", invoice_number=BLUE)


@pytest.fixture
def drop(unit, clerk, monkeypatch):
    """Drops a file that is read as `data`; its receipt."""

    def drop(data: InvoiceData = RED) -> Receipt:
        monkeypatch.setattr(reading, "run_limited", lambda content, name: data)
        [outcome] = inbox.receive([SimpleUploadedFile("红字.pdf", b"%PDF-1.4")], unit, clerk)
        assert outcome.receipt is not None
        reading.read(outcome.receipt.pk)
        return Receipt.objects.get(pk=outcome.receipt.pk)

    return drop


def red_doubts(purchase):
    return [doubt.message for doubt in doubts_of(Subject(purchase)) if doubt.code == "red_invoice"]


def test_a_red_invoice_becomes_the_refund_of_its_original_ready_to_be_confirmed(bought, drop, clerk):
    receipt = drop()
    refund = receipt.purchase
    assert (refund.original, refund.status, refund.channel) == (bought, Status.DRAFT, Channel.RETAIL)
    [row] = refund.lines.all()
    assert (row.amount, row.use, row.holiday, row.region.name) == (
        Decimal("-40.00"), Use.UNION_HOLIDAY, Holiday.DRAGON_BOAT, "昭觉县",
    )  # fmt: skip
    assert f"填入了原采购 {bought.number}，请核对" in receipt.data["problems"][0]
    assert red_doubts(refund) == [] == red_doubts(bought)
    workflow.approve(workflow.submit(refund, by=clerk), by=None)
    [row] = tallies.sums_as_of(2021, datetime.date(2021, 12, 31))
    assert row.measures.direct == 60_00 and row.measures.holiday == 60_00
    assert red_doubts(bought) == []


def test_without_the_original_in_the_unit_nothing_is_proposed(drop, unit):
    make_purchase(make_unit("T09", Kind.TOWN), invoice_code="", invoice_number=BLUE)
    receipt = drop()
    assert receipt.purchase.original is None and receipt.red_of == BLUE


def test_an_original_that_is_not_approved_is_not_proposed(drop, unit):
    make_purchase(unit, invoice_code="", invoice_number=BLUE, status=Status.SUBMITTED)
    assert drop().purchase.original is None


def test_a_blue_invoice_whose_remark_names_another_is_no_refund(bought, drop):
    receipt = drop(InvoiceData(kind="invoice", invoice_number="1" * 20, total=Decimal("40.00"), red_of=BLUE))
    assert receipt.purchase.original is None and receipt.red_of == ""


def test_a_negative_invoice_without_a_reference_names_what_it_may_take_back(bought, drop):
    receipt = drop(InvoiceData(**{**RED.__dict__, "red_of": ""}))
    assert receipt.reading == Reading.READ and receipt.purchase.original is None
    [sentence] = red_doubts(receipt.purchase)
    assert f"{bought.number}（2021-06-01，100.00 元）" in sentence


def test_a_purchase_whose_invoice_was_taken_back_is_doubted_until_the_refund_is_recorded(bought, drop):
    receipt = drop()
    refund = receipt.purchase
    Purchase.objects.filter(pk=refund.pk).update(original=None)
    [sentence] = red_doubts(bought)
    assert f"发票 {BLUE} 已开具红字发票（本单位采购 {refund.number}）" in sentence
    workflow.void(refund, by=None)
    assert red_doubts(bought) == []


def test_an_invoice_taken_back_elsewhere_is_doubted_without_naming_the_other_unit(bought):
    other = make_purchase(make_unit("T09", Kind.TOWN, "远山镇"), status=Status.DRAFT)
    Receipt.objects.filter(purchase=other).update(red_of=BLUE)
    [sentence] = red_doubts(bought)
    assert "另一镇于 2021-06-01 的采购" in sentence and "远山镇" not in sentence


def test_a_red_invoice_put_with_another_original_is_doubted(bought, unit):
    wrong = make_purchase(unit, line("80.00"))
    refund = make_purchase(unit, line("-40.00"), original=wrong, status=Status.DRAFT)
    Receipt.objects.filter(purchase=refund).update(red_of=BLUE)
    [sentence] = red_doubts(refund)
    assert f"是 {BLUE}，不在原采购 {wrong.number} 中" in sentence
    make_receipt(wrong)
    Purchase.objects.filter(pk=refund.pk).update(original=bought)
    refund.refresh_from_db()
    assert red_doubts(refund) == []

"""What the receipts say against what was entered."""

import pytest

from procurement.checks import Level
from procurement.choices import Reading, ReceiptKind, Status, Use
from procurement.models import Receipt
from tests.factories import line, make_purchase, make_receipt, make_unit
from units.kinds import Kind

CODE = "11330282DM0079198D"


def test_it_blocks_a_purchase_without_receipts(town, doubts):
    purchase = make_purchase(town, status=Status.DRAFT)
    purchase.receipts.all().delete()
    [doubt] = doubts(purchase, "no_receipt")
    assert doubt.level == Level.BLOCK


def test_it_warns_of_an_invoice_to_another_buyer(town, doubts):
    purchase = make_purchase(town, status=Status.DRAFT, data={"buyer_name": "某某贸易有限公司"})
    [doubt] = doubts(purchase, "other_buyer")
    assert doubt.level == Level.WARN
    assert "某某贸易有限公司" in doubt.message and "临江镇" in doubt.message


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"buyer_name": None, "buyer_id": None},
        {"buyer_name": "慈溪市临江镇"},
        {"buyer_name": " 临 江 镇 "},
        {"buyer_name": "旧名称", "buyer_id": CODE},
    ],
)
def test_the_units_own_name_or_code_is_no_doubt(town, doubts, data):
    town.uscc = CODE
    town.save()
    purchase = make_purchase(town, status=Status.DRAFT, data=data)
    assert not doubts(purchase, "other_buyer")


def test_a_union_may_be_invoiced_by_the_name_of_its_host(town, doubts):
    union = make_unit("U01", Kind.UNION, "临江镇机关工会", host=town)
    purchase = make_purchase(union, status=Status.DRAFT, data={"buyer_name": "慈溪市临江镇"})
    assert not doubts(purchase, "other_buyer")


@pytest.mark.parametrize("buyer", ["临江镇机关工会", "慈溪市临江镇工会委员会"])
def test_an_invoice_to_the_units_union_belongs_to_the_union(town, doubts, buyer):
    make_unit("U01", Kind.UNION, "临江镇机关工会", host=town)
    purchase = make_purchase(town, status=Status.DRAFT, data={"buyer_name": buyer})
    [doubt] = doubts(purchase, "other_buyer")
    assert buyer in doubt.message and "改为登记到工会" in doubt.message


def test_a_merchants_invoices_name_its_customers(town, doubts):
    sale = make_purchase(
        town, line("100.00", Use.COMMERCE), status=Status.DRAFT, data={"buyer_name": "别的公司"}
    )
    assert not doubts(sale, "other_buyer")


def test_it_warns_when_invoices_do_not_add_up_to_the_lines(town, doubts):
    purchase = make_purchase(
        town, line("60.00"), line("30.00"), status=Status.DRAFT, data={"total": "100.00"}
    )
    [doubt] = doubts(purchase, "total_differs")
    assert doubt.level == Level.WARN
    assert "明细少 10.00 元" in doubt.message


def test_totals_that_agree_or_are_not_known_are_no_doubt(town, doubts):
    purchase = make_purchase(town, line("90.00"), status=Status.DRAFT, data={"total": "60.00"})
    make_receipt(purchase, data={"total": "30.00"})
    assert not doubts(purchase, "total_differs")
    make_receipt(purchase, data={"total": None})
    assert not doubts(purchase, "total_differs")


def test_an_invoice_attached_in_two_files_counts_once(town, doubts):
    purchase = make_purchase(
        town, line("90.00"), status=Status.DRAFT, invoice_number="00000042", data={"total": "90.00"}
    )
    copy = make_receipt(purchase, data={"total": "90.00"})
    Receipt.objects.filter(pk=copy.pk).update(invoice_number="00000042", identity="")
    assert not doubts(purchase, "total_differs")


def test_a_receipt_that_is_no_invoice_does_not_enter_the_sum(town, doubts):
    purchase = make_purchase(town, line("90.00"), status=Status.DRAFT, data={"total": "90.00"})
    make_receipt(purchase, kind=ReceiptKind.PAYMENT, invoice_number="", data={"total": "90.00"})
    assert not doubts(purchase, "total_differs")


def test_it_warns_when_only_payment_or_freight_is_shown(town, doubts):
    purchase = make_purchase(town, status=Status.DRAFT, kind=ReceiptKind.PAYMENT)
    [doubt] = doubts(purchase, "weak_receipts")
    assert doubt.level == Level.WARN and "付款凭据" in doubt.message
    make_receipt(purchase, kind=ReceiptKind.CONTRACT, invoice_number="")
    assert not doubts(purchase, "weak_receipts")


def test_it_repeats_what_the_reading_was_unsure_of(town, doubts):
    purchase = make_purchase(town, status=Status.DRAFT, data={"problems": ["校验位不对，请核对。"]})
    [doubt] = doubts(purchase, "unsure_reading")
    assert "校验位不对" in doubt.message
    Receipt.objects.update(data={}, reading=Reading.FAILED)
    [doubt] = doubts(purchase, "unsure_reading")
    assert "未能识别" in doubt.message

"""查验: what the state's site asks, what was found there, by whom, and finding purchases by it."""

import pytest

from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.errors import NotAllowed, Refused
from procurement import attachments, workflow
from procurement.checking import needed, record_check
from procurement.checks import Subject, doubts_of
from procurement.choices import CheckResult, ReceiptKind, Status
from procurement.models import Receipt
from tests.factories import make_policy, make_purchase, make_receipt, make_unit, make_user
from units.kinds import Kind

pytestmark = pytest.mark.django_db

READ = {
    "issue_date": "2021-03-05",
    "total": "106.00",
    "amount": "100.00",
    "check_code": "161978 33567414507415",
}
PAPER = {"invoice_code": "033002000211", "invoice_number": "83089647"}
HEAD = [("发票代码", "033002000211"), ("发票号码", "83089647"), ("开票日期", "20210305")]


@pytest.fixture
def town():
    make_policy()
    return make_unit("T01", Kind.TOWN, "临江镇")


@pytest.fixture
def bureau(town):
    return make_user("bureau", "bureau", make_unit("B01"))


@pytest.fixture
def receipt(town):
    return make_purchase(town, status=Status.SUBMITTED, data=READ, **PAPER).receipts.get()


@pytest.mark.parametrize(
    ("paper", "read", "expected"),
    [
        (PAPER, {"invoice_type": "10"}, [*HEAD, ("校验码后六位", "507415")]),
        (PAPER, {"invoice_type": "04"}, [*HEAD, ("校验码后六位", "507415")]),
        (PAPER, {"invoice_type": "01"}, [*HEAD, ("不含税金额", "100.00")]),
        (PAPER, {"invoice_type": "08"}, [*HEAD, ("不含税金额", "100.00")]),
        (PAPER, {"check_code": ""}, [*HEAD, ("不含税金额", "100.00")]),
        (
            {"invoice_code": "", "invoice_number": "24332000000012345678"},
            {"invoice_type": "32"},
            [("发票号码", "24332000000012345678"), ("开票日期", "20210305"), ("价税合计", "106.00")],
        ),
        (PAPER, {"issue_date": None, "invoice_type": "01", "amount": None},
         [*HEAD[:2], ("开票日期", ""), ("不含税金额", "")]),
    ],
)  # fmt: skip
def test_each_kind_of_invoice_is_asked_for_its_own_fields(paper, read, expected):
    receipt = Receipt(kind=ReceiptKind.INVOICE, data=READ | read, **paper)
    assert [tuple(field) for field in needed(receipt)] == expected


def test_what_is_no_invoice_is_asked_for_nothing():
    assert needed(Receipt(kind=ReceiptKind.PAYMENT, data=READ, **PAPER)) == []
    assert needed(Receipt(kind=ReceiptKind.INVOICE, data=READ)) == []


def test_who_found_what_and_when_stands_on_the_receipt_and_on_the_trail(receipt, bureau):
    record_check(receipt, result=CheckResult.MATCHES, by=bureau)
    receipt.refresh_from_db()
    assert (receipt.check_result, receipt.checked_by) == (
        CheckResult.MATCHES,
        "bureau",
    ) and receipt.checked_at
    record_check(receipt, result=CheckResult.UNCHECKED, by=bureau)
    receipt.refresh_from_db()
    assert (receipt.checked_by, receipt.checked_at) == ("", None)
    told = AuditEvent.objects.filter(action="查验发票").order_by("seq").values_list("actor", "detail__moved")
    assert list(told) == [("bureau", ["未查", "已查验一致"]), ("bureau", ["已查验一致", "未查"])]


def test_only_a_reviewer_writes_it_down_and_only_of_an_invoice_under_review_or_approved(
    receipt, bureau, town
):
    for nobody in (make_user("clerk", "clerk", town), make_user("far", "town", make_unit("T02", Kind.TOWN))):
        with pytest.raises(NotAllowed):
            record_check(receipt, result=CheckResult.MATCHES, by=nobody)
    with pytest.raises(Refused, match="查验结果应为"):
        record_check(receipt, result="fine", by=bureau)
    draft = make_purchase(town, status=Status.DRAFT).receipts.get()
    with pytest.raises(Refused, match="草稿"):
        record_check(draft, result=CheckResult.MATCHES, by=bureau)
    other = make_receipt(receipt.purchase, kind=ReceiptKind.PAYMENT, invoice_number="")
    with pytest.raises(Refused, match="不用查验"):
        record_check(other, result=CheckResult.MATCHES, by=bureau)
    assert not Receipt.objects.exclude(check_result=CheckResult.UNCHECKED).exists()


def test_an_invoice_that_does_not_match_is_a_doubt(receipt, bureau):
    record_check(receipt, result=CheckResult.DIFFERS, by=bureau)
    [doubt] = [each for each in doubts_of(Subject(receipt.purchase)) if each.code == "check_differs"]
    assert "不一致" in doubt.message and "bureau" in doubt.message and not doubt.blocks


def test_another_number_is_unchecked_again(receipt, bureau):
    record_check(receipt, result=CheckResult.MATCHES, by=bureau)
    workflow.send_back(receipt.purchase, by=bureau, reason="号码不对")
    attachments.describe(receipt, by=None, kind="payment", code="033002000211", number="83089647")
    receipt.refresh_from_db()
    assert receipt.check_result == CheckResult.MATCHES
    attachments.describe(receipt, by=None, kind="invoice", code="033002000211", number="83089648")
    receipt.refresh_from_db()
    assert (receipt.check_result, receipt.checked_by) == (CheckResult.UNCHECKED, "")


def test_the_reviewer_sees_the_fields_writes_it_down_and_finds_it_again(receipt, bureau, client, town):
    client.force_login(bureau)
    page = client.get(f"/review/{receipt.purchase_id}/?channel=direct").content.decode()
    assert (
        'data-copy="507415"' in page and 'data-copy="20210305"' in page and "全国增值税发票查验平台" in page
    )
    address = f"/review/receipts/{receipt.pk}/check/?channel=direct"
    answer = client.post(address, {"result": "matches"}, follow=True)
    assert answer.redirect_chain == [(f"/review/{receipt.purchase_id}/?channel=direct", 302)]
    assert "已记为“已查验一致”" in answer.content.decode()
    assert "查验结果应为" in client.post(address, {"result": "?"}, follow=True).content.decode()


@pytest.mark.parametrize("address", ["/review/", "/purchases/"])
def test_purchases_are_found_by_the_outcome(address, receipt, bureau, client, town):
    wrong = make_purchase(town, status=Status.SUBMITTED)
    record_check(wrong.receipts.get(), result=CheckResult.DIFFERS, by=bureau)
    half = make_purchase(town, status=Status.SUBMITTED)
    make_receipt(half)
    record_check(half.receipts.first(), result=CheckResult.MATCHES, by=bureau)
    record_check(receipt, result=CheckResult.MATCHES, by=bureau)
    paid = make_purchase(town, status=Status.SUBMITTED, kind=ReceiptKind.CONTRACT, invoice_number="")
    client.force_login(bureau)

    def found(outcome):
        page = client.get(address, {"checked": outcome}).content.decode()
        every = {"matching": receipt.purchase, "wrong": wrong, "half": half, "paid": paid}
        return {name for name, purchase in every.items() if purchase.number in page}

    assert found("") == {"matching", "wrong", "half", "paid"}
    assert (found("unchecked"), found("matches"), found("differs")) == ({"half"}, {"matching"}, {"wrong"})

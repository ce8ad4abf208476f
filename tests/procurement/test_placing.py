"""Papers of one purchase come together by themselves, with the sentence why; a clerk takes them apart or moves them."""

from __future__ import annotations

import datetime
import itertools
import threading
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections

from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.errors import NotAllowed, Refused
from procurement import attachments, editing, inbox, placing, reading, workflow
from procurement.choices import ReceiptKind, Status
from procurement.extraction import InvoiceData, Item
from procurement.models import Purchase, Receipt
from tests.factories import line, make_policy, make_purchase, make_receipt, make_unit, make_user
from units.kinds import Kind
from units.models import Role

SELLER = "布拖县高山农产品有限公司"
serial = itertools.count(1)


@pytest.fixture
def school(db, monkeypatch):
    monkeypatch.setattr("procurement.inbox.enqueue", lambda task, pk: None)
    make_policy()
    return make_unit("S01", Kind.SCHOOL)


@pytest.fixture
def clerk(school):
    return make_user("clerk", Role.CLERK, school)


def dropped(school, clerk, number=0) -> Receipt:
    number = number or next(serial)
    [outcome] = inbox.receive([SimpleUploadedFile(f"{number}.pdf", b"%%PDF-1.4 %d" % number)], school, clerk)
    assert outcome.receipt is not None
    return outcome.receipt


def read(receipt: Receipt, document: str, total: str = "", day: str = "", seller: str = "") -> Receipt:
    """As if the worker had read that in the file."""
    number = f"{receipt.pk:020}" if document == "invoice" else ""
    data = InvoiceData(
        format="pdf",
        kind="invoice" if document == "invoice" else "unknown",
        document=document,
        invoice_number=number,
        issue_date=datetime.date.fromisoformat(f"2021-{day}") if day else None,
        total=Decimal(total) if total else None,
        seller_name=seller,
        items=(Item("*谷物*大米", amount=Decimal(total)),) if document == "invoice" else (),
    )
    reading._finish(receipt.pk, data)
    receipt.refresh_from_db()
    return receipt


INVOICE = ("invoice", "3605.00", "06-01", SELLER)
SLIP = ("payment", "3605.00", "06-03", "")
CONTRACT = ("contract", "3605.00", "05-20", SELLER)
FREIGHT = ("freight", "300.00", "06-02", SELLER)


@pytest.mark.parametrize("order", list(itertools.permutations([INVOICE, SLIP, CONTRACT, FREIGHT])))
def test_the_papers_of_a_purchase_become_one_draft_in_whatever_order_they_are_read(school, clerk, order):
    for each in order:
        read(dropped(school, clerk), *each)
    purchase = Purchase.objects.get()
    assert purchase.receipts.count() == 4 and purchase.lines.get().amount == Decimal("3605.00")
    why = dict(purchase.receipts.values_list("kind", "together"))
    assert why == {
        "invoice": "",
        "payment": "金额同为 3,605.00 元，日期相差 2 天",
        "contract": "金额同为 3,605.00 元，供应商相同，日期相差 12 天",
        "freight": "供应商相同，日期相差 1 天",
    }


def test_several_invoices_are_several_drafts_each_with_its_own_slip(school, clerk):
    slips = [read(dropped(school, clerk), "payment", total, "06-03") for total in ("10.00", "20.00", "30.00")]
    for total in ("30.00", "10.00", "20.00"):
        read(dropped(school, clerk), "invoice", total, "06-01", SELLER)
    assert Purchase.objects.count() == 3
    for slip in slips:
        slip.refresh_from_db()
        assert slip.purchase.lines.get().amount == Decimal(slip.data["total"])


def test_a_slip_that_fits_two_purchases_waits_for_the_clerk_and_settles_when_one_is_taken(school, clerk):
    first = read(dropped(school, clerk), "invoice", "10.00", "06-01", SELLER)
    slip = read(dropped(school, clerk), "payment", "10.00", "06-02")
    assert slip.purchase == first.purchase
    second = read(dropped(school, clerk), "invoice", "10.00", "06-03", SELLER)
    slip.refresh_from_db()
    assert slip.purchase is None and "2 笔采购都可能对应" in slip.together
    read(dropped(school, clerk), "payment", "10.00", "06-03", SELLER)
    slip.refresh_from_db()
    assert slip.purchase == first.purchase and second.purchase.receipts.count() == 2


def test_another_units_purchase_is_not_looked_at(school, clerk):
    other = make_unit("S02", Kind.SCHOOL)
    make_purchase(other, line("10.00"), status=Status.DRAFT)
    assert read(dropped(school, clerk), "payment", "10.00", "06-02").purchase is None


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.DRAFT, Status.RETURNED}))
def test_nothing_is_put_with_a_purchase_that_can_no_longer_be_changed(school, clerk, status):
    make_purchase(school, line("10.00"), status=status)
    assert read(dropped(school, clerk), "payment", "10.00", "06-02").purchase is None


def test_what_a_person_has_touched_is_not_taken_apart_again(school, clerk):
    first = read(dropped(school, clerk), "invoice", "10.00", "06-01", SELLER)
    slip = read(dropped(school, clerk), "payment", "10.00", "06-02")
    head = editing.Head(invoice_date=first.purchase.invoice_date, supplier=SELLER, note="看过")
    lines = [editing.line_of(each) for each in first.purchase.lines.all()]
    editing.save_draft(first.purchase, by=clerk, version=1, head=head, lines=lines)
    read(dropped(school, clerk), "invoice", "10.00", "06-02", SELLER)
    slip.refresh_from_db()
    assert slip.purchase == first.purchase


def test_split_takes_a_paper_back_to_the_inbox_and_it_is_not_put_there_again(school, clerk):
    invoice = read(dropped(school, clerk), *INVOICE)
    slip = read(dropped(school, clerk), *SLIP)
    placing.move(slip, to=None, by=clerk)
    read(dropped(school, clerk), *CONTRACT)
    slip.refresh_from_db()
    assert (slip.purchase, slip.together, slip.settled) == (None, "", True)
    placing.move(slip, to=invoice.purchase, by=clerk)
    assert Receipt.objects.get(pk=slip.pk).purchase == invoice.purchase
    words = (
        AuditEvent.objects.filter(action="移动票据").order_by("seq").values_list("detail__moved", flat=True)
    )
    number = invoice.purchase.number
    assert list(words) == [[number, "收件箱"], ["收件箱", number]]


def test_a_paper_alone_becomes_a_draft_when_the_clerk_says_so_and_gathers_its_like(school, clerk):
    slip = read(dropped(school, clerk), "payment", "3605.00", "06-03", SELLER)
    contract = read(dropped(school, clerk), *CONTRACT)
    assert not Purchase.objects.exists()
    purchase = placing.start(slip, by=clerk)
    assert purchase.lines.get().amount == Decimal("3605.00") and purchase.supplier.name == SELLER
    assert (purchase.purchase_date, purchase.recorded_by) == (datetime.date(2021, 6, 3), clerk)
    contract.refresh_from_db()
    assert contract.purchase == purchase and contract.together
    with pytest.raises(Refused, match="已在采购"):
        placing.start(slip, by=clerk)


def test_an_invoice_moved_to_another_purchase_takes_its_lines_along(school, clerk):
    one = read(dropped(school, clerk), "invoice", "10.00", "06-01", SELLER)
    two = read(dropped(school, clerk), "invoice", "20.00", "06-01", SELLER)
    target, left = one.purchase, two.purchase
    placing.move(two, to=target, by=clerk)
    assert [(each.position, each.amount) for each in target.lines.all()] == [(1, 10), (2, 20)]
    left.refresh_from_db()
    target.refresh_from_db()
    assert left.status == Status.VOID and target.version == 2


def test_an_invoice_taken_to_the_inbox_can_be_made_a_draft_again_without_counting_twice(school, clerk):
    invoice = read(dropped(school, clerk), *INVOICE)
    first = invoice.purchase
    placing.move(invoice, to=None, by=clerk)
    first.refresh_from_db()
    assert first.status == Status.VOID and not first.lines.exists()
    invoice.refresh_from_db()
    again = placing.start(invoice, by=clerk)
    assert again.lines.get().amount == Decimal("3605.00") and again.number != first.number


def test_the_lines_that_a_person_wrote_stay_where_they_are(school, clerk):
    draft = make_purchase(school, line("99.00"), status=Status.DRAFT)
    draft.changed_by.add(clerk)
    target = make_purchase(school, line("5.00"), status=Status.DRAFT)
    placing.move(draft.receipts.get(), to=target, by=clerk)
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT and draft.lines.count() == 1 and target.lines.count() == 1
    assert target.receipts.count() == 2


def test_moving_is_refused_with_a_sentence_and_changes_nothing(school, clerk):
    draft = make_purchase(school, status=Status.DRAFT)
    receipt = draft.receipts.get()
    submitted = make_purchase(school, status=Status.SUBMITTED)
    foreign = make_purchase(make_unit("S02", Kind.SCHOOL), status=Status.DRAFT)
    twin = make_purchase(school, status=Status.DRAFT)
    make_receipt(twin, invoice_code=receipt.invoice_code, invoice_number=receipt.invoice_number)
    waiting = dropped(school, clerk)
    waiting = placing.move(waiting, to=draft, by=clerk)
    for moved, to, by, sentence in (
        (receipt, submitted, clerk, "待审核"),
        (receipt, foreign, clerk, "只能归入本单位"),
        (receipt, twin, clerk, "已有一份"),
        (submitted.receipts.get(), draft, clerk, "待审核"),
        (submitted.receipts.get(), None, clerk, "待审核"),
        (waiting, None, clerk, "还在识别"),
        (foreign.receipts.get(), None, clerk, "没有为该单位"),
        (receipt, None, make_user("lead", Role.LEAD, make_unit("D09")), "没有为该单位"),
    ):
        with pytest.raises(Refused, match=sentence):
            placing.move(moved, to=to, by=by)
    kept = Receipt.objects.exclude(pk=waiting.pk)
    assert {each.purchase_id for each in kept} == {draft.pk, submitted.pk, foreign.pk, twin.pk}
    with pytest.raises(NotAllowed):
        placing.start(foreign.receipts.get(), by=clerk)


def test_a_receipt_moved_while_it_is_read_stays_where_it_was_put(school, clerk):
    draft = make_purchase(school, line("1.00"), status=Status.DRAFT)
    receipt = dropped(school, clerk)
    placing.move(receipt, to=draft, by=clerk)
    reading._finish(receipt.pk, InvoiceData(document="payment", total=Decimal("5.00")))
    receipt.refresh_from_db()
    assert receipt.purchase == draft and receipt.kind == ReceiptKind.PAYMENT
    attachments.remove(receipt, by=clerk)
    workflow.submit(draft, by=clerk)


@pytest.mark.django_db(transaction=True)
def test_papers_read_at_once_are_still_put_together(transactional_db, monkeypatch):
    monkeypatch.setattr("procurement.inbox.enqueue", lambda task, pk: None)
    make_policy()
    school = make_unit("S01", Kind.SCHOOL)
    clerk = make_user("clerk", Role.CLERK, school)
    jobs = [(dropped(school, clerk), each) for each in (INVOICE, SLIP, CONTRACT, FREIGHT)]
    start = threading.Barrier(len(jobs))
    failures = []

    def work(receipt, facts):
        try:
            start.wait()
            read(receipt, *facts)
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures and Purchase.objects.get().receipts.count() == 4

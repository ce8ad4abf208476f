"""The verbs: who may do what to a purchase in which state, and that nothing is half done."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, connections

from cixi_xiezuo.audit import AuditEvent, broken_links
from cixi_xiezuo.errors import NotAllowed, Refused, Stale
from procurement import tallies, workflow
from procurement.checks import Subject
from procurement.choices import Reading, Status, Use
from procurement.models import Purchase, Receipt, Tally
from tests.factories import line, make_policy, make_purchase, make_receipt, make_unit, make_user
from units.kinds import Kind
from units.models import Role

END = date(2021, 12, 31)


@pytest.fixture
def town(db):
    make_policy()
    make_unit("B01", name="市商务局")
    return make_unit("T01", Kind.TOWN)


@pytest.fixture
def clerk(town):
    return make_user("clerk", Role.CLERK, town)


@pytest.fixture
def bureau(town):
    from units.models import Unit

    return make_user("bureau", Role.BUREAU, Unit.objects.get(code="B01"))


def city_total() -> int:
    return sum(row.measures.direct for row in tallies.sums_as_of(2021, END))


def test_a_purchase_goes_from_draft_to_the_figures_and_out_again(town, clerk, bureau) -> None:
    purchase = make_purchase(town, line("100.10"), status=Status.DRAFT, by=clerk)
    purchase = workflow.submit(purchase, by=clerk)
    assert (purchase.status, city_total()) == (Status.SUBMITTED, 0)
    purchase = workflow.approve(purchase, by=bureau, version=purchase.version)
    assert (purchase.status, city_total()) == (Status.APPROVED, 10010)
    purchase = workflow.revoke(purchase, by=bureau, reason="票据有误")
    assert (purchase.status, city_total()) == (Status.REVOKED, 0)
    actions = AuditEvent.objects.filter(subject=f"采购 {purchase.number}").order_by("seq")
    assert list(actions.values_list("action", "actor")) == [
        ("提交", "clerk"),
        ("核准", "bureau"),
        ("撤销核准", "bureau"),
    ]
    assert list(broken_links()) == []


@pytest.mark.parametrize("reading", [Reading.WAITING, Reading.READING])
def test_nobody_submits_while_a_receipt_is_still_being_read(town, clerk, reading) -> None:
    purchase = make_purchase(town, status=Status.DRAFT)
    receipt = make_receipt(purchase, name="运单.pdf", reading=reading)
    for by in (clerk, None):
        with pytest.raises(Refused, match="还在识别"):
            workflow.submit(purchase, by=by)
    Receipt.objects.filter(pk=receipt.pk).update(reading=Reading.FAILED)
    assert workflow.submit(purchase, by=clerk).status == Status.SUBMITTED


@pytest.mark.parametrize(
    "status", [Status.DRAFT, Status.RETURNED, Status.APPROVED, Status.REVOKED, Status.VOID]
)
def test_only_what_is_submitted_can_be_decided(town, status) -> None:
    purchase = make_purchase(town, status=status)
    for verb in (
        lambda: workflow.approve(purchase, by=None),
        lambda: workflow.send_back(purchase, by=None, reason="x"),
        lambda: workflow.withdraw(purchase, by=None),
    ):
        with pytest.raises(Refused, match="目前为"):
            verb()
    purchase.refresh_from_db()
    assert purchase.status == status


def test_an_incomplete_purchase_is_told_all_it_lacks(town) -> None:
    purchase = Purchase.objects.create(number="X", unit=town)
    with pytest.raises(Refused) as caught:
        workflow.submit(purchase, by=None)
    for said in ("开票日期或采购日期", "供应商", "采购渠道", "至少填写一行", "还没有票据"):
        assert said in str(caught.value)


def test_nobody_reviews_what_they_recorded_or_their_own_units_purchases(town, clerk, bureau) -> None:
    from units.models import Membership, Unit

    own = make_purchase(Unit.objects.get(code="B01"), status=Status.SUBMITTED)
    with pytest.raises(NotAllowed, match="没有审核该单位采购的权限"):
        workflow.approve(own, by=bureau)
    recorded = make_purchase(town, status=Status.SUBMITTED, by=clerk)
    with pytest.raises(NotAllowed):
        workflow.approve(recorded, by=clerk)
    both = make_user("both", Role.BUREAU, Unit.objects.get(code="B01"))
    Membership.objects.create(user=both, unit=make_unit("T02", Kind.TOWN), role=Role.CLERK)
    theirs = make_purchase(Unit.objects.get(code="T02"), status=Status.SUBMITTED, by=both)
    with pytest.raises(NotAllowed, match="自己登记、修改或提交"):
        workflow.approve(theirs, by=both)
    oversight = make_user("oversight", Role.OVERSIGHT, make_unit("O01"))
    assert workflow.approve(own, by=oversight).status == Status.APPROVED


def test_a_clerk_submits_only_for_their_own_unit_and_its_union(town, clerk) -> None:
    union = make_unit("G01", Kind.UNION, host=town)
    workflow.submit(make_purchase(union, status=Status.DRAFT), by=clerk)
    with pytest.raises(NotAllowed):
        workflow.submit(make_purchase(make_unit("T02", Kind.TOWN), status=Status.DRAFT), by=clerk)


def test_what_changed_meanwhile_is_never_approved_unseen(town, bureau) -> None:
    purchase = make_purchase(town, status=Status.SUBMITTED)
    seen = purchase.version
    workflow.withdraw(purchase, by=None)
    workflow.submit(purchase, by=None)
    with pytest.raises(Stale):
        workflow.approve(purchase, by=bureau, version=seen)


def test_less_can_be_recognised_with_a_reason_and_the_figures_use_it(town, bureau) -> None:
    purchase = make_purchase(
        town, line("100.00"), line("50.00", use=Use.COMMERCE, overlap="20.00"), status="submitted"
    )
    first, second = purchase.lines.all()
    for amount, reason, said in (
        ("60.00", "", "请填写原因"),
        ("100.01", "x", "应在"),
        ("-1.00", "x", "应在"),
    ):
        with pytest.raises(Refused, match=said):
            workflow.approve(
                purchase, by=bureau, recognised={first.pk: workflow.Recognition(Decimal(amount), reason)}
            )
    with pytest.raises(Refused, match=r"应在 20\.00"):
        workflow.approve(
            purchase, by=bureau, recognised={second.pk: workflow.Recognition(Decimal("19.99"), "x")}
        )
    workflow.approve(
        purchase, by=bureau, recognised={first.pk: workflow.Recognition(Decimal("60.00"), "含运费")}
    )
    assert city_total() == 6000
    assert list(tallies.differences()) == []


def test_a_return_needs_a_reason_and_frees_the_invoice(town, bureau) -> None:
    purchase = make_purchase(town, status="submitted", invoice_code="033002000211", invoice_number="00000077")
    other = make_purchase(make_unit("T02", Kind.TOWN), status="draft")
    make_receipt(other, invoice_code="033002000211", invoice_number="00000077")
    with pytest.raises(Refused, match="已用于另一镇于 2021-06-01 的采购"):
        workflow.submit(other, by=None)
    with pytest.raises(Refused, match="请填写退回原因"):
        workflow.send_back(purchase, by=bureau, reason="  ")
    workflow.send_back(purchase, by=bureau, reason="发票抬头不是本单位")
    assert workflow.submit(other, by=None).status == Status.SUBMITTED
    with pytest.raises(Refused, match="已用于"):
        workflow.submit(purchase, by=None)


def test_the_database_refuses_an_invoice_that_the_checks_did_not_see(town, monkeypatch) -> None:
    make_purchase(town, status="submitted", invoice_code="033002000211", invoice_number="00000077")
    other = make_purchase(make_unit("T02", Kind.TOWN), status="draft")
    make_receipt(other, invoice_code="033002000211", invoice_number="00000077")
    monkeypatch.setattr(Subject, "same_invoice", [])
    with pytest.raises(Refused, match="所附发票已用于其他采购，一张发票只能计入一次"):
        workflow.submit(other, by=None)
    assert Purchase.objects.get(pk=other.pk).status == Status.DRAFT


def test_refunds_together_stay_within_the_approved_original(town) -> None:
    original = make_purchase(town, line("100.00"))
    make_purchase(town, line("-60.00"), original=original)
    with pytest.raises(Refused, match=r"退货合计 100\.01 元超过原采购"):
        make_purchase(town, line("-40.01"), original=original)
    make_purchase(town, line("-40.00"), original=original)
    assert city_total() == 0
    with pytest.raises(Refused, match="已有退货"):
        workflow.revoke(original, by=None, reason="x")
    with pytest.raises(Refused, match="尚未核准"):
        make_purchase(town, line("-1.00"), original=make_purchase(town, status="submitted"))


def test_an_approval_is_taken_back_with_a_reason_alone(town, bureau) -> None:
    purchase = make_purchase(town, line("1.00"))
    with pytest.raises(Refused, match="请填写撤销核准的原因"):
        workflow.revoke(purchase, by=bureau, reason=" ")
    assert city_total() == 100


def test_a_refund_names_a_purchase_of_the_unit_that_is_no_refund_itself_and_is_not_cut(town) -> None:
    other = make_purchase(make_unit("T02", Kind.TOWN), line("100.00"))
    with pytest.raises(Refused, match=f"原采购 {other.number} 不是本单位的采购"):
        make_purchase(town, line("-1.00"), original=other)
    refund = make_purchase(town, line("-5.00"), original=make_purchase(town, line("100.00")))
    with pytest.raises(Refused, match=f"原采购 {refund.number} 本身是退货"):
        make_purchase(town, line("-1.00"), original=refund)
    again = make_purchase(town, line("-6.00"), original=refund.original, status=Status.SUBMITTED)
    less = {again.lines.get().pk: workflow.Recognition(Decimal("-4.00"), "少退")}
    with pytest.raises(Refused, match="第 1 行是退货，不能核减"):
        workflow.approve(again, by=None, recognised=less)


def test_a_purchase_deleted_meanwhile_is_not_found(town) -> None:
    purchase = make_purchase(town, status=Status.DRAFT)
    Purchase.objects.filter(pk=purchase.pk).delete()
    with pytest.raises(Purchase.DoesNotExist):
        workflow.submit(purchase, by=None)


def test_a_failure_in_the_middle_leaves_nothing_behind(town, monkeypatch) -> None:
    purchase = make_purchase(town, status="submitted")
    before = (purchase.version, Tally.objects.count(), AuditEvent.objects.count())

    def fail(*args, **kwargs):
        raise RuntimeError("the trail cannot be written")

    monkeypatch.setattr("cixi_xiezuo.audit.record", fail)
    with pytest.raises(RuntimeError):
        workflow.approve(purchase, by=None)
    purchase.refresh_from_db()
    assert purchase.status == Status.SUBMITTED
    assert (purchase.version, Tally.objects.count(), AuditEvent.objects.count()) == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("checked", [True, False], ids=["with the checks", "by the database alone"])
def test_of_64_submissions_of_one_invoice_at_once_exactly_one_is_accepted(checked, monkeypatch) -> None:
    """All 64 wait at one gate. Without the checks it is the database's constraint alone that refuses."""
    if not checked:
        monkeypatch.setattr("procurement.workflow.doubts_of", lambda subject: [])
    make_policy()
    purchases = [
        make_purchase(
            make_unit(f"T{number:02d}", Kind.TOWN),
            status="draft",
            invoice_code="033002000211",
            invoice_number="00000009",
        )
        for number in range(64)
    ]
    outcome: list[str] = []
    start = threading.Barrier(64)

    def run(purchase: Purchase) -> None:
        start.wait()
        try:
            workflow.submit(purchase, by=None)
            outcome.append("accepted")
        except Refused as refused:
            outcome.append("refused" if "已用于另一镇于 2021-06-01 的采购" in str(refused) else str(refused))
        except Exception as error:  # told below
            outcome.append(repr(error))
        connections.close_all()

    threads = [threading.Thread(target=run, args=(purchase,)) for purchase in purchases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome) == ["accepted"] + ["refused"] * 63, connection.vendor
    assert Receipt.objects.filter(live=True).count() == 1
    assert Purchase.objects.filter(status=Status.SUBMITTED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_approvals_of_one_purchase_at_once_exactly_one_counts() -> None:
    make_policy()
    purchase = make_purchase(make_unit("T01", Kind.TOWN), line("10.00"), status="submitted")
    outcome: list[str] = []
    start = threading.Barrier(12)

    def run() -> None:
        start.wait()
        try:
            workflow.approve(purchase, by=None)
            outcome.append("approved")
        except Refused:
            outcome.append("refused")
        except Exception as error:  # told below
            outcome.append(repr(error))
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome) == ["approved"] + ["refused"] * 11
    assert city_total() == 1000
    assert list(tallies.differences()) == []

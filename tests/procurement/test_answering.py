"""What a clerk says to a doubt, and that a part of an invoice is claimed only with a reason."""

import pytest

from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.errors import NotAllowed, Refused
from procurement import answering, doubts, workflow
from procurement.checks import Subject, doubts_of
from procurement.choices import Status
from procurement.models import Receipt
from tests.factories import line, make_policy, make_purchase, make_unit, make_user
from units.kinds import Kind

pytestmark = pytest.mark.django_db

PART = "total_differs:0:0"


@pytest.fixture
def town():
    make_policy()
    return make_unit("T01", Kind.TOWN, "临江镇")


@pytest.fixture
def clerk(town):
    return make_user("clerk", "clerk", town)


@pytest.fixture
def part(town, clerk):
    """A draft that claims 60.00 of an invoice of 100.00."""
    return make_purchase(town, line("60.00"), status=Status.DRAFT, by=clerk, data={"total": "100.00"})


def rows(purchase):
    purchase.refresh_from_db()
    return doubts.answered(purchase, doubts_of(Subject(purchase)))


def test_part_of_an_invoice_is_submitted_only_with_a_reason(part, clerk):
    with pytest.raises(Refused, match=r"明细少 40\.00 元.*疑点说明"):
        workflow.submit(part, by=clerk)
    assert answering.answer(part, {PART: " 其余为办公用品 "}, by=clerk) == 1
    [row] = rows(part)
    assert (row.key, row.note, row.by, row.then) == (PART, "其余为办公用品", "clerk", "")
    assert workflow.submit(part, by=clerk).status == Status.SUBMITTED


def test_a_reason_given_for_another_sum_does_not_do(part, clerk):
    answering.answer(part, {PART: "其余为办公用品"}, by=clerk)
    Receipt.objects.update(data={"total": "1000.00"})
    [row] = rows(part)
    assert "少 40.00" in row.then and row.note
    with pytest.raises(Refused, match=r"明细少 940\.00 元"):
        workflow.submit(part, by=clerk)
    answering.answer(part, {PART: "其余为办公用品"}, by=clerk)
    assert workflow.submit(part, by=clerk).status == Status.SUBMITTED


def test_the_servers_operator_and_imports_are_not_asked(part):
    assert workflow.submit(part, by=None).status == Status.SUBMITTED


def test_claiming_more_than_the_invoice_may_be_answered_but_need_not(town, clerk):
    more = make_purchase(town, line("160.00"), status=Status.DRAFT, by=clerk, data={"total": "100.00"})
    assert not rows(more)[0].doubt.needs_answer
    assert workflow.submit(more, by=clerk).doubts == 1


def test_the_rest_of_an_invoice_cannot_be_claimed_elsewhere_without_its_being_seen(part, clerk, town):
    answering.answer(part, {PART: "其余为办公用品"}, by=clerk)
    workflow.submit(part, by=clerk)
    held = part.receipts.get()
    rest = make_purchase(
        town, line("40.00"), status=Status.DRAFT, by=clerk,
        invoice_code=held.invoice_code, invoice_number=held.invoice_number, data={"total": "100.00"},
    )  # fmt: skip
    answering.answer(rest, {PART: "这是其余部分"}, by=clerk)
    with pytest.raises(Refused, match=f"已用于本单位采购 {part.number}"):
        workflow.submit(rest, by=clerk)


def test_an_empty_note_takes_the_answer_back_and_every_change_is_on_the_trail(part, clerk):
    answering.answer(part, {PART: "其余为办公用品"}, by=clerk)
    assert answering.answer(part, {PART: "其余为办公用品"}, by=clerk) == 0
    answering.answer(part, {PART: ""}, by=clerk)
    part.refresh_from_db()
    assert part.answers == {}
    told = AuditEvent.objects.filter(action="说明疑点").order_by("seq")
    assert [list(event.detail["answers"].values()) for event in told] == [
        [["", "其余为办公用品"]],
        [["其余为办公用品", ""]],
    ]


def test_only_who_records_for_the_unit_answers_and_only_while_it_is_theirs(part, clerk):
    with pytest.raises(NotAllowed):
        answering.answer(part, {PART: "x"}, by=make_user("other", "clerk", make_unit("T02", Kind.TOWN)))
    workflow.submit(part, by=None)
    with pytest.raises(Refused, match="待审核"):
        answering.answer(part, {PART: "x"}, by=clerk)
    part.refresh_from_db()
    assert part.answers == {}


def test_a_doubt_that_blocks_and_one_that_is_not_there_cannot_be_answered(town, clerk):
    bare = make_purchase(town, status=Status.DRAFT, by=clerk)
    bare.receipts.all().delete()
    assert answering.answer(bare, {"no_receipt:0:0": "没有", "odd_price:1:0": "x"}, by=clerk) == 0


def test_a_note_too_long_is_refused(part, clerk):
    with pytest.raises(Refused, match="300 个字"):
        answering.answer(part, {PART: "长" * 301}, by=clerk)


def test_two_doubts_of_a_kind_are_answered_apart(town, clerk):
    purchase = make_purchase(
        town, line(region="其他地区"), line(region="其他地区"), status=Status.DRAFT, by=clerk
    )
    answering.answer(purchase, {"unpaired_region:2:0": "第二行说明"}, by=clerk)
    assert [(row.doubt.line, row.note) for row in rows(purchase)] == [(1, ""), (2, "第二行说明")]


def test_the_clerk_writes_it_in_the_form_and_the_reviewer_reads_it(part, clerk, client):
    client.force_login(clerk)
    page = client.get(f"/purchases/{part.pk}/").content.decode()
    assert "疑点说明" in page and f'name="answer:{PART}"' in page
    form = {
        "version": part.version, "purchase_date": "2021-06-01", "supplier": "凉山供应链公司", "channel": "direct",
        "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "1", "lines-0-product_name": "苦荞茶",
        "lines-0-amount": "60.00", "lines-0-use": "office", "lines-0-region": part.lines.get().region_id,
        f"answer:{PART}": "其余为<b>办公用品</b>", "submit": "1",
    }  # fmt: skip
    for receipt in part.receipts.all():
        prefix = f"receipt-{receipt.pk}-"
        form |= {
            f"{prefix}kind": receipt.kind,
            f"{prefix}code": receipt.invoice_code,
            f"{prefix}number": receipt.invoice_number,
        }
    answer = client.post(f"/purchases/{part.pk}/", form, follow=True)
    part.refresh_from_db()
    assert part.status == Status.SUBMITTED, answer.content.decode()
    client.force_login(make_user("bureau", "bureau", make_unit("B01")))
    page = client.get(f"/review/{part.pk}/").content.decode()
    assert "单位说明：其余为&lt;b&gt;办公用品&lt;/b&gt;" in page
    trail = client.get(f"/review/{part.pk}/trail/").content.decode()
    assert "说明疑点" in trail and "办公用品" in trail

"""待审核: who sees which purchases, and what a decision does."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from assessment.standing import YearStanding
from cixi_xiezuo.audit import AuditEvent
from procurement import claims, reasons, workflow
from procurement.choices import Channel, Status, Use
from procurement.models import Purchase
from tests.factories import line, make_base, make_policy, make_purchase, make_unit, make_user
from units.kinds import Kind
from units.models import Role


@pytest.fixture
def town(db):
    make_policy()
    return make_unit("T01", Kind.TOWN, "临江镇")


@pytest.fixture
def school(town):
    return make_unit("S01", Kind.SCHOOL, "临江小学", town=town)


@pytest.fixture
def bureau(client, town):
    user = make_user("bureau", Role.BUREAU, make_unit("D01", Kind.DEPARTMENT, "市商务局"))
    client.force_login(user)
    return user


@pytest.fixture
def submitted(school):
    return make_purchase(school, line("100.00"), line("50.00", product="玉米"), status=Status.SUBMITTED)


def numbers(response) -> list[str]:
    return [purchase.number for purchase, _ in response.context["rows"]]


def test_the_queue_asks_for_a_log_in_and_for_a_reviewer(client, town, submitted):
    address = reverse("review_queue")
    assert client.get(address).status_code == 302
    client.force_login(make_user("clerk", Role.CLERK, submitted.unit))
    assert client.get(address).status_code == 404
    assert client.get(reverse("review", args=[submitted.pk])).status_code == 404
    assert client.post(reverse("review_approve", args=[submitted.pk])).status_code == 404
    assert client.post(reverse("review_approve_many")).status_code == 404


def test_the_queue_lists_what_waits_the_oldest_first(client, bureau, town, school):
    second = make_purchase(town, status=Status.SUBMITTED)
    first = make_purchase(school, status=Status.SUBMITTED, date="2021-06-02")
    Purchase.objects.filter(pk=first.pk).update(submitted_at="2021-06-01T00:00:00+08:00")
    make_purchase(school, date="2021-06-03")
    assert numbers(client.get(reverse("review_queue"))) == [first.number, second.number]


def test_a_reviewer_sees_only_units_of_their_own(client, town, school):
    elsewhere = make_purchase(make_unit("T02", Kind.TOWN), status=Status.SUBMITTED)
    mine = make_purchase(school, status=Status.SUBMITTED, date="2021-06-02")
    client.force_login(make_user("town", Role.TOWN, town))
    assert numbers(client.get(reverse("review_queue"))) == [mine.number]
    assert client.get(reverse("review", args=[elsewhere.pk])).status_code == 404
    assert client.post(reverse("review_approve", args=[elsewhere.pk]), {"version": 2}).status_code == 404
    elsewhere.refresh_from_db()
    assert elsewhere.status == Status.SUBMITTED


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("unit=临江小", ["B"]),
        ("unit=t01", ["A"]),
        ("kind=school", ["B"]),
        ("channel=retail", ["A"]),
        ("since=2021-06-02", ["B"]),
        ("until=2021-06-01", ["A"]),
        ("least=1,000", ["B"]),
        ("most=999.99", ["A"]),
        ("doubts=yes", ["A"]),
        ("doubts=no", ["B"]),
        ("least=一千&since=x", ["A", "B"]),
    ],
)
def test_the_queue_is_filtered_by_the_address(client, bureau, town, school, query, found):
    make_purchase(
        town, line("20.00", region="其他地区"), number="A", channel=Channel.RETAIL, status=Status.SUBMITTED
    )
    make_purchase(school, line("1000.00"), number="B", date="2021-06-02", status=Status.SUBMITTED)
    assert numbers(client.get(f"{reverse('review_queue')}?{query}")) == found


def test_a_town_is_filtered_with_what_stands_in_it(client, bureau, town, school):
    union = make_unit("U01", Kind.UNION, host=school)
    for day, unit in enumerate((town, school, union, make_unit("T02", Kind.TOWN)), start=1):
        make_purchase(unit, number=unit.code, status=Status.SUBMITTED, date=f"2021-06-{day:02}")
    assert numbers(client.get(f"{reverse('review_queue')}?town={town.pk}")) == ["T01", "S01", "U01"]


def test_a_filter_that_makes_no_sense_is_said_at_the_field(client, bureau, submitted):
    page = client.get(f"{reverse('review_queue')}?least=一千").content.decode()
    assert "不是数字" in page


def test_the_page_shows_lines_doubts_and_what_was_read_differently(client, bureau, school):
    purchase = make_purchase(
        school,
        line("100.00"),
        status=Status.SUBMITTED,
        data={"buyer_name": "别的学校", "total": "120.00", "seller_name": "凉山供应链公司"},
    )
    response = client.get(reverse("review", args=[purchase.pk]))
    page = response.content.decode()
    assert "苦荞茶" in page and "凉山供应链公司" in page
    assert {row.doubt.code for row, _ in response.context["doubts"]} == {"other_buyer", "total_differs"}
    differing = [f.label for f in response.context["papers"][0]["fields"] if f.differs]
    assert differing == ["价税合计", "购买方"]
    assert "填报为：100.00" in page


def test_approving_moves_the_figures_and_opens_the_next_of_the_filtered_queue(client, bureau, town, school):
    first = make_purchase(school, line("100.00"), number="1", status=Status.SUBMITTED)
    make_purchase(town, number="2", status=Status.SUBMITTED, date="2021-06-02")
    third = make_purchase(school, number="3", status=Status.SUBMITTED, date="2021-06-03")
    pk = first.lines.get().pk
    response = client.post(
        reverse("review_approve", args=[first.pk]) + "?kind=school",
        {"version": first.version, f"amount_{pk}": "100.00", f"reason_{pk}": ""},
    )
    assert response.url == reverse("review", args=[third.pk]) + "?kind=school"
    first.refresh_from_db()
    assert (first.status, first.decided_by) == (Status.APPROVED, bureau)
    assert YearStanding.read(2021).city_total.value == 100_00


def test_after_the_last_one_the_queue_opens(client, bureau, submitted):
    response = client.post(
        reverse("review_return", args=[submitted.pk]), {"version": submitted.version, "reason": "票据不清晰"}
    )
    assert response.url == reverse("review_queue")
    submitted.refresh_from_db()
    assert (submitted.status, submitted.returned_reason) == (Status.RETURNED, "票据不清晰")


def test_less_may_be_recognised_with_a_reason(client, bureau, submitted):
    one, two = submitted.lines.all()
    data = {
        "version": submitted.version,
        f"amount_{one.pk}": "80.00",
        f"reason_{one.pk}": "",
        f"amount_{two.pk}": "50.00",
        f"reason_{two.pk}": "",
    }
    response = client.post(reverse("review_approve", args=[submitted.pk]), data)
    assert response.status_code == 422 and "第 1 行核减了金额，请填写原因" in response.content.decode()
    assert 'value="80.00"' in response.content.decode()
    client.post(reverse("review_approve", args=[submitted.pk]), data | {f"reason_{one.pk}": "运费不计"})
    one.refresh_from_db()
    assert (str(one.recognised), one.recognised_reason) == ("80.00", "运费不计")
    assert YearStanding.read(2021).city_total.value == 130_00


@pytest.mark.parametrize("amount", ["", "abc", "1.234", "100.01", "-1"])
def test_an_amount_that_makes_no_sense_is_refused_in_words(client, bureau, submitted, amount):
    one, two = submitted.lines.all()
    data = {"version": 2, f"amount_{one.pk}": amount, f"reason_{one.pk}": "x", f"amount_{two.pk}": "50.00"}
    response = client.post(reverse("review_approve", args=[submitted.pk]), data)
    assert response.status_code == 422
    submitted.refresh_from_db()
    assert submitted.status == Status.SUBMITTED


def test_sending_back_needs_a_reason(client, bureau, submitted):
    response = client.post(reverse("review_return", args=[submitted.pk]), {"version": 2, "reason": " "})
    assert response.status_code == 422 and "请填写退回原因" in response.content.decode()


def test_a_purchase_changed_meanwhile_is_shown_again(client, bureau, submitted):
    address = reverse("review_return", args=[submitted.pk])
    response = client.post(address, {"version": submitted.version - 1, "reason": "x"}, follow=True)
    assert response.redirect_chain == [(reverse("review", args=[submitted.pk]), 302)]
    assert "刚刚被他人改动" in response.content.decode()


def test_a_purchase_taken_back_meanwhile_is_said_to_be(client, bureau, submitted):
    workflow.withdraw(submitted, by=None)
    response = client.post(reverse("review_return", args=[submitted.pk]), {"version": 2, "reason": "x"})
    assert response.url == reverse("review_queue")


def test_nobody_decides_on_what_they_submitted(client, school):
    user = make_user("both", Role.BUREAU, make_unit("D01"))
    purchase = make_purchase(school, status=Status.SUBMITTED)
    Purchase.objects.filter(pk=purchase.pk).update(submitted_by=user)
    client.force_login(user)
    page = client.get(reverse("review", args=[purchase.pk])).content.decode()
    assert "须由他人审核" in page
    response = client.post(reverse("review_return", args=[purchase.pk]), {"version": 2, "reason": "x"})
    assert response.status_code == 422 and "不能审核自己" in response.content.decode()


def test_many_are_approved_at_once_but_for_those_in_doubt(client, bureau, town, school):
    good = make_purchase(school, number="好", status=Status.SUBMITTED)
    doubtful = make_purchase(town, line("9.00", region="其他地区"), number="疑", status=Status.SUBMITTED)
    changed = make_purchase(town, number="变", status=Status.SUBMITTED, date="2021-06-03")
    picks = [
        f"{good.pk}:{good.version}",
        f"{doubtful.pk}:{doubtful.version}",
        f"{changed.pk}:1",
        "x",
        "999:1",
    ]
    page = client.post(reverse("review_approve_many"), {"pick": picks}, follow=True).content.decode()
    assert "已核准 1 笔" in page and "未核准 3 笔" in page
    assert "疑：第 1 行：产地其他地区" in page and "变：这笔采购刚刚被他人改动" in page
    assert "另有 1 笔已不在待审核队列中" in page
    assert list(Purchase.objects.filter(status=Status.APPROVED)) == [good]


def test_an_approval_is_revoked_with_a_reason(client, bureau, submitted):
    workflow.approve(submitted, by=None)
    address = reverse("review_revoke", args=[submitted.pk])
    assert client.post(address, {"reason": ""}).status_code == 422
    response = client.post(address, {"reason": "重复登记"}, follow=True)
    assert "已撤销核准" in response.content.decode()
    assert YearStanding.read(2021).city_total.value == 0


def test_decisions_are_made_by_post_only(client, bureau, submitted):
    for name in ("review_approve", "review_return", "review_revoke"):
        assert client.get(reverse(name, args=[submitted.pk])).status_code == 405
    assert client.get(reverse("review_approve_many")).status_code == 405


def test_its_history_is_told(client, bureau, submitted):
    page = client.get(reverse("review_trail", args=[submitted.pk])).content.decode()
    assert "提交" in page and "合计 150.00 元" in page


def test_the_pages_ask_the_database_little(client, bureau, town, django_assert_max_num_queries):
    union = make_unit("U01", Kind.UNION, host=town)
    make_base(union, headcount=100)
    for day in range(1, 11):
        last = make_purchase(
            union,
            line(use=Use.UNION_WELFARE, quantity=2, measure="千克"),
            line("9.00"),
            date=f"2021-06-{day:02}",
            status=Status.SUBMITTED,
            receipt=b"<xml %d" % day,
        )
    client.get(reverse("review_queue"))  # the session's own first write
    with django_assert_max_num_queries(12):
        client.get(reverse("review_queue") + "?doubts=no&least=1")
    with django_assert_max_num_queries(12):
        client.get(reverse("review", args=[last.pk]) + "?kind=union")


def test_who_has_it_open_is_shown_to_others_and_passes(client, bureau, town, submitted):
    """It hinders nobody from deciding, but a handful is not approved over somebody's head."""
    colleague, theirs = Client(), make_user("colleague", Role.TOWN, town)
    colleague.force_login(theirs)
    address, queue = reverse("review", args=[submitted.pk]), reverse("review_queue")
    pick = {"pick": f"{submitted.pk}:{submitted.version}"}
    with time_machine.travel("2021-07-01 09:00:00+08:00", tick=False) as clock:
        assert "colleague正在审核" not in client.get(queue).content.decode()
        colleague.get(address)
        assert "colleague正在审核" not in colleague.get(address).content.decode()
        for page in (client.get(queue), client.get(address)):
            assert "colleague正在审核" in page.content.decode()
        client.post(reverse("review_approve_many"), pick)
        submitted.refresh_from_db()
        assert submitted.status == Status.SUBMITTED
        assert "colleague正在审核" in client.get(queue).content.decode()  # said of the handful
        clock.shift(15 * 60 + 1)
        assert "正在审核" not in client.get(queue).content.decode()
        client.get(address)
        assert "bureau正在审核" in colleague.get(address).content.decode()


def test_a_decision_ends_the_claim(client, bureau, town, submitted):
    client.get(reverse("review", args=[submitted.pk]))
    data = {"version": submitted.version, "reason": "票据不清晰"}
    client.post(reverse("review_return", args=[submitted.pk]), data)
    assert claims.others([submitted.pk], make_user("other")) == {}


def test_the_bureau_keeps_the_reasons_for_returning(client, bureau, submitted):
    address, page = reverse("return_reasons"), reverse("review_trail", args=[submitted.pk])
    assert reasons.FIRST[0] in client.get(page).content.decode()
    client.post(address, {"reasons": "没有公章\n\n  请补 合同 \n没有公章"})
    assert reasons.offered() == ["没有公章", "请补 合同"]
    assert '<option value="没有公章">' in client.get(page).content.decode()
    assert AuditEvent.objects.get(action="修改常用退回原因").detail["changes"]["after"] == [
        "没有公章",
        "请补 合同",
    ]
    refused = client.post(address, {"reasons": "\n".join(str(number) for number in range(31))})
    assert refused.status_code == 422 and "最多 30 条" in refused.content.decode()
    assert "有 201 个字" in client.post(address, {"reasons": "长" * 201}).content.decode()
    client.post(address, {"reasons": ""})
    assert reasons.offered() == list(reasons.FIRST)

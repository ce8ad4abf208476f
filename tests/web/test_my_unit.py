"""我的单位 says in words what is done and what is owed."""

import datetime
from decimal import Decimal

import pytest

from assessment import standing
from procurement.choices import Channel, Reading, Status, Use
from tests.factories import (
    line,
    make_base,
    make_policy,
    make_purchase,
    make_receipt,
    make_unit,
    make_user,
)
from units.kinds import Canteen, Kind
from units.models import BaseStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(client, monkeypatch):
    make_policy()
    school = make_unit("S01", Kind.SCHOOL, "青瓷湾学校")
    client.force_login(make_user("clerk", "clerk", school))
    monkeypatch.setattr(standing.timezone, "localdate", lambda: datetime.date(2021, 12, 1))
    return school


def page(client, address="/unit/"):
    return client.get(address).content.decode()


def canteen(school, amount):
    make_purchase(school, line(amount, use=Use.CANTEEN), channel=Channel.PLATFORM_832)


def test_it_says_how_little_is_missing_and_never_rounds_up(client, school):
    make_base(school, canteen=Canteen.OWN, canteen_budget="333333.40")
    canteen(school, "33333.33")
    words = "已完成 33,333.33 元，占食堂采购预算 333,333.40 元的 9.99%，距10%还差 0.01 元"
    assert words in page(client)


def test_it_says_that_the_base_is_missing_or_not_yet_confirmed(client, school):
    assert "食堂采购预算还没有填报" in page(client)
    base = make_base(school, status=BaseStatus.FILED, canteen_budget="100.00")
    assert "已填报，等待确认" in page(client)
    base.status = BaseStatus.CONFIRMED
    base.save()
    canteen(school, "10.00")
    assert "达到 10%" in page(client)


def test_it_shows_the_unions_of_the_unit_beside_it(client, school):
    union = make_unit("U01", Kind.UNION, "青瓷湾学校工会", host=school)
    make_base(union, headcount=40, holiday_gifts="20000.00")
    make_purchase(union, line("21000.00", use=Use.UNION_WELFARE))
    words = page(client)
    assert "青瓷湾学校工会" in words and "超出 1,000.00 元" in words
    assert "距20%还差 4,000.00 元" in words


def test_a_town_sees_its_target_and_rank(client, school):
    town = make_unit("T01", Kind.TOWN)
    make_base(town, target="1000.00")
    make_purchase(town, line("250.00"))
    client.force_login(make_user("towner", "clerk", town))
    assert "占采购目标 1,000.00 元的 25.00%，全市排名第 1，还差 750.00 元" in page(client)


def test_it_lists_what_was_returned_with_the_reason(client, school):
    make_purchase(school, status=Status.RETURNED)
    make_purchase(school, status=Status.DRAFT)
    words = page(client)
    assert words.index("请补充") < words.index("草稿", words.index("请补充"))


def test_it_works_before_any_policy_is_loaded(client):
    client.force_login(make_user("clerk", "clerk", make_unit("S01", Kind.SCHOOL)))
    assert "请先装载政策" in page(client)


def test_it_is_not_there_for_somebody_without_a_unit(client, school):
    client.force_login(make_user("bureau", "bureau", school))
    assert client.get("/unit/").status_code == 404


def test_it_counts_what_waits_in_the_unit_and_its_unions(client, school):
    union = make_unit("U01", Kind.UNION, "青瓷湾学校工会", host=school)
    make_purchase(school, line("10.00"), line("5.00"), number="A")
    make_purchase(union, line("2.50"), number="B")
    make_purchase(union, line("99.00"), number="去年", date="2020-06-01")
    make_purchase(union, status=Status.DRAFT)
    make_purchase(school, status=Status.SUBMITTED, date="2021-06-02")
    draft = make_purchase(school, status=Status.DRAFT, date="2021-06-03")
    make_receipt(draft, reading=Reading.WAITING)
    client.get("/unit/?year=2021")
    counts = client.get("/unit/").context["counts"]
    assert counts == {
        "returned": 0,
        "draft": 2,
        "submitted": 1,
        "approved": 2,
        "bought": Decimal("17.50"),
        "reading": 1,
    }


def test_it_asks_the_database_little(client, school, django_assert_max_num_queries):
    for number in range(3):
        union = make_unit(f"U0{number}", Kind.UNION, host=school)
        make_purchase(union, line("10.00"))
        make_purchase(union, status=Status.DRAFT, date="2021-06-02")
        make_purchase(union, status=Status.RETURNED, date="2021-06-03")
    client.get("/unit/")  # the session's own first write
    with django_assert_max_num_queries(12):
        client.get("/unit/")


def test_it_says_what_to_buy_before_the_next_holiday_of_the_year(client, school, monkeypatch):
    union = make_unit("U01", Kind.UNION, "青瓷湾学校工会", host=school)
    make_base(union, headcount=1, holiday_gifts="20000.00")
    make_purchase(union, line("800.00", Use.UNION_HOLIDAY, holiday="spring"), date="2021-02-01")
    monkeypatch.setattr(standing.timezone, "localdate", lambda: datetime.date(2021, 9, 1))
    assert "中秋节（9月21日）前再买 3,200.00 元即达20%" in page(client)
    monkeypatch.setattr(standing.timezone, "localdate", lambda: datetime.date(2021, 12, 1))
    assert "前再买" not in page(client)
    make_purchase(union, line("3200.00", Use.UNION_HOLIDAY, holiday="spring"), date="2021-02-01")
    monkeypatch.setattr(standing.timezone, "localdate", lambda: datetime.date(2021, 9, 1))
    assert "前再买" not in page(client)

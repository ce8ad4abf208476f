"""试算 on its pages: what would be, for whom, and that nothing is kept."""

from __future__ import annotations

import datetime
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session

from assessment import outlook
from assessment.rules.standing import Status
from procurement.choices import Channel, Use
from tests.factories import line, make_base, make_policy, make_purchase, make_unit, make_user
from units.kinds import Kind
from units.models import Role

DAY = "year=2021&as_of=2021-06-30"
BUTUO, CHANGSHAN, ELSEWHERE = "513429", "330822", "000000"


@pytest.fixture
def city(db):
    make_policy()
    town = make_unit("T01", Kind.TOWN, "临江镇")
    education = make_unit("D02", Kind.DEPARTMENT, "市教育局")
    school = make_unit("S01", Kind.SCHOOL, "临江小学", town=town, supervisor=education, affiliation="city")
    union = make_unit("U01", Kind.UNION, "临江小学工会", host=school)
    make_base(school, canteen_budget="1000.00")
    make_base(union, headcount=1, holiday_gifts="1000.00")
    make_base(town, target="1000.00")
    make_base(education, target="1000.00")
    make_purchase(school, line("60.00", Use.CANTEEN), channel=Channel.PLATFORM_832, date="2021-03-01")
    return {"town": town, "education": education, "school": school, "union": union}


def asking(*rows: dict[str, str], bases: tuple[dict[str, str], ...] = ()) -> str:
    """The address's parameters, as the form writes them."""
    values = {"p-TOTAL_FORMS": len(rows), "b-TOTAL_FORMS": len(bases)}
    for prefix, each in (("p", rows), ("b", bases)):
        for number, row in enumerate(each):
            values |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return f"{DAY}&{urlencode(values)}"


def buying(amount: str, use: str = "canteen", region: str = BUTUO, **more: str) -> dict[str, str]:
    return {"use": use, "region": region, "channel": "platform_832", "amount": amount, **more}


def shown(response) -> dict[str, tuple[str, str, str, str]]:
    return {
        f"{row.unit.code} {row.rule}": (
            row.before.status,
            row.after.status,
            row.before.to_go,
            row.after.to_go,
        )
        for row in response.context["changes"]
    }


def kept() -> dict[str, list[tuple]]:
    """Every row of every table but the sessions."""
    models = [model for model in apps.get_models() if model is not Session]
    return {model._meta.label: list(model._default_manager.order_by("pk").values_list()) for model in models}


def test_a_clerk_sees_what_a_purchase_would_reach_and_nothing_is_kept(client, city):
    client.force_login(make_user("clerk", Role.CLERK, city["school"]))
    client.get("/whatif/S01/")
    before = kept()
    response = client.get(f"/whatif/S01/?{asking(buying('40'))}")
    assert shown(response) == {"S01 canteen_share": ("in_progress", "met", "还差 40.00 元", "已达到")}
    change = response.context["changes"][0]
    assert (change.before.ratio, change.after.ratio, change.outlook) == (600, 1000, "这样就达到了")
    assert kept() == before
    assert client.post(f"/whatif/S01/?{asking(buying('40'))}").status_code == 405


def test_one_fen_less_is_not_enough(client, city):
    client.force_login(make_user("clerk", Role.CLERK, city["school"]))
    response = client.get(f"/whatif/S01/?{asking(buying('39.99'))}")
    assert shown(response)["S01 canteen_share"][1::2] == ("in_progress", "还差 0.01 元")


def test_a_row_says_where_it_would_count_and_why_not_elsewhere(client, city):
    client.force_login(make_user("clerk", Role.CLERK, city["school"]))
    rows = [buying("10", region=CHANGSHAN), buying("10", channel="other"), buying("10", region=ELSEWHERE)]
    supposed = client.get(f"/whatif/S01/?{asking(*rows)}").context["supposed"]
    assert [each.places.counted for each in supposed] == [
        ["全市总额", "部门与镇街（责任单位：市教育局）"],
        ["全市总额", "部门与镇街（责任单位：市教育局）"],
        [],
    ]
    assert supposed[0].places.left_out == ["食堂采购占比：产地常山县不是832脱贫县，不计入"]
    assert supposed[1].places.left_out == ["食堂采购占比：渠道“其他”不是832平台，不计入"]
    assert len(supposed[2].places.left_out) == 3


def test_a_changed_base_shows_the_share_it_would_give(client, city):
    client.force_login(make_user("clerk", Role.CLERK, city["school"]))
    response = client.get(f"/whatif/S01/?{asking(bases=({'item': 'canteen_budget', 'value': '600'},))}")
    assert shown(response) == {"S01 canteen_share": ("in_progress", "met", "还差 40.00 元", "已达到")}
    assert "现为 1,000.00" in response.content.decode()
    assert "人数" not in [label for _, label in response.context["bases"][0].fields["item"].choices]


def test_several_rows_of_a_union_reach_its_holidays_and_exceed_its_cap(client, city):
    client.force_login(make_user("clerk", Role.CLERK, city["school"]))
    rows = [
        buying("150", "union_holiday", CHANGSHAN, holiday="mid_autumn"),
        buying("50", "union_holiday", BUTUO, holiday="national"),
        buying("500.01", "union_welfare", ELSEWHERE),
    ]
    assert shown(client.get(f"/whatif/U01/?{asking(*rows)}")) == {
        "U01 union_holiday_share": ("in_progress", "met", "还差 200.00 元", "已达到"),
        "U01 union_welfare_cap": ("within", "exceeded", "还可用 500.00 元", "超出 0.01 元"),
    }


def test_the_bureau_sees_the_citys_totals_and_every_unit_that_moves(client, city):
    client.force_login(make_user("bureau", Role.BUREAU, make_unit("D01", Kind.DEPARTMENT)))
    rows = [
        buying("66000000", "commerce", unit="临江镇"),
        buying("940.00", "office", unit="S01 临江小学"),
    ]
    response = client.get(f"/whatif/?{asking(*rows)}")
    total, departments = response.context["city"]
    assert (total.before.value, total.after.value) == (60_00, 6600_1000_00)
    assert (total.before.status, total.after.status) == ("in_progress", "met")
    assert (departments.before.gap, departments.after.gap) == (3499_9940_00, 3499_9000_00)
    assert shown(response) == {"D02 dept_town_total": ("in_progress", "met", "还差 940.00 元", "已达到")}


def test_what_is_filled_in_wrongly_is_said_at_the_field_and_counts_nothing(client, city):
    client.force_login(make_user("bureau", Role.BUREAU, make_unit("D01", Kind.DEPARTMENT)))
    rows = [
        buying("-5", unit="S01"),
        buying("5", unit="X99"),
        buying("五百", "union_holiday", unit="U01"),
        buying("5", unit="S01"),
    ]
    bases = (
        {"unit": "U01", "item": "headcount", "value": "1.5"},
        {"unit": "S01", "item": "reserve", "value": "101"},
    )
    response = client.get(f"/whatif/?{asking(*rows, bases=bases)}")
    page = response.content.decode()
    for said in (
        "金额应大于 0", "没有这个单位", "金额“五百”不是数字", "工会节日慰问请选择节日", "人数应为整数", "比例应在 0 到 100 之间",
    ):  # fmt: skip
        assert said in page
    assert not response.context["asking"] and response.context["supposed"] == []


@pytest.mark.parametrize(
    "query",
    [
        "p-TOTAL_FORMS=99999",
        "p-TOTAL_FORMS=x",
        "p-TOTAL_FORMS=-1",
        "p-TOTAL_FORMS=1&p-0-use=nonsense",
        "b-TOTAL_FORMS=2",
    ],
)
def test_an_address_somebody_made_up_does_no_harm(client, city, query):
    client.force_login(make_user("clerk", Role.CLERK, city["school"]))
    assert client.get(f"/whatif/S01/?{query}").status_code == 200


def test_more_rows_keep_what_is_filled_in(client, city):
    client.force_login(make_user("clerk", Role.CLERK, city["school"]))
    response = client.get(f"/whatif/S01/?{asking(buying('40'))}&more=p")
    assert len(response.context["purchases"].forms) == 3 and 'value="40"' in response.content.decode()


@pytest.mark.parametrize(
    ("role", "unit", "codes"),
    [
        (Role.CLERK, "school", {"S01", "U01"}),
        (Role.HEAD, "school", {"S01", "U01"}),
        (Role.CLERK, "union", {"U01"}),
        (Role.LEAD, "education", {"D02", "S01", "U01"}),
        (Role.TOWN, "town", {"T01", "S01", "U01"}),
        (Role.BUREAU, "town", {"T01", "D02", "S01", "U01"}),
        (Role.OVERSIGHT, "town", {"T01", "D02", "S01", "U01"}),
        (Role.SYSTEM_ADMIN, "town", set()),
        (Role.SECURITY_ADMIN, "town", set()),
        (Role.AUDITOR, "town", set()),
    ],
)
def test_each_role_supposes_for_the_units_it_sees(client, city, role, unit, codes):
    addresses = {code: f"/whatif/{code}/" for code in ("T01", "D02", "S01", "U01", "X99")}
    assert all(client.get(address).status_code == 302 for address in ["/whatif/", *addresses.values()])
    client.force_login(make_user("someone", role, city[unit]))
    found = {code for code, address in addresses.items() if client.get(address).status_code == 200}
    assert found == codes
    whole = client.get("/whatif/")
    if role in (Role.BUREAU, Role.OVERSIGHT):
        assert whole.status_code == 200 and len(whole.context["city"]) == 2
    elif codes:
        assert whole.url == f"/whatif/{city[unit].code}/"
    else:
        assert whole.status_code == 404
    assert client.get("/whatif/?unit=X99").status_code == 404


def test_figures_of_units_one_may_not_see_are_not_shown(client, city):
    client.force_login(make_user("clerk", Role.CLERK, city["school"]))
    response = client.get(f"/whatif/S01/?{asking(buying('940.00', 'office'))}")
    assert set(shown(response)) == {"S01 canteen_share"}
    assert not response.context["city"] and "66,000,000" not in response.content.decode()


def test_another_unit_is_chosen_by_code_or_as_the_list_offers_it(client, city):
    client.force_login(make_user("lead", Role.LEAD, city["education"]))
    assert client.get("/whatif/?unit=U01+临江小学工会&year=2021").url == "/whatif/U01/?year=2021"


def test_a_year_without_a_policy_is_said_to_have_none(client, db):
    client.force_login(make_user("clerk", Role.CLERK, make_unit("S01", Kind.SCHOOL)))
    assert "没有可以试算的数据" in client.get("/whatif/S01/").content.decode()


def test_the_pages_lead_to_it(client, city):
    client.force_login(make_user("clerk", Role.CLERK, city["school"]))
    assert "/whatif/U01/?year=2021" in client.get("/unit/").content.decode()
    assert "/whatif/S01/?" in client.get("/units/S01/?year=2021").content.decode()
    client.force_login(make_user("bureau", Role.BUREAU, city["town"]))
    assert "/whatif/?year=2021" in client.get("/city/?year=2021").content.decode()


def test_it_asks_the_database_little(client, city, django_assert_max_num_queries):
    rows = [buying("10", unit="S01"), buying("10", "union_holiday", unit="U01", holiday="spring")]
    for role, address in ((Role.BUREAU, "/whatif/"), (Role.LEAD, "/whatif/S01/")):
        client.force_login(make_user(role, role, city["education"]))
        client.get(f"{address}?{DAY}")
        with django_assert_max_num_queries(12):
            assert client.get(f"{address}?{asking(*rows)}").status_code == 200


def told(done: int, needed: int, once: int = 0, day: str = "2021-06-30", rule: str = "canteen_share") -> str:
    as_of = datetime.date.fromisoformat(day)
    value = done + once
    return outlook.sentence(
        rule, 2021, as_of, done=done, was=Status.IN_PROGRESS, value=value, gap=max(0, needed - value),
        status=Status.MET if value >= needed else Status.IN_PROGRESS,
    )  # fmt: skip


def test_the_present_pace_is_told_in_a_plain_sentence():
    assert told(181_00, 274_00) == "按目前进度，约 10 月达到"
    assert told(181_00, 273_00) == "按目前进度，约 9 月达到"
    assert told(181_00, 274_00, rule="union_holiday_share") == "按目前进度，到国庆节（10月1日）可达到"
    assert told(181_00, 275_00, rule="union_holiday_share") == "按目前进度，约 10 月达到"
    assert told(181_00, 274_00, once=62_00) == "按目前进度，约 7 月达到"
    assert told(181_00, 400_00, once=10_00) == "按目前进度，到年底约 375.00 元，还差 25.00 元"
    assert told(0, 100_00) == "今年还没有采购，看不出进度"
    assert told(0, 100_00, once=100_00) == "这样就达到了"


def test_a_cap_is_told_by_when_it_would_be_passed():
    def cap(done: int, limit: int) -> str:
        return outlook.sentence(
            "union_welfare_cap", 2021, datetime.date(2021, 6, 30), done=done, was=Status.WITHIN, value=done,
            gap=limit - done, status=Status.WITHIN,
        )  # fmt: skip

    assert cap(181_00, 365_00) == "按目前进度，全年约 365.00 元，不会超出限额"
    assert cap(181_00, 364_99) == "按目前进度，约 12 月超出限额"
    assert cap(0, 100_00) == ""

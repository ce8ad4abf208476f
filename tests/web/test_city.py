"""The pages of figures: who may see which, and that what they show is the standing."""

import datetime
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.models import Rule
from assessment.rules.reasons import Reason
from assessment.standing import YearStanding
from cixi_xiezuo.audit import AuditEvent
from procurement.choices import Channel, Holiday, Status, Use
from tests.factories import line, make_base, make_policy, make_purchase, make_unit, make_user
from units.kinds import Kind
from units.models import Role


@pytest.fixture
def city(db):
    """A town with a school, the school's union, a department, and a company nobody answers for."""
    make_policy()
    town = make_unit("T01", Kind.TOWN, "临江镇")
    education = make_unit("D02", Kind.DEPARTMENT, "市教育局")
    school = make_unit("S01", Kind.SCHOOL, "临江小学", town=town, supervisor=education, affiliation="city")
    union = make_unit("U01", Kind.UNION, "临江小学工会", host=school)
    lost = make_unit("E01", Kind.ENTERPRISE, "无主公司")
    make_base(town, target="1000.00", canteen_budget="5000.00")
    make_base(school, canteen_budget="2000.00")
    make_base(union, headcount=1)
    make_purchase(town, line("400.00"), line("100.00", region="其他地区"), number="P1", date="2021-02-01")
    make_purchase(
        school, line("300.00", Use.CANTEEN), channel=Channel.PLATFORM_832, number="P2", date="2021-03-01"
    )
    make_purchase(union, line("600.00", Use.UNION_WELFARE, "常山县"), number="P3", date="2021-04-01")
    make_purchase(
        union, line("70.00", Use.UNION_HOLIDAY, holiday=Holiday.SPRING), number="P4", status=Status.SUBMITTED
    )
    make_purchase(lost, line("50.00"), number="P5", date="2021-05-01")
    make_purchase(lost, line("900.00", Use.COMMERCE, overlap="200.00"), number="P6", date="2021-06-01")
    return {"town": town, "education": education, "school": school, "union": union, "lost": lost}


@pytest.fixture
def bureau(client, city):
    user = make_user("bureau", Role.BUREAU, make_unit("D01", Kind.DEPARTMENT, "市商务局"))
    client.force_login(user)
    return user


def amounts(response) -> list[tuple[str, int]]:
    return [(part.line.number, part.amount) for part in response.context["page"]]


@pytest.mark.parametrize(
    "role", [Role.CLERK, Role.HEAD, Role.LEAD, Role.TOWN, Role.SYSTEM_ADMIN, Role.AUDITOR]
)
def test_the_citys_figures_are_for_those_who_see_all_units(client, city, role):
    addresses = ["/city/", "/explain/2021/city_total/", "/explain/2021/dept_town_total/"]
    assert all(client.get(address).status_code == 302 for address in addresses)
    client.force_login(make_user("someone", role, city["town"]))
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]
    assert client.post("/workbook/2021/").status_code == 404


def test_the_city_page_shows_the_standing(client, bureau, city):
    response = client.get("/city/?year=2021&as_of=2021-12-31")
    standing = YearStanding.read(2021, datetime.date(2021, 12, 31))
    assert standing.city_total.value == 2050_00
    first, second = response.context["totals"]
    assert (first["figure"], second["figure"]) == (standing.city_total, standing.dept_town_total)
    parts = {part["code"]: part["amount"] for part in response.context["parts"]}
    assert parts == {"direct": 1350_00, "commerce": 700_00, "east_west": 1450_00, "mountain_sea": 600_00}
    assert [month.amount for month in first["months"][:6]] == [
        0,
        400_00,
        300_00,
        600_00,
        50_00,
        700_00,
    ]
    assert first["months"][-1].reached == standing.city_total.value
    assert second["months"][-1].reached == standing.dept_town_total.value
    assert sum(county.total for county in response.context["counties"]) == standing.city_total.value
    assert [county.name for county in response.context["counties"][:2]] == ["布拖县", "常山县"]
    page = response.content.decode()
    assert "无主公司" in page and "临江镇" in page


def test_the_list_opens_on_what_the_persons_unit_leads_or_organises(client, city):
    schools = [{"kinds": ["school"], "unit": "市教育局", "duty": "组织"}]
    Rule.objects.filter(kind="canteen_share").update(organisers=schools)
    Rule.objects.filter(kind="union_holiday_share").update(lead="市总工会")
    for code, name, rule in (
        ("D61", "市教育局", "canteen_share"),
        ("D62", "市总工会", "union_holiday_share"),
        ("D63", "市水利局", "dept_town_total"),
    ):
        client.force_login(make_user(code, Role.LEAD, make_unit(code, name=name)))
        assert client.get("/standings/?year=2021").url == f"/standings/{rule}/?year=2021", name


def test_it_shows_the_year_as_of_a_day(client, bureau, city):
    response = client.get("/city/?year=2021&as_of=2021-03-15")
    assert response.context["totals"][0]["figure"].value == 700_00
    months = response.context["totals"][0]["months"]
    assert months[2].reached == 700_00 and months[3].reached is None
    assert sum(county.total for county in response.context["counties"]) == 700_00


def test_a_day_that_makes_no_sense_is_said_to_be_none(client, bureau, city):
    response = client.get("/city/?as_of=昨天")
    assert response.status_code == 200 and "不是日期" in response.content.decode()


def test_a_year_without_any_policy_is_said_to_have_none(client, db):
    client.force_login(make_user("bureau", Role.BUREAU, make_unit("D01")))
    assert "没有可以评估的数据" in client.get("/city/").content.decode()
    assert client.get("/standings/canteen_share/").status_code == 200
    assert client.get("/units/D01/").status_code == 200
    assert client.get("/explain/2021/city_total/").status_code == 200
    assert client.get("/policy/2021/").status_code == 404
    assert client.post("/workbook/2021/").status_code == 302


@pytest.mark.parametrize("address", ["/explain/1/city_total/", "/policy/99999/", "/explain/2021/nothing/"])
def test_addresses_of_nothing_are_not_found(client, bureau, address):
    assert client.get(address).status_code == 404


def test_the_lines_of_a_figure_add_up_to_it(client, bureau, city):
    response = client.get("/explain/2021/city_total/")
    assert response.context["figure"] == 2050_00 == sum(amount for _, amount in amounts(response))
    assert response.context["agrees"]
    everything = client.get("/explain/2021/city_total/?show=all").context
    found = everything["found"]
    assert found.chosen.amount == found.counted.amount + found.excluded.amount


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("show=region_not_paired", [("P1", 100_00)]),
        ("show=commerce_overlap", [("P6", 200_00)]),
        ("show=not_approved", [("P4", 70_00)]),
        ("show=nonsense", []),
        ("part=commerce", [("P6", 700_00)]),
        ("part=mountain_sea", [("P3", 600_00)]),
        ("region=330822", [("P3", 600_00)]),
        ("part=direct&region=513429", [("P1", 400_00), ("P2", 300_00), ("P5", 50_00)]),
    ],
)
def test_lines_are_chosen_by_reason_part_and_county(client, bureau, city, query, found):
    assert amounts(client.get(f"/explain/2021/city_total/?{query}")) == found


def test_each_line_left_out_says_why(client, bureau, city):
    response = client.get(f"/explain/2021/dept_town_total/?show={Reason.UNATTRIBUTED}")
    assert amounts(response) == [("P5", 50_00)]
    assert "没有可认定的责任单位" in response.content.decode()


def test_a_clerk_sees_the_figures_of_their_own_units_and_no_others(client, city):
    client.force_login(make_user("clerk", Role.CLERK, city["school"]))
    assert amounts(client.get("/explain/2021/canteen_share/?unit=S01")) == [("P2", 300_00)]
    assert amounts(client.get("/explain/2021/union_welfare_cap/?unit=U01")) == [("P3", 600_00)]
    assert client.get("/units/S01/").status_code == client.get("/units/U01/").status_code == 200
    for address in ("/explain/2021/canteen_share/?unit=T01", "/units/T01/", "/units/X/"):
        assert client.get(address).status_code == 404
    listed = client.get("/standings/canteen_share/?year=2021").context["page"]
    assert [row.unit.code for row in listed] == ["S01"]


def test_lines_of_units_one_may_not_see_are_summed_up_not_listed(client, city):
    client.force_login(make_user("clerk", Role.CLERK, make_unit("C01", Kind.COMMITTEE)))
    enterprise = make_unit("E02", Kind.ENTERPRISE, "别家公司", town=city["town"])
    make_purchase(enterprise, line("11.00"), number="P7")
    client.force_login(make_user("town-clerk", Role.CLERK, city["town"]))
    response = client.get("/explain/2021/dept_town_total/?unit=T01")
    assert response.context["figure"] == 411_00
    assert amounts(response) == [("P1", 400_00)]
    hidden = response.context["found"].hidden
    assert (hidden.count, hidden.amount) == (1, 11_00)
    assert "别家公司" not in response.content.decode()


def test_a_rule_that_does_not_apply_to_a_unit_has_no_lines_to_show(client, bureau, city):
    assert client.get("/explain/2021/union_welfare_cap/?unit=T01").status_code == 404
    assert client.get("/explain/2021/canteen_share/").status_code == 404


def test_a_units_page_says_what_is_done_and_what_is_not(client, bureau, city):
    page = client.get("/units/S01/?year=2021&as_of=2021-12-31").content.decode()
    assert "300.00" in page and "15.00%" in page and "第四部分（一）第一段" in page
    assert "临江小学工会" in page and "市教育局" in page
    page = client.get("/units/U01/?year=2021").content.decode()
    assert "超出" in page and "100.00" in page
    page = client.get("/units/T01/?year=2021").content.decode()
    assert "名次" in page and "40.00%" in page


def test_the_list_of_a_rule_is_filtered_by_status_kind_and_words(client, bureau, city):
    def codes(query: str) -> list[str]:
        return [
            row.unit.code
            for row in client.get(f"/standings/canteen_share/?year=2021&{query}").context["page"]
        ]

    assert codes("") == ["T01", "D01", "D02", "S01"]
    assert codes("status=met") == ["S01"]
    assert codes("status=missing_base&kind=department") == ["D01", "D02"]
    assert codes("unit=临江") == ["T01", "S01"]
    ranked = client.get("/standings/dept_town_total/?year=2021").context["page"]
    assert [(row.unit.code, row.rank) for row in ranked] == [("T01", 1), ("D01", None), ("D02", None)]
    assert client.get("/standings/").url == "/standings/dept_town_total/"


def test_the_workbook_is_handed_out_and_the_export_recorded(client, bureau, city):
    assert client.get("/workbook/2021/").status_code == 405
    response = client.post("/workbook/2021/?as_of=2021-12-31")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    assert len(book.sheetnames) > 5
    event = AuditEvent.objects.get(action="导出考核工作簿")
    assert event.actor == "bureau" and event.detail["as_of"] == "2021-12-31"


def test_the_policy_stands_beside_its_clauses(client, city):
    client.force_login(make_user("clerk", Role.CLERK, city["school"]))
    page = client.get("/policy/2022/").content.decode()
    assert "按 2021 年度政策执行" in page
    assert (
        "全年不低于 66,000,000.00 元" in page
        and "不低于 10%" in page
        and "每人每年不超过 500.00 元" in page
        and "布拖县 ★" in page
    )


def test_the_years_choice_leads_to_the_same_page_of_the_other_year(client, bureau, city):
    make_policy(2022)
    response = client.get("/explain/2021/city_total/?show=all&year=2022")
    assert response.url == "/explain/2022/city_total/?show=all"
    assert client.get("/policy/2021/?year=2022").url == "/policy/2022/"
    assert client.get("/policy/2021/?year=2021").context["year"] == 2021


def test_the_pages_ask_the_database_little(client, bureau, city, django_assert_max_num_queries):
    client.get("/city/?year=2021")  # the session's own first write
    for address in (
        "/city/?year=2021",
        "/city/wall/?year=2021",
        "/standings/canteen_share/",
        "/standings/dept_town_total/",
        "/units/S01/",
        "/units/T01/",
        "/explain/2021/city_total/",
        "/explain/2021/dept_town_total/?unit=T01",
        "/explain/2021/canteen_share/?unit=S01",
        "/policy/2021/",
    ):
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200
    client.force_login(make_user("lead", Role.LEAD, city["education"]))
    client.get("/units/S01/")
    for address in ("/units/S01/", "/explain/2021/canteen_share/?unit=S01", "/standings/canteen_share/"):
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200


def test_the_city_page_breaks_the_total_down_by_channel_holiday_and_organiser(client, bureau, city):
    Rule.objects.filter(kind="union_welfare_cap").update(lead="市总工会")
    context = client.get("/city/?year=2021&as_of=2021-12-31").context
    assert sum(row.total for row in context["channels"]) == context["totals"][0]["figure"].value
    assert "channel-platform_832" in {row.part for row in context["channels"]}
    assert [row.name for row in context["holidays"]][:2] == ["元旦", "春节"]
    assert amounts(client.get("/explain/2021/city_total/?part=channel-platform_832")) == [("P2", 300_00)]
    unions = [row for row in context["organisers"] if row.rule == "union_welfare_cap"]
    assert [(row.name, row.units, row.good, row.behind) for row in unions] == [("市总工会", 1, 0, 1)]
    assert context["large"][0].number == "P6"
    assert context["queue"].everywhere == 1


def test_both_totals_stand_beside_last_year_and_a_forecast_that_says_what_it_assumes(client, bureau, city):
    make_purchase(city["town"], line("50.00"), number="P0", date="2020-02-01")
    response = client.get("/city/?year=2021&as_of=2021-06-30")
    first, second = response.context["totals"]
    assert (first["last_year"], second["last_year"]) == (0, 0)  # 2020 has no terms: nothing of it is paired
    assert first["months"][11].expected == first["pace"].expected
    assert first["chart"]["forecast"][5] == first["chart"]["reached"][5]
    assert "日均" in response.content.decode()


def test_last_years_line_counts_its_own_year(client, bureau, city):
    make_policy(2022)
    first, second = client.get("/city/?year=2022&as_of=2022-01-31").context["totals"]
    before = YearStanding.read(2021, datetime.date(2021, 12, 31))
    assert first["last_year"] == before.city_total.value
    assert second["last_year"] == before.dept_town_total.value


def test_a_listed_enterprise_is_left_out_of_the_answered_months(client, bureau, city):
    shop = make_unit("E09", Kind.ENTERPRISE, "名单企业", town=city["town"])
    make_base(shop, listed=True)
    make_purchase(shop, line("80.00"), number="P9", date="2021-07-01")
    first, second = client.get("/city/?year=2021&as_of=2021-12-31").context["totals"]
    assert (first["months"][6].amount, second["months"][6].amount) == (80_00, 0)


def test_amounts_are_shown_in_the_unit_that_was_chosen(client, bureau, city):
    assert "（万元）" in client.get("/city/?year=2021").content.decode()
    client.post("/display/", {"amounts": "yuan"})
    page = client.get("/city/?year=2021").content.decode()
    assert "2,050.00" in page and "（万元）" not in page


def test_the_wall_shows_the_same_totals_and_asks_anew(client, bureau, city):
    response = client.get("/city/wall/?year=2021&as_of=2021-12-31")
    assert response.context["totals"][0]["figure"].value == 2050_00
    page = response.content.decode()
    assert 'http-equiv="refresh" content="60"' in page and 'data-refresh="60"' in page and "临江镇" in page


def test_the_list_of_a_rule_is_narrowed_to_a_place_and_to_what_hangs_below(client, bureau, city):
    def codes(query: str) -> list[str]:
        page = client.get(f"/standings/canteen_share/?year=2021&{query}").context["page"]
        return [row.unit.code for row in page]

    assert codes("town=T01") == ["T01", "S01"]
    assert codes("town=nowhere") == []
    assert codes("unit=D02") == ["D02"]
    assert sorted(codes("unit=D02&below=1")) == ["D02", "S01"]


def test_the_list_of_a_rule_says_what_the_last_thirty_days_added(client, bureau, city):
    response = client.get("/standings/dept_town_total/?year=2021&as_of=2021-03-10")
    units = {row.unit.code: response.context["grown"][row.unit.id] for row in response.context["page"]}
    assert units["D02"] == 300_00 and units["T01"] == 0
    assert response.context["grown_sum"] == 300_00
    assert "近 30 天" in response.content.decode() and "+300.00" in response.content.decode()


def test_a_longer_year_asks_the_database_no_more(client, bureau, city):
    addresses = (
        "/city/?year=2021",
        "/city/wall/?year=2021",
        "/standings/canteen_share/",
        "/purchases/?year=2021",
    )
    few = [queries(client, address) for address in addresses]
    for number in range(40):
        make_purchase(city["town"], line("1.00"), number=f"Q{number}", date="2021-06-01")
    assert [queries(client, address) for address in addresses] == few


def queries(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)

"""计入明细: filtered, beside the page, exported; whatever is shown adds up to the figure."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

from assessment.explain import Explainer
from assessment.views import explain as view
from cixi_xiezuo.audit import AuditEvent
from procurement.choices import Channel, Status, Use
from tests.factories import line, make_base, make_policy, make_purchase, make_unit, make_user
from units.kinds import Canteen, Kind
from units.models import Role

CITY = "/explain/2021/city_total/"
PLANTED = '=HYPERLINK("http://x","点")'


@pytest.fixture
def city(db):
    make_policy()
    town = make_unit("T01", Kind.TOWN, "临江镇")
    school = make_unit("S01", Kind.SCHOOL, "临江小学", town=town)
    shop = make_unit("E01", Kind.ENTERPRISE, "商店", town=town)
    make_purchase(school, line("100.00"), line("20.00", region="其他地区"), number="P1", date="2021-02-03")
    make_purchase(school, line("30.00", region="常山县", product=PLANTED), number="P2", date="2021-02-20")
    make_purchase(shop, line("400.00", Use.COMMERCE, overlap="150.00"), number="P3", date="2021-06-01")
    make_purchase(shop, line("7.00"), number="P4", date="2020-02-05")
    make_purchase(shop, line("9.00"), number="P5", date="2021-02-07", status=Status.SUBMITTED)
    bought = make_purchase(town, line("50.00"), number="P6", date="2021-03-01")
    make_purchase(town, line("-10.00"), number="P7", date="2021-04-01", original=bought)
    return {"town": town, "school": school, "shop": shop}


@pytest.fixture
def bureau(client, city):
    client.force_login(make_user("bureau", Role.BUREAU, make_unit("D01", Kind.DEPARTMENT)))
    return client


def rows(response) -> list[tuple[str, int]]:
    return [(part.line.number, part.amount) for part in response.context["page"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [("P1", 100_00), ("P2", 30_00), ("P3", 250_00), ("P6", 50_00), ("P7", -10_00)]),
        ("month=2", [("P1", 100_00), ("P2", 30_00)]),
        ("month=2&region=330822", [("P2", 30_00)]),
        ("region=513429&month=4", [("P7", -10_00)]),
        ("show=excluded", [("P1", 20_00), ("P3", 150_00), ("P4", 7_00), ("P5", 9_00)]),
        ("show=excluded&month=2", [("P1", 20_00), ("P5", 9_00)]),
        ("show=other_year&month=2", []),
        ("show=all&region=000000", [("P1", 20_00)]),
        ("show=all&month=6", [("P3", 250_00), ("P3", 150_00)]),
        ("month=13", [("P1", 100_00), ("P2", 30_00), ("P3", 250_00), ("P6", 50_00), ("P7", -10_00)]),
        ("month=x&region=nowhere", []),
    ],
)
def test_lines_are_filtered_by_whether_they_count_why_not_month_and_origin(bureau, query, found):
    response = bureau.get(f"{CITY}?{query}")
    assert rows(response) == found
    context = response.context
    assert context["figure"] == context["found"].counted.amount == 420_00
    assert context["found"].chosen.amount == sum(amount for _, amount in found)


def test_the_filters_offer_the_origins_there_are(bureau, city):
    regions = bureau.get(CITY).context["regions"]
    assert regions == [("000000", "其他地区"), ("330822", "常山县"), ("513429", "布拖县")]


def test_pages_are_cut_without_reading_a_line_twice_or_building_words_for_lines_not_shown(
    bureau, city, monkeypatch
):
    built = []
    make = Explainer.sentence
    monkeypatch.setattr(Explainer, "sentence", lambda *given: built.append(given) or make(*given))
    monkeypatch.setattr(view, "PER_PAGE", 2)
    seen = []
    for number in (1, 2, 3):
        response = bureau.get(f"{CITY}?show=all&page={number}")
        assert response.context["found"].chosen.count == 9
        seen += rows(response)
    assert seen == [
        ("P1", 100_00), ("P1", 20_00), ("P2", 30_00), ("P3", 250_00), ("P3", 150_00), ("P4", 7_00),
    ]  # fmt: skip
    assert len(built) == 3  # P1's second line, P3's overlap, P4
    last = bureau.get(f"{CITY}?show=all&page=99")
    assert rows(last) == [("P7", -10_00)] and last.context["page"].number == 5
    assert rows(bureau.get(f"{CITY}?show=all&page=x")) == seen[:2]
    assert rows(bureau.get(f"{CITY}?show=all&page=4")) == [("P5", 9_00), ("P6", 50_00)]


def test_a_script_gets_the_part_for_the_drawer(bureau, city):
    response = bureau.get(CITY, headers={"HX-Request": "true"})
    page = response.content.decode()
    assert "<html" not in page and "临江小学" in page
    assert response.context["figure"] == sum(amount for _, amount in rows(response)) == 420_00
    assert page.count("data-drawer") == 2 + len(response.context["reasons"])


@pytest.mark.parametrize(
    "address", ["/city/?year=2021", "/units/T01/?year=2021", "/standings/dept_town_total/?year=2021"]
)
def test_figures_open_beside_their_page_and_without_scripts_on_a_page_of_their_own(bureau, city, address):
    page = bureau.get(address).content.decode()
    assert 'id="explain-drawer"' in page and "js/drawer.js" in page
    assert '<a data-drawer href="/explain/2021/dept_town_total/?unit=T01' in page


def exported(response) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def test_the_workbook_has_the_lines_as_filtered_and_their_sum(bureau, city):
    response = bureau.post(f"{CITY}export/?show=all&month=2", {"format": "xlsx"})
    assert "attachment" in response["Content-Disposition"] and ".xlsx" in response["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(exported(response))).active
    assert "数字 420.00 元" in sheet["A2"].value and "全部、2 月" in sheet["A2"].value
    table = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    body = [(row[0], row[11], row[12]) for row in table[:-1]]
    assert body == [
        ("P1", 100, "计入"), ("P1", 20, "否：产地未结对"), ("P2", 30, "计入"), ("P5", 9, "否：未核准"),
    ]  # fmt: skip
    assert table[1][13] == "产地其他地区不在当年结对范围内，不计入"
    assert table[-1][0] == "合计" and table[-1][11].startswith("=SUM(")
    planted = next(cell for row in sheet.iter_rows(min_row=4) for cell in row if cell.value == PLANTED)
    assert planted.data_type == "s" and planted.quotePrefix


def test_the_csv_says_the_same_in_plain_text_and_nothing_in_it_is_a_formula(bureau, city):
    data = exported(bureau.post(f"{CITY}export/", {"format": "csv"}))
    assert data.startswith("\ufeff".encode())
    head, *body = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    assert head[0] == "采购编号" and head[11] == "金额（元）"
    assert [(row[0], row[11]) for row in body] == [
        ("P1", "100.00"), ("P2", "30.00"), ("P3", "250.00"), ("P6", "50.00"), ("P7", "-10.00"),
    ]  # fmt: skip
    assert body[1][10] == f"'{PLANTED}"
    event = AuditEvent.objects.get(action="导出计入明细")
    assert (event.actor, event.detail["lines"], event.detail["chosen"]) == ("bureau", 5, "计入")


def test_an_export_is_no_look_and_wants_a_post(bureau, city):
    assert bureau.get(f"{CITY}export/").status_code == 405
    assert bureau.post("/explain/2021/nothing/export/").status_code == 404
    assert bureau.post("/explain/2021/canteen_share/export/").status_code == 404


def test_lines_of_units_one_may_not_see_stay_out_of_the_file(client, city):
    client.force_login(make_user("clerk", Role.CLERK, city["town"]))
    address = "/explain/2021/dept_town_total/"
    response = client.get(f"{address}?unit=T01")
    found = response.context["found"]
    assert (response.context["figure"], found.chosen.amount, found.hidden.amount) == (170_00, 40_00, 130_00)
    assert found.regions == {"513429": "布拖县"}
    text = exported(client.post(f"{address}export/?unit=T01&show=all", {"format": "csv"})).decode()
    assert "P6" in text and "P1" not in text and "临江小学" not in text


def test_a_shared_canteen_is_explained_at_both_ends(bureau, city):
    host, guest = city["school"], make_unit("S02", Kind.SCHOOL, "远山小学")
    make_base(host, canteen_budget="1000.00")
    make_base(guest, canteen=Canteen.SHARED, canteen_representative=host)
    make_purchase(guest, line("66.00", Use.CANTEEN), number="G1", channel=Channel.PLATFORM_832)
    taken = bureau.get("/explain/2021/canteen_share/?unit=S01")
    assert rows(taken) == [("G1", 66_00)] and taken.context["figure"] == 66_00
    given = bureau.get("/explain/2021/canteen_share/?unit=S02&show=excluded")
    assert given.context["figure"] == 0 and rows(given) == [("G1", 66_00)]
    assert "食堂共用，计入共用代表单位临江小学" in given.content.decode()


def test_it_asks_the_database_little(bureau, city, django_assert_max_num_queries):
    bureau.get(CITY)
    for address in (f"{CITY}?show=all&month=2", "/explain/2021/dept_town_total/?unit=T01"):
        with django_assert_max_num_queries(12):
            assert bureau.get(address).status_code == 200
        with django_assert_max_num_queries(12):
            assert bureau.get(address, headers={"HX-Request": "true"}).status_code == 200

"""查找: one field finds units, purchases, invoices, suppliers and products, within what a person may see."""

import pytest

from tests.factories import line, make_policy, make_purchase, make_unit, make_user
from units.initials import initials
from units.kinds import Kind
from units.models import Role


@pytest.fixture
def city(db):
    make_policy()
    school = make_unit("S01", Kind.SCHOOL, "青瓷湾实验学校")
    foreign = make_unit("S02", Kind.SCHOOL, "青山小学")
    make_purchase(
        school,
        line(product="苦荞茶"),
        number="2021-S01-0007",
        supplier="布拖县索玛合作社",
        invoice_number="24332000000012345678",
        invoice_code="",
    )
    make_purchase(
        foreign,
        line(product="苦荞面"),
        number="2021-S02-0007",
        supplier="布拖县高山合作社",
        invoice_number="24332000000099995678",
        invoice_code="",
    )
    return {"school": school, "foreign": foreign}


@pytest.fixture
def clerk(client, city):
    client.force_login(make_user("clerk", Role.CLERK, city["school"]))


@pytest.fixture
def bureau(client, city):
    client.force_login(make_user("bureau", Role.BUREAU, make_unit("D01", Kind.DEPARTMENT, "市商务局")))


def found(client, text):
    response = client.get("/search/", {"q": text})
    assert response.status_code == 200
    return {group.label: [hit.title for hit in group.hits] for group in response.context["groups"]}


def test_initials_are_those_of_the_pinyin():
    assert initials("青瓷湾832") == "qcw832"


@pytest.mark.parametrize(
    ("text", "sort", "title"),
    [
        ("瓷湾", "单位", "青瓷湾实验学校"),
        ("qcw", "单位", "青瓷湾实验学校"),
        ("QCW", "单位", "青瓷湾实验学校"),
        ("s01", "单位", "青瓷湾实验学校"),
        ("s01-0007", "采购", "2021-S01-0007"),
        ("12345678", "发票", "发票 24332000000012345678"),
        ("索玛", "供应商", "布拖县索玛合作社"),
        ("smhz", "供应商", "布拖县索玛合作社"),
        ("苦荞", "产品", "苦荞茶"),
        ("kqc", "产品", "苦荞茶"),
    ],
)
def test_a_few_characters_find_it_and_its_page_opens(client, clerk, text, sort, title):
    assert found(client, text)[sort] == [title]
    group = next(each for each in client.get("/search/", {"q": text}).context["groups"] if each.label == sort)
    page = client.get(group.hits[0].url)
    assert page.status_code == 200 and title.removeprefix("发票 ") in page.content.decode()


def test_nothing_of_other_units_is_found(client, clerk):
    for text in ("青山", "qsxx", "S02-0007", "99995678", "高山合作", "苦荞面", "gshz"):
        assert found(client, text) == {}, text


def test_the_bureau_finds_everything(client, bureau):
    assert found(client, "苦荞") == {"产品": ["苦荞茶", "苦荞面"]}
    assert len(found(client, "5678")["发票"]) == 2


def test_a_short_text_and_a_wild_one_find_nothing(client, bureau):
    assert "请输入至少两个字" in client.get("/search/?q=青").content.decode()
    assert found(client, "%%") == {} and found(client, "__") == {} and found(client, "'--") == {}
    assert "没有找到" in client.get("/search/?q=没有这个").content.decode()


def test_the_system_administrator_finds_units_alone(client, city):
    client.force_login(make_user("sys", Role.SYSTEM_ADMIN, city["school"]))
    assert found(client, "青山") == {"单位": ["青山小学"]} and found(client, "苦荞") == {}


@pytest.mark.parametrize("text", ["kq", "苦荞", "5678"])
def test_it_asks_the_database_little(client, bureau, text, django_assert_max_num_queries):
    client.get("/search/")
    with django_assert_max_num_queries(14):
        client.get("/search/", {"q": text})


@pytest.mark.parametrize(
    "text",
    [
        "2021-S01",
        "0007",
        "s01-0007",
        "索玛",
        "苦荞茶",
        "苦荞",
        "2433200000001",
        "12345678",
        "合作社",
        "没有这个",
    ],
)
def test_the_list_finds_by_the_same_parts(client, bureau, city, text):
    """Numbers by any part, invoices by their beginning, suppliers and products by any part of their names."""
    fits = {
        "2021-S01-0007": ("2021-S01-0007", "布拖县索玛合作社", "苦荞茶"),
        "2021-S02-0007": ("2021-S02-0007", "布拖县高山合作社", "苦荞面"),
    }
    invoices = {"2021-S01-0007": "24332000000012345678", "2021-S02-0007": "24332000000099995678"}
    wanted = {
        number
        for number, words in fits.items()
        if any(text.lower() in word.lower() for word in words) or invoices[number].startswith(text)
    }
    page = client.get("/purchases/", {"text": text}).context["page"]
    assert {row.number for row in page} == wanted


def test_many_rows_are_counted_so_far(client, bureau, monkeypatch):
    monkeypatch.setattr("procurement.views.purchases.MOST", 1)
    told = client.get("/purchases/").content.decode()
    assert "1 条以上" in told
    assert "2021-S02-0007" in told and "2021-S01-0007" not in told

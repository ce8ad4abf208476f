"""审计: the trail to read, to filter and to take away; for the auditor alone."""

import ast
import csv
import inspect
import io

import openpyxl
import pytest
import time_machine
from django.db import transaction

from cixi_xiezuo import audit
from cixi_xiezuo.audit import AuditEvent
from tests.factories import make_unit, make_user
from tests.services import ROOT
from units.models import Role
from units.trail_words import WORDS, sentences

pytestmark = pytest.mark.django_db
EVIL = '=HYPERLINK("http://evil","x")'


@pytest.fixture
def auditor(client):
    user = make_user("auditor", Role.AUDITOR, make_unit("D09"))
    client.force_login(user)
    return user


@pytest.fixture
def events():
    bureau = make_user("bureau", Role.BUREAU, make_unit("D01"))
    bureau.display_name = "张审核"
    bureau.save()
    with transaction.atomic():
        for day, action, origin in (("2021-06-01", "核准", "10.1.1.1"), ("2021-07-01", "退回", "10.2.2.2")):
            with time_machine.travel(f"{day}T23:30:00+08:00", tick=False):
                audit.record(
                    action, by=bureau, subject=f"采购 {day}", stream="S01", origin=origin, reason=EVIL, before="甲",
                    after="乙", on_behalf="boss" if action == "核准" else "",
                )  # fmt: skip


def rows(response):
    return [line.event.action for line in response.context["lines"]]


def test_it_says_who_when_where_what_and_for_whom(client, auditor, events):
    page = client.get("/audit/").content.decode()
    for words in (
        "张审核（bureau）",
        "代 boss",
        "2021-06-01 23:30:00",
        "10.1.1.1",
        "核准",
        "采购 2021-06-01",
        "变更前：甲",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["退回", "核准"]),
        ("who=张审核", ["退回", "核准"]),
        ("who=boss", ["核准"]),
        ("action=退回", ["退回"]),
        ("subject=06-01", ["核准"]),
        ("origin=10.2.", ["退回"]),
        ("stream=s01", ["退回", "核准"]),
        ("stream=S02", []),
        ("since=2021-06-02", ["退回"]),
        ("until=2021-06-01", ["核准"]),
        ("since=2021-06-01&until=2021-07-01", ["退回", "核准"]),
    ],
)
def test_it_is_filtered(client, auditor, events, query, found):
    assert rows(client.get(f"/audit/?{query}")) == found


def test_a_filter_that_makes_no_sense_is_said_and_nothing_is_taken_away(client, auditor, events):
    assert client.get("/audit/?since=morgen").status_code == 200
    assert client.post("/audit/export/?since=morgen").status_code == 302
    assert not AuditEvent.objects.filter(action="导出审计记录").exists()


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_is_filtered_is_taken_away_as_text_and_that_is_on_record(client, auditor, events, form):
    response = client.post("/audit/export/?action=退回", {"format": form})
    assert response["Content-Disposition"].endswith(f'.{form}"')
    table = _table(response.content, form)
    assert [row[4] for row in table[1:]] == ["退回"]
    assert EVIL.replace('"', '\\"') in table[1][6]
    event = AuditEvent.objects.get(action="导出审计记录")
    assert event.detail == {"filters": {"action": "退回"}, "format": form, "rows": 1}


def _table(content: bytes, form: str) -> list[list[str]]:
    if form == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    return [[str(value) for value in row] for row in sheet.iter_rows(min_row=3, values_only=True)]


def test_two_people_told_are_no_change_from_one_to_the_other():
    assert sentences({"to": ["clerk", "head"], "headcount": [126, 128]}) == [
        "发给：clerk、head",
        "人数：126 → 128",
    ]


def test_a_change_reads_in_the_words_of_the_form():
    line = {"product_name": "土豆", "amount": "100.00"}
    changes = {"purchase_date": ["", "2021-06-01"], "lines": [[line], [line | {"amount": "120.50"}]]}
    assert sentences(
        {"changes": changes, "changed": {"rules.canteen_share.percent": ["10.00", "12.00"]}}
    ) == [
        "变更：采购日期 空 → 2021-06-01，明细 产品名称 土豆，金额 100.00 → 产品名称 土豆，金额 120.50",
        "变更：规则 食堂采购占比 比例 10.00 → 12.00",
    ]
    assert sentences({"before": {"canteen": "own", "active": True}, "created": ["S01", "S02"]}) == [
        "变更前：食堂情况 自营，在用 是",
        "新增：S01、S02",
    ]


def test_every_name_that_a_verb_puts_on_the_trail_has_its_word():
    assert names_on_the_trail() - set(WORDS) == set()


def names_on_the_trail() -> set[str]:
    """The names of what is given to `audit.record` anywhere in the product."""
    apps = ("cixi_xiezuo", "units", "procurement", "assessment", "initiatives")
    files = [path for app in apps for path in (ROOT / app).rglob("*.py")]
    calls = [
        node for path in files for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)
    ]
    written = [call for call in calls if ast.unparse(call.func) == "audit.record"]
    own = set(inspect.signature(audit.record).parameters)
    return {word.arg for call in written for word in call.keywords if word.arg} - own


def test_nothing_in_the_csv_begins_a_formula(client, auditor):
    with transaction.atomic():
        for mark in ("=1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1", " =1"):
            audit.record(mark, by=None, subject=mark, stream="S01", origin=mark)
    content = client.post("/audit/export/?stream=S01", {"format": "csv"}).content
    cells = [cell for row in _table(content, "csv")[1:] for cell in row]
    assert cells and not [
        cell for cell in cells if cell.lstrip(" \u3000").startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
    ]


def test_the_page_asks_the_database_little(client, auditor, events, django_assert_max_num_queries):
    client.get("/audit/")
    with django_assert_max_num_queries(10):
        client.get("/audit/")

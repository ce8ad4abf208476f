"""Records by workbook: the exported list goes in again unchanged, wrong rows are told, a closed year stays."""

import datetime

import pytest
from django.utils import timezone

from cixi_xiezuo.audit import AuditEvent
from initiatives import records
from initiatives.lists import LISTS
from initiatives.models import Record
from initiatives.records import Content
from initiatives.workbooks import WORKBOOKS
from procurement.imports.kinds import allowed, known
from procurement.imports.report import Rejected
from procurement.imports.sheet import read
from procurement.imports.template import build
from procurement.models import Region
from tests.factories import make_policy, make_unit, make_user
from tests.workbooks import records as workbook
from units.kinds import Kind
from units.models import Role, Unit
from units.scope import Scope
from units.years import YearLock

pytestmark = pytest.mark.django_db
DAY = datetime.date(2021, 5, 1)
DATA = {
    "activity": {"sort": "展销会", "place": "=会展中心", "booths": 12, "organisers": "甲、乙"},
    "outlet": {"sort": "智能柜", "town": "临江镇", "operator": "某店"},
    "pledge": {"sort": "订销协议", "parties": "甲方、乙方", "promised": 12345678},
    "trade": {"sort": "产品外销", "trained": 0, "market": "日本"},
}


@pytest.fixture
def clerk():
    make_policy()
    town = make_unit("T01", Kind.TOWN, "临江镇")
    for code, name in (("D01", "市商务局"), ("D02", "市农业农村局")):
        make_unit(code, Kind.DEPARTMENT, name)
    return make_user("clerk", Role.CLERK, town)


def full(kind):
    parts = {Unit.objects.get(code="D01"): "lead", Unit.objects.get(code="D02"): "lead"}
    region, ends = Region.objects.get(name="布拖县"), datetime.date(2021, 9, 30)
    content = Content("+某某", DAY, ends, region, "说明\n第二行", DATA[kind], parts)
    return records.create_record(kind, Unit.objects.get(code="T01"), content, by=None)


def load(slug, data, by):
    kind = known()[slug]
    return kind.make_plan(read(data, kind.columns, kind.label), by=by, options={}).carry_out()


def stored():
    parts = [tuple(row) for row in Record.objects.values_list("parts__unit__code", "parts__part")]
    fields = ("kind", "title", "starts", "ends", "region", "note", "data", "state", "unit", "version")
    return list(Record.objects.values(*fields)), sorted(parts)


@pytest.mark.parametrize("slug", DATA)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_exported_list_goes_in_again_unchanged_and_comes_back_whole(client, clerk, slug, form):
    full(slug)
    before = stored()
    client.force_login(clerk)
    response = client.post(f"/exports/{LISTS[0].slug}/?kind={slug}&year=2021", {"format": form})
    file = b"".join(response.streaming_content)
    assert str(load(slug, file, clerk)).endswith("新增 0, 更新 0, 未变 1") and stored() == before
    Record.objects.all().delete()
    assert str(load(slug, file, clerk)).endswith("新增 1, 更新 0, 未变 0") and stored() == before
    assert AuditEvent.objects.filter(subject=known()[slug].label).count() == 1


HEAD = (
    "网点名称",
    "单位编码",
    "开办日期",
    "停办日期",
    "地区",
    "网点类别",
    "所在镇街",
    "牵头单位",
    "配合单位",
)
GOOD = {"网点名称": "一号柜", "单位编码": "T01", "开办日期": "2021-05-01", "网点类别": "专柜"}


def test_every_wrong_cell_is_told_and_nothing_is_stored(clerk):
    make_unit("D03", Kind.DEPARTMENT, "市商务局")
    wrong = [
        ({"网点名称": ""}, "网点名称"),
        ({"网点类别": "小卖部"}, "网点类别"),
        ({"停办日期": "2021-04-30"}, "停办日期"),
        ({"地区": "火星"}, "地区"),
        ({"所在镇街": "没有镇"}, "所在镇街"),
        ({"牵头单位": "市商务局"}, "牵头单位"),
        ({"牵头单位": "D01", "配合单位": "D01"}, "配合单位"),
        ({"单位编码": "D01"}, "单位编码"),
        ({"网点名称": "零号柜"}, "网点名称"),
    ]
    rows = [GOOD | {"网点名称": f"{number}号柜"} | change for number, (change, _) in enumerate(wrong)]
    rows.append(GOOD | {"网点名称": "零号柜"})
    with pytest.raises(Rejected) as told:
        load("outlet", workbook(HEAD, GOOD, *rows), clerk)
    found = {problem.row: problem.column for problem in told.value.problems}
    expected = {number: column for number, (_, column) in enumerate(wrong, start=3)}
    expected[12] = expected.pop(11)  # of two rows for one record the second is told
    assert found == expected and not Record.objects.exists()


def test_a_row_changes_what_it_says_and_keeps_columns_that_are_left_out(clerk):
    load("outlet", workbook(HEAD, GOOD | {"牵头单位": "D01 市商务局、D02"}), clerk)
    report = load("outlet", workbook(HEAD[:-2], GOOD | {"停办日期": "2021-08-01"}), clerk)
    record = Record.objects.get()
    assert str(report).endswith("新增 0, 更新 1, 未变 0") and record.ends == datetime.date(2021, 8, 1)
    assert (record.parts.count(), record.state, record.recorded_by, record.version) == (2, "open", clerk, 2)
    assert AuditEvent.objects.latest("pk").detail["updated"] == {"T01 一号柜 2021-05-01": {"停办日期": ""}}


def test_a_records_page_tells_of_the_imports_that_made_and_changed_it(client, clerk):
    for name, change in (("五月.xlsx", {}), ("八月.xlsx", {"停办日期": "2021-08-01"})):
        kind = known()["outlet"]
        plan = kind.make_plan(
            read(workbook(HEAD, GOOD | change), kind.columns, kind.label), by=clerk, options={}
        )
        plan.carry_out({"file": name})
    client.force_login(clerk)
    page = client.get(f"/initiatives/{Record.objects.get().pk}/").content.decode()
    history = page[page.index("经过</h2>") :]
    assert history.index("导入修改工作") < history.index("导入登记工作")
    assert "五月.xlsx" in history and "八月.xlsx" in history
    assert "停办日期：" in history and "2021-08-01" in history


def test_what_changed_from_a_day_on_is_left_to_the_page(clerk):
    head = (*HEAD, "经营者")
    load("outlet", workbook(head, GOOD | {"经营者": "甲店"}), clerk)
    record = records.change_from(Record.objects.get(), "operator", "乙店", datetime.date(2022, 1, 1), by=None)
    for operator in ("甲店", "乙店"):
        assert str(load("outlet", workbook(head, GOOD | {"经营者": operator}), clerk)).endswith("未变 1")
    with pytest.raises(Rejected, match="请在页面上改"):
        load("outlet", workbook(head, GOOD | {"经营者": "丙店"}), clerk)
    record.refresh_from_db()
    assert record.data["operator"] == "乙店"


def test_rows_of_a_closed_year_are_told_and_later_years_of_what_lasts_go_on(clerk):
    load("outlet", workbook(HEAD, GOOD), clerk)
    YearLock.objects.create(year=2021, locked_by="市商务局", locked_at=timezone.now())
    for change in ({"网点类别": "专区"}, {"网点名称": "二号柜"}, {"停办日期": "2021-12-01"}):
        with pytest.raises(Rejected, match="2021 年度已于"):
            load("outlet", workbook(HEAD, GOOD | change), clerk)
    load("outlet", workbook(HEAD, GOOD | {"停办日期": "2022-12-01"}), clerk)
    assert Record.objects.get().ends == datetime.date(2022, 12, 1)
    head = ("名称", "单位编码", "开始日期", "形式")
    row = {"名称": "外销", "单位编码": "T01", "开始日期": "2021-05-01", "形式": "产品外销"}
    with pytest.raises(Rejected, match="2021 年度已于"):
        load("trade", workbook(head, row), clerk)


@pytest.mark.parametrize("kind", WORKBOOKS, ids=lambda kind: kind.slug)
def test_its_template_explains_every_column_and_offers_the_own_units(clerk, kind):
    assert kind in allowed(Scope.of(clerk))
    sheet = read(build(kind, clerk), kind.columns, kind.label)
    assert (sheet.rows, sheet.problems) == ([], []) and "示例" in sheet.notices[0]
    assert all(kind.hint(column.name) for column in kind.columns)
    assert kind.words.offers(clerk)["单位编码"] == ["T01 临江镇"]

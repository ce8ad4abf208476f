"""考核评分: what is computed to the hundredth, what 市商务局 enters, who sees it, and a closed year that stays."""

import datetime
import io

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone
from python_calamine import CalamineWorkbook

from assessment import sealing, workbook
from cixi_xiezuo.appendonly import lifted
from cixi_xiezuo.errors import NotAllowed, Refused
from initiatives import records
from initiatives.models import Criterion, Entry, KeptSheet
from initiatives.scoring import verbs
from initiatives.scoring.criteria import Item, example
from initiatives.scoring.points import parse
from initiatives.scoring.sheet import sheet_of
from procurement.choices import Status
from procurement.models import Purchase
from tests.factories import line, make_base, make_policy, make_purchase, make_unit, make_user
from units.kinds import Kind
from units.models import Role

pytestmark = pytest.mark.django_db
ITEMS = (
    Item("完成率", "completion", 5000),
    Item("报送", "timeliness", 1000),
    Item("质量", "quality", 1500),
    Item("任务", "tasks", 1500),
    Item("宣传", "entered", 1000),
    Item("违规", "deduction", 2000),
)


@pytest.fixture
def city():
    """A department with a school, and two towns; the first town has done two thirds of its target."""
    make_policy()
    units = {"D01": make_unit("D01", name="市商务局"), "D06": make_unit("D06", name="市教育局")}
    units |= {code: make_unit(code, Kind.TOWN, name) for code, name in (("T01", "临江镇"), ("T02", "远山镇"))}
    units["S01"] = make_unit("S01", Kind.SCHOOL, "小学", supervisor=units["D06"], affiliation="city")
    make_base(units["T01"], target="300.00", first_filed_at=at(2021, 3, 31))
    make_base(units["T02"], target="300.00", first_filed_at=at(2021, 4, 1))
    make_base(units["S01"], canteen_budget="900.00", first_filed_at=at(2021, 2, 1))
    make_purchase(units["T01"], line("200.00"))
    return units


def at(*day):
    return timezone.make_aware(datetime.datetime(*day, 12))


def saved(items=ITEMS):
    verbs.save_criteria(2021, items, by=None)
    return {each.name: each for each in Criterion.objects.all()}


def points(code, sheet=None):
    return [mark.points for mark in (sheet or sheet_of(2021)).of(code).marks]


def log_in(client, unit, role=Role.CLERK):
    client.force_login(make_user(f"{role}-{unit.code}", role, unit))


def test_what_is_computed_is_cut_off_to_the_hundredth_and_totals_are_their_sum(city):
    found = saved()
    for state, doubts in ((Status.RETURNED, 0), (Status.APPROVED, 2)):
        purchase = make_purchase(city["S01"], status=state)
        Purchase.objects.filter(pk=purchase.pk).update(doubts=doubts)
    Purchase.objects.filter(pk=make_purchase(city["D06"]).pk).update(doubts=0)
    for title in "甲乙丙":
        content = records.Content(title, datetime.date(2021, 1, 1), datetime.date(2021, 12, 31))
        task = records.create_record("task", city["D06"], content, by=None)
        if title == "甲":
            with time_machine.travel("2021-12-31T09:00:00+08:00"):
                records.move(task, "finish", by=None)
    verbs.enter(found["宣传"], city["T01"], by=None, points=parse("7.25"), reason="经验被推广")
    verbs.enter(found["违规"], city["T01"], by=None, points=parse("1.50"), reason="逾期未整改")
    # 2/3 of 50 = 33.333…; T01's declaration in time; its one purchase clean; no task
    assert points("T01") == [3333, 1000, 1500, None, 725, -150]
    assert sheet_of(2021).of("T01").total == 3333 + 1000 + 1500 + 725 - 150
    # a day late; nothing bought
    assert points("T02") == [0, 0, None, None, None, 0]
    # 1 of its 2 units (the department's own declaration is missing); 1 of 3 purchases; 1 of 3 tasks
    assert points("D06") == [None, 500, 500, 500, None, 0]
    assert sheet_of(2021).of("D06").waiting == 2


def test_equal_totals_share_a_rank(city):
    found = saved((Item("评定", "entered", 10000),))
    for code, given in (("T01", "80.01"), ("T02", "80.01"), ("D06", "80.00"), ("D01", "90")):
        verbs.enter(found["评定"], city[code], by=None, points=parse(given), reason="综合")
    assert [(row.code, row.rank) for row in sheet_of(2021).rows] == [
        ("D01", 1),
        ("T01", 2),
        ("T02", 2),
        ("D06", 4),
    ]
    verbs.clear(Entry.objects.get(unit=city["D01"]), by=None, reason="误评")
    assert [(row.code, row.rank) for row in sheet_of(2021).rows][-1] == ("D01", 4)


@pytest.mark.parametrize("text", ["12.5", "12.50", "１２．５", "12.5分"])
def test_points_are_typed_as_people_do(text):
    assert parse(text) == 1250


@pytest.mark.parametrize("text", ["", "-1", "100.01", "1.005", "1e2", "٣", "9" * 400, "十"])
def test_what_is_no_number_of_points_is_refused(text):
    with pytest.raises(ValueError, match="0 到 100"):
        parse(text)


@pytest.mark.parametrize(
    ("items", "sentence"),
    [
        (ITEMS[:-2], "现为 90.00 分"),
        ((*ITEMS[:4], Item("任务二", "tasks", 1000)), "只能用于一项"),
        ((Item("甲", "entered", 5000), Item("甲", "entered", 5000)), "写了两次"),
        ((Item("甲", "entered", 10000), Item("乙", "deduction", 0)), "应大于 0"),
    ],
)
def test_criteria_that_do_not_add_up_are_refused(city, items, sentence):
    with pytest.raises(Refused, match=sentence):
        saved(items)
    assert not Criterion.objects.exists()


def test_the_bureau_alone_scores_and_never_what_is_computed(city):
    found = saved()
    clerk = make_user("clerk", Role.CLERK, city["D01"])
    bureau = make_user("bureau", Role.BUREAU, city["D01"])
    for verb in (
        lambda: verbs.enter(found["宣传"], city["T01"], by=clerk, points=1, reason="x"),
        lambda: verbs.save_criteria(2021, ITEMS, by=clerk),
    ):
        with pytest.raises(NotAllowed):
            verb()
    with pytest.raises(Refused, match="由系统计算"):
        verbs.enter(found["完成率"], city["T01"], by=bureau, points=1, reason="x")
    with pytest.raises(Refused, match=r"0 到 10.00 分"):
        verbs.enter(found["宣传"], city["T01"], by=bureau, points=1001, reason="x")
    with pytest.raises(Refused, match="不参加考核评分"):
        verbs.enter(found["宣传"], city["S01"], by=bureau, points=1, reason="x")
    verbs.enter(found["任务"], city["T01"], by=bureau, points=900, reason="没有任务，按日常工作评定")
    assert points("T01")[3] == 900
    kept = [Item(i.name, i.measure, i.full, "", found[i.name].pk) for i in ITEMS if i.name != "任务"]
    with pytest.raises(Refused, match="已有 1 个单位的评定"):
        verbs.save_criteria(2021, [*kept, Item("别的", "entered", 1500)], by=bureau)


def test_a_unit_sees_its_own_sheet_and_no_other(client, city):
    saved()
    log_in(client, city["T01"])
    page = client.get("/initiatives/scores/").content.decode()
    assert "临江镇" in page and "远山镇" not in page
    page = client.get("/initiatives/scores/2021/units/T01/").content.decode()
    assert "33.33" in page and "完成 200.00 元，目标 300.00 元" in page and "指标与分值" not in page
    assert client.get("/initiatives/scores/2021/units/T02/").status_code == 404
    response = client.post("/exports/scores/?year=2021", {"format": "csv"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert "33.33" in text and "远山镇" not in text
    log_in(client, city["S01"])
    assert "没有您能看到的评分" in client.get("/initiatives/scores/").content.decode()


def test_the_bureau_changes_the_example_and_scores_on_the_pages(client, city):
    log_in(client, city["D01"], Role.BUREAU)
    page = client.get("/initiatives/scores/").content.decode()
    assert "示例" in page and example()[0].name in page
    assert "请先在" in client.get("/initiatives/scores/2021/units/T01/").content.decode()
    form = {"items-TOTAL_FORMS": "2", "items-INITIAL_FORMS": "0", "version": "0", "example": "on"}
    form |= {"items-0-name": "完成率", "items-0-measure": "completion", "items-0-full": "60"}
    form |= {"items-1-name": "宣传", "items-1-measure": "entered", "items-1-full": "39.99"}
    response = client.post("/initiatives/scores/2021/criteria/", form)
    assert response.status_code == 422 and "现为 99.99 分" in response.content.decode()
    client.post("/initiatives/scores/2021/criteria/", form | {"items-1-full": "40"})
    response = client.post("/initiatives/scores/2021/criteria/", form | {"items-1-full": "40"})
    assert response.status_code == 422 and "刚刚有人改过" in response.content.decode()
    criterion = Criterion.objects.get(name="宣传")
    entry = {"criterion": criterion.pk, "points": "12.345", "reason": "典型"}
    response = client.post("/initiatives/scores/2021/units/T01/enter/", entry)
    assert response.status_code == 422 and "最多两位小数" in response.content.decode()
    response = client.post(
        "/initiatives/scores/2021/units/T01/enter/", entry | {"points": "12.34"}, follow=True
    )
    page = response.content.decode()
    assert "52.34" in page and "典型" in page and "考核评定" in page
    given = {"criterion": criterion.pk, "reason": "误评"}
    client.post("/initiatives/scores/2021/units/T01/clear/", given)
    assert not Entry.objects.exists()


def test_a_closed_year_shows_what_was_kept_and_the_workbook_too(client, city):
    found = saved()
    verbs.enter(found["宣传"], city["T01"], by=None, points=500, reason="典型")
    before = sheet_of(2021).rows
    sealing.lock(2021, by=None)
    Purchase.objects.update(doubts=9)
    Entry.objects.update(points=1)
    sheet = sheet_of(2021)
    assert sheet.rows == before and sheet.whole and sheet.kept.version == 1
    log_in(client, city["D01"], Role.BUREAU)
    page = client.get("/initiatives/scores/2021/units/T01/").content.decode()
    assert "封账时（第 1 版" in page and "清除评定" not in page
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook.build(2021)))
    assert book.sheet_names[-1] == "考核评分"
    rows = book.get_sheet_by_name("考核评分").to_python()
    mine = next(row for row in rows if "T01" in row)
    assert mine[4:] == [33.33, 10.0, 15.0, "", 5.0, 0.0, 63.33, 1.0]
    with lifted(KeptSheet._meta.db_table):
        KeptSheet.objects.update(digest="0")
    assert "校验值不符" in client.get("/initiatives/scores/").content.decode()
    opening = sealing.ask_to_open(2021, by=None, reason="更正")
    sealing.decide_opening(opening, by=None, granted=True)
    assert points("T01")[2:] == [0, None, 1, 0]


def test_a_kept_sheet_that_was_altered_or_taken_out_is_found(city, capsys):
    saved()
    sealing.lock(2021, by=None)
    call_command("verify")
    kept = KeptSheet.objects.get()
    content = kept.content.replace("3333", "9999")
    assert content != kept.content
    for change, sentence in (
        ({"content": content}, "内容与校验值不符"),
        ({"content": content, "digest": sealing.digest(content)}, "校验值与审计记录不符"),
        (None, "留存的评分不在了"),
    ):
        rows = KeptSheet.objects.filter(pk=kept.pk)
        with lifted(KeptSheet._meta.db_table):
            rows.update(**change) if change else rows.delete()
        with pytest.raises(CommandError):
            call_command("verify")
        assert f"2021 年度封账评分第 1 版：{sentence}" in capsys.readouterr().out


def test_the_pages_ask_the_database_little(client, city, django_assert_max_num_queries):
    found = saved()
    for number in range(10):
        town = make_unit(f"T{number + 10}", Kind.TOWN)
        make_base(town, target="100.00")
        make_purchase(town)
        content = records.Content("任务", datetime.date(2021, 1, 1), datetime.date(2021, 12, 31))
        records.move(records.create_record("task", town, content, by=None), "finish", by=None)
        verbs.enter(found["宣传"], town, by=None, points=number, reason="x")
    log_in(client, city["D01"], Role.BUREAU)
    client.get("/initiatives/")
    for address in ("scores/", "scores/2021/units/T10/", "scores/2021/criteria/"):
        with django_assert_max_num_queries(12):
            assert client.get(f"/initiatives/{address}").status_code == 200

"""季度进展: who owes a task's report when, filed with its files, sent back, told in 待办, asked for in one query."""

import datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.errors import NotAllowed, Refused
from initiatives import records
from initiatives.models import Paper, Record, Report
from initiatives.progress import reports, subtasks
from initiatives.progress.owing import owed_of, owing
from initiatives.progress.quarters import Quarter, quarters_of
from initiatives.records import Content
from tests.factories import make_policy, make_unit, make_user
from units.kinds import Kind
from units.models import Role
from units.years import YearLock

pytestmark = pytest.mark.django_db
FIRST, LAST = datetime.date(2021, 1, 1), datetime.date(2021, 12, 31)


@pytest.fixture(autouse=True)
def clock():
    """The 11th of July: the first quarter's report is late, the second's just became so."""
    with time_machine.travel("2021-07-11T09:00:00+08:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def city():
    make_policy()
    units = {
        f"D0{n}": make_unit(f"D0{n}", name=name)
        for n, name in enumerate(("市商务局", "市对口支援办", "市总工会"), 1)
    }
    return units | {"T01": make_unit("T01", Kind.TOWN, "临江镇")}


def task(city, title="甲事", unit="T01", **given) -> Record:
    usual = {"starts": FIRST, "ends": LAST, "parts": {city["D03"]: "lead", city["T01"]: "responsible"}}
    return records.create_record("task", city[unit], Content(title, **usual | given), by=None)


def log_in(client, unit, role=Role.CLERK):
    user = make_user(f"{role}-{unit.code}", role, unit)
    client.force_login(user)
    return user


def test_it_is_filed_with_files_sent_back_with_a_reason_and_filed_again(client, city, png):
    found = task(city)
    clerk = log_in(client, city["D03"])
    page = client.get("/todo/").content.decode()
    assert "季度进展 · 甲事" in page and "第1、2季度进展未报，逾期 92 天" in page
    given = {"text": "已签约三家", "files": [SimpleUploadedFile("协议.png", png)]}
    client.post(f"/initiatives/{found.pk}/reports/2021/1/", given)
    report = Report.objects.get()
    assert (report.quarter, report.unit, report.filed_by) == (1, city["D03"], clerk)
    page = client.get(f"/initiatives/{found.pk}/").content.decode()
    assert "已签约三家" in page and "协议.png" in page
    again = client.post(
        f"/initiatives/{found.pk}/reports/2021/1/", {"text": "另一段"}, follow=True
    ).content.decode()
    assert "第1季度进展已报送" in again and "另一段" not in again
    assert client.post(f"/initiatives/reports/{report.pk}/return/", {"reason": "x"}).status_code == 404
    log_in(client, city["D02"], Role.OVERSIGHT)
    client.post(f"/initiatives/reports/{report.pk}/return/", {"reason": "没有数字"})
    client.force_login(clerk)
    page = client.get("/todo/").content.decode()
    assert "修改后重新报送" in page and "退回原因：没有数字" in page
    client.post(f"/initiatives/{found.pk}/reports/2021/1/", {"text": "已签约三家，共 30 万元"})
    client.post(f"/initiatives/{found.pk}/reports/2021/2/", {"text": "又签两家"})
    assert "季度进展 · 甲事" not in client.get("/todo/").content.decode()
    report.refresh_from_db()
    assert (report.text, report.reason) == ("已签约三家，共 30 万元", "")
    told = AuditEvent.objects.filter(subject=f"工作记录 {found.pk}").order_by("seq")
    names = list(told.values_list("action", flat=True))
    assert names[1:] == ["报送季度进展", "上传材料", "退回季度进展", "报送季度进展", "报送季度进展"]


@pytest.mark.parametrize(
    ("today", "owed", "late"),
    [
        ("2021-03-31", (), 0),
        ("2021-04-01", (1,), 0),
        ("2021-04-10", (1,), 0),
        ("2021-04-11", (1,), 1),
        ("2021-07-10", (1, 2), 91),
        ("2021-12-31", (1, 2, 3), 265),
        ("2022-01-01", (1, 2, 3, 4), 266),
        ("2023-06-01", (1, 2, 3, 4), 782),
    ],
)
def test_it_is_owed_once_the_quarter_is_over_and_late_ten_days_after(city, clock, today, owed, late):
    clock.move_to(f"{today}T09:00:00+08:00")
    found, day = task(city), datetime.date.fromisoformat(today)
    mine = owed_of([found], day).get(found.pk)
    if owed:
        assert (mine.quarters, mine.days_late) == (tuple(Quarter(2021, each) for each in owed), late)
    assert (mine is None) is (not owed)
    assert owing(Record.objects.all(), day).exists() is bool(owed)
    assert owing(Record.objects.all(), day, late=True).exists() is bool(late)


def test_only_quarters_in_which_an_open_task_runs_are_owed(city):
    """The same from the query as from the record."""
    today = datetime.date(2022, 2, 1)
    made = [
        task(city, "全年"),
        task(city, "四月", starts=datetime.date(2021, 4, 1), ends=datetime.date(2021, 6, 30)),
        task(city, "跨年", starts=datetime.date(2021, 11, 1), ends=datetime.date(2022, 3, 31)),
        task(city, "无期", ends=None),
        task(city, "明年", starts=datetime.date(2022, 1, 5), ends=datetime.date(2022, 1, 31)),
    ]
    done = task(city, "完了")
    records.move(done, "finish", by=None)
    subtasks.add_subtask(made[0], city["T01"], Content("子事", FIRST, LAST), by=None)
    records.create_record("activity", city["T01"], Content("活动", FIRST, LAST), by=None)
    every = owed_of(Record.objects.all(), today)
    numbers = {pk: tuple(quarter.number for quarter in each.quarters) for pk, each in every.items()}
    assert {each.title: numbers[each.pk] for each in made if each.pk in every} == {
        "全年": (1, 2, 3, 4), "四月": (2,), "跨年": (4,), "无期": (1, 2, 3, 4)
    }  # fmt: skip
    assert set(owing(Record.objects.all(), today).values_list("pk", flat=True)) == every.keys()
    reports.file_report(made[1], Quarter(2021, 2), by=None, text="做完了")
    assert made[1].pk not in owed_of(made, today) and made[1] not in owing(Record.objects.all(), today)


THREE_YEARS = {"starts": datetime.date(2024, 5, 10), "ends": datetime.date(2026, 2, 28)}


def close(year):
    YearLock.objects.create(year=year, locked=True, locked_by="x", locked_at=timezone.now())


def test_a_task_of_several_years_reports_in_each_of_them(client, city, clock):
    """From the second quarter of 2024 to the first of 2026: eight in all, asked for as they pass."""
    clock.move_to("2024-05-10T09:00:00+08:00")
    found = task(city, "三年事", **THREE_YEARS)
    clock.move_to("2025-02-01T09:00:00+08:00")
    for number in (2, 3):
        reports.file_report(found, Quarter(2024, number), by=None, text="x")
    clock.move_to("2025-07-05T09:00:00+08:00")
    log_in(client, city["D03"])
    page = client.get("/todo/").content.decode()
    assert "2024 年第4季度，2025 年第1、2季度进展未报，逾期 176 天" in page
    make_policy(2025)
    assert "三年事" in client.get("/initiatives/kinds/task/?year=2025").content.decode()
    page = client.get(f"/initiatives/{found.pk}/").content.decode()
    assert page.count("退回原因") == 0 and "2025 年第3季度" in page and "2025 年第4季度" not in page
    client.post(f"/initiatives/{found.pk}/reports/2025/2/", {"text": "二季度的"})
    assert found.reports.filter(year=2025, quarter=2).exists()
    clock.move_to("2030-01-01T09:00:00+08:00")
    (mine,) = owed_of([found], datetime.date(2030, 1, 1)).values()
    assert [str(each) for each in mine.quarters] == [
        "2024 年第4季度", "2025 年第1季度", "2025 年第3季度", "2025 年第4季度", "2026 年第1季度"
    ]  # fmt: skip


def test_closing_its_first_year_ends_neither_its_reports_nor_the_task(city, clock):
    clock.move_to("2025-07-05T09:00:00+08:00")
    found = task(city, "三年事", **THREE_YEARS)
    kept = reports.file_report(found, Quarter(2024, 2), by=None, text="x")
    close(2024)
    assert [str(each) for each in owed_of([found], datetime.date(2025, 7, 5))[found.pk].quarters] == [
        "2025 年第1季度", "2025 年第2季度"
    ]  # fmt: skip
    reports.file_report(found, Quarter(2025, 1), by=None, text="x")
    for verb in (
        lambda: reports.file_report(found, Quarter(2024, 3), by=None, text="x"),
        lambda: reports.return_report(kept, by=None, reason="x"),
        lambda: records.change_record(found, Content("改名", **THREE_YEARS), by=None),
        lambda: records.change_record(found, Content(found.title, found.starts, None), by=None),
    ):
        with pytest.raises(Refused, match="2024 年度已"):
            verb()
    records.move(found, "finish", by=None)
    assert not owing(Record.objects.all(), datetime.date(2025, 7, 5)).exists()


DAYS = st.dates(datetime.date(2020, 1, 1), datetime.date(2024, 12, 31))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), today=DAYS, closed=st.sets(st.sampled_from([2020, 2021, 2022, 2023])))
def test_the_query_and_the_record_agree_on_what_is_owed(city, data, today, closed):
    Report.objects.all().delete()
    Record.objects.all().delete()
    YearLock.objects.all().delete()
    for number in range(3):
        starts, ends = sorted((data.draw(DAYS), data.draw(DAYS)))
        ends = data.draw(st.sampled_from([ends, None]))
        found = Record.objects.create(
            kind="task",
            year=starts.year,
            unit=city["T01"],
            title=f"{number}",
            starts=starts,
            ends=ends,
            state="open",
        )
        asked = data.draw(st.sets(st.sampled_from(quarters_of(found))))
        for each in asked:
            Report.objects.create(
                record=found, year=each.year, quarter=each.number, unit=city["T01"], text="x"
            )
    for year in closed:
        close(year)
    expected = owed_of(Record.objects.all(), today)
    assert set(owing(Record.objects.all(), today).values_list("pk", flat=True)) == expected.keys()
    late = {pk for pk, each in expected.items() if each.days_late}
    assert set(owing(Record.objects.all(), today, late=True).values_list("pk", flat=True)) == late


def test_the_leads_owe_it_else_the_tasks_own_unit(client, city):
    task(city, "有牵头")
    task(city, "没牵头", parts={})
    task(city, "商务局的", unit="D01", parts={})
    log_in(client, city["T01"])
    page = client.get("/todo/").content.decode()
    assert "季度进展 · 没牵头" in page
    assert "季度进展 · 有牵头" not in page and "季度进展 · 商务局的" not in page
    page = client.get("/initiatives/kinds/task/?report=late&year=2021").content.decode()
    assert "有牵头" in page and "第1、2季度进展未报" in page


def test_what_cannot_be_filed_or_sent_back_says_why(city):
    found = task(city, starts=datetime.date(2021, 4, 1))
    child = subtasks.add_subtask(found, city["T01"], Content("子事", found.starts, LAST), by=None)
    for record, quarter, text, sentence in (
        (found, 4, "x", "第4季度还没有开始"),
        (found, 1, "x", "第1季度没有任务"),
        (found, 2, "  ", "请填写进展"),
        (child, 2, "x", "不需要报送季度进展"),
    ):
        with pytest.raises(Refused, match=sentence):
            reports.file_report(record, Quarter(2021, quarter), by=None, text=text)
    office = make_user("office", Role.BUREAU, city["D01"])
    theirs = task(city, "商务局的", unit="D01", parts={city["D01"]: "lead"})
    report = reports.file_report(theirs, Quarter(2021, 1), by=office, text="x")
    with pytest.raises(NotAllowed, match="其他单位"):
        reports.return_report(report, by=office, reason="x")
    with pytest.raises(Refused, match="请填写退回的原因"):
        reports.return_report(report, by=None, reason=" ")


def test_its_files_are_seen_by_who_sees_the_task_and_changed_by_who_may(client, city, png):
    found = task(city)
    report = reports.file_report(found, Quarter(2021, 1), by=None, text="x")
    log_in(client, city["D03"])
    client.post(f"/initiatives/reports/{report.pk}/attach/", {"files": [SimpleUploadedFile("一.png", png)]})
    paper = Paper.objects.get(report=report)
    other = make_unit("T02", Kind.TOWN, "远山镇")
    found.parts.create(unit=other, part="support")
    log_in(client, other)
    assert client.get(f"/initiatives/papers/{paper.pk}/").status_code == 200
    assert client.post(f"/initiatives/papers/{paper.pk}/remove/").status_code == 404
    found.parts.filter(unit=other).delete()
    assert client.get(f"/initiatives/papers/{paper.pk}/").status_code == 404


def test_the_list_asks_as_much_for_many_as_for_few(client, city):
    log_in(client, city["D02"], Role.OVERSIGHT)
    asked = []
    for round_ in range(3):
        for n in range(3):
            made = task(city, f"事{round_}{n}")
            reports.file_report(made, Quarter(2021, 1), by=None, text="x")
        with CaptureQueriesContext(connection) as found:
            client.get("/initiatives/kinds/task/?report=owed&year=2021")
        asked.append(len(found))
    assert asked[1] == asked[2] <= 12

"""A task broken down: sub-tasks of one level, milestones, the light that follows both, and who may change what."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.errors import NotAllowed, Refused
from initiatives import records
from initiatives.models import Milestone, Record
from initiatives.progress import milestones, subtasks
from initiatives.records import Content
from tests.factories import make_policy, make_unit, make_user
from units.kinds import Kind
from units.models import Role

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
FIRST = datetime.date(TODAY.year, 1, 1)
LAST = datetime.date(TODAY.year + 1, 12, 31)
DAY = datetime.timedelta(days=1)


@pytest.fixture
def city():
    make_policy()
    units = {
        f"D0{n}": make_unit(f"D0{n}", name=name)
        for n, name in enumerate(("市商务局", "市总工会", "市教育局"), 1)
    }
    return units | {
        "T01": make_unit("T01", Kind.TOWN, "临江镇"),
        "T02": make_unit("T02", Kind.TOWN, "远山镇"),
    }


@pytest.fixture
def task(city) -> Record:
    """Of 市商务局, which leads it with 市总工会; 临江镇 supports."""
    parts = {city["D01"]: "lead", city["D02"]: "lead", city["T01"]: "support"}
    return records.create_record("task", city["D01"], Content("甲事", FIRST, LAST, parts=parts), by=None)


def log_in(client, unit, role=Role.CLERK):
    user = make_user(f"{role}-{unit.code}", role, unit)
    client.force_login(user)
    return user


def listed(client, light: str) -> str:
    return client.get(f"/initiatives/kinds/task/?light={light}&year={TODAY.year}").content.decode()


def test_the_light_goes_by_the_nearest_open_milestone_of_the_task_or_its_sub_tasks(client, city, task):
    make_policy(TODAY.year)
    log_in(client, city["D01"])
    child = subtasks.add_subtask(task, city["T01"], Content("乙事", FIRST, LAST), by=None)
    assert "甲事" in listed(client, "in_time")
    below = milestones.add_milestone(child, by=None, name="摸底", due=max(FIRST, TODAY - 3 * DAY))
    Milestone.objects.filter(pk=below.pk).update(due=TODAY - 3 * DAY)
    late = listed(client, "late")
    assert "甲事" in late and "乙事" in late and "逾期 3 天" in late and "最近节点" in late
    assert "甲事" in client.get("/todo/").content.decode()
    milestones.reach_milestone(below, by=None, done_on=TODAY)
    milestones.add_milestone(task, by=None, name="开工", due=TODAY + 3 * DAY)
    assert "甲事" in listed(client, "soon") and "乙事" not in listed(client, "soon")
    assert "甲事" not in listed(client, "late")
    Record.objects.filter(pk=child.pk).update(ends=TODAY - DAY)
    assert "甲事" in listed(client, "late")
    records.move(child, "cancel", by=None, reason="不再需要")
    assert "甲事" in listed(client, "soon")


def test_each_lead_changes_the_task_and_its_sub_tasks_as_the_first_does(client, city, task):
    second = log_in(client, city["D02"])
    address = f"/initiatives/{task.pk}/"
    assert client.get(f"{address}edit/").status_code == 200
    given = {"unit": "T01", "title": "乙事", "starts": FIRST, "ends": LAST}
    assert client.post(f"{address}subtasks/new/", given).status_code == 302
    client.post(f"{address}milestones/", {"name": "开工", "due": LAST})
    made = Milestone.objects.get()
    client.post(f"/initiatives/milestones/{made.pk}/act/", {"act": "reach", "done_on": TODAY})
    page = client.get(address).content.decode()
    made.refresh_from_db()
    assert (made.done_on, made.done_by) == (TODAY, second) and f"{TODAY}，{second}" in page and "乙事" in page
    child = Record.objects.get(parent=task)
    assert client.get(f"/initiatives/{child.pk}/edit/").status_code == 200
    names = set(AuditEvent.objects.filter(stream="D01").values_list("action", flat=True))
    assert {"增加里程碑", "完成里程碑"} <= names
    log_in(client, city["T01"])
    assert client.get(f"/initiatives/{child.pk}/edit/").status_code == 200
    assert client.get(f"{address}edit/").status_code == 404
    assert client.post(f"{address}milestones/", {"name": "x", "due": LAST}).status_code == 404
    assert (
        client.post(f"/initiatives/milestones/{made.pk}/act/", {"act": "reopen", "reason": "x"}).status_code
        == 404
    )
    with pytest.raises(NotAllowed):
        milestones.add_milestone(task, by=make_user("x", Role.CLERK, city["T01"]), name="x", due=LAST)
    log_in(client, city["T02"])
    assert client.get(f"/initiatives/{child.pk}/").status_code == 404


def test_the_lead_of_another_kind_still_only_looks(client, city):
    content = Content("农博会", FIRST, parts={city["D02"]: "lead"})
    record = records.create_record("activity", city["D01"], content, by=None)
    log_in(client, city["D02"])
    assert client.get(f"/initiatives/{record.pk}/").status_code == 200
    assert client.get(f"/initiatives/{record.pk}/edit/").status_code == 404
    assert client.get(f"/initiatives/{record.pk}/subtasks/new/").status_code == 404
    with pytest.raises(Refused, match="没有里程碑"):
        milestones.add_milestone(record, by=None, name="x", due=LAST)


def test_a_task_is_closed_after_its_parts_and_opened_before_them(city, task):
    child = subtasks.add_subtask(task, city["T01"], Content("乙事", FIRST, LAST), by=None)
    step = milestones.add_milestone(task, by=None, name="开工", due=LAST)
    with pytest.raises(Refused, match="还有 1 个子任务没有完成（“乙事”），不能完成"):
        records.move(task, "finish", by=None)
    records.move(child, "finish", by=None)
    with pytest.raises(Refused, match="里程碑没有完成（“开工”）"):
        records.move(task, "finish", by=None)
    milestones.reach_milestone(step, by=None, done_on=FIRST)
    records.move(task, "finish", by=None)
    with pytest.raises(Refused, match="请先重新进行上级任务"):
        records.move(child, "resume", by=None, reason="没做完")
    with pytest.raises(Refused, match="目前为“已完成”，不能改动里程碑"):
        milestones.reopen_milestone(step, by=None, reason="没做完")


def test_one_level_within_the_task_and_its_units(city, task):
    child = subtasks.add_subtask(task, city["T01"], Content("乙事", FIRST, LAST), by=None)
    outside = Content("丙事", FIRST, LAST + DAY)
    for parent, unit, content, sentence in (
        (child, "T01", Content("丙事", FIRST, LAST), "只分一级"),
        (task, "T02", Content("丙事", FIRST, LAST), "没有分工"),
        (task, "T01", outside, "晚于上级任务"),
        (task, "T01", Content("丙事", datetime.date(LAST.year + 1, 1, 1)), "年度内"),
    ):
        with pytest.raises(Refused, match=sentence):
            subtasks.add_subtask(parent, city[unit], content, by=None)
    with pytest.raises(Refused, match="有子任务或季度进展，不能改到"):
        records.change_record(task, Content("甲事", LAST), by=None)
    for due, sentence in ((LAST + DAY, "晚于任务的完成时限"), (FIRST - DAY, "早于任务的开始日期")):
        with pytest.raises(Refused, match=sentence):
            milestones.add_milestone(task, by=None, name="开工", due=due)


def test_a_page_asks_as_much_for_many_parts_as_for_few(client, city, task):
    log_in(client, city["D01"])
    client.get(f"/initiatives/{task.pk}/")
    found = []
    for _ in range(2):
        for n in range(3):
            subtasks.add_subtask(task, city["T01"], Content(f"乙事{n}", FIRST, LAST), by=None)
            step = milestones.add_milestone(task, by=None, name=f"第{n}步", due=LAST)
            milestones.reach_milestone(step, by=None, done_on=FIRST)
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/initiatives/{task.pk}/")
        found.append(len(asked))
    assert found[0] == found[1] and found[0] <= 12

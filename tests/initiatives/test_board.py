"""任务看板 and 催办: where a task stands, what is left of it, and who is reminded of it."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.errors import NotAllowed, Refused
from initiatives import records
from initiatives.models import Record
from initiatives.progress import milestones, reminding, subtasks
from initiatives.records import Content
from tests.factories import make_policy, make_unit, make_user
from units.kinds import Kind
from units.models import Message, Role

pytestmark = pytest.mark.django_db
FIRST, LAST = datetime.date(2021, 1, 1), datetime.date(2021, 12, 31)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2021-05-01T09:00:00+08:00", tick=False):
        yield


@pytest.fixture
def city():
    make_policy()
    units = {
        f"D0{n}": make_unit(f"D0{n}", name=name)
        for n, name in enumerate(("市商务局", "市对口支援办", "市总工会"), 1)
    }
    return units | {
        "T01": make_unit("T01", Kind.TOWN, "临江镇"),
        "T02": make_unit("T02", Kind.TOWN, "远山镇"),
    }


def task(city, title, ends=LAST, unit="T01", lead="D03") -> Record:
    parts = {city[lead]: "lead"} | ({city[unit]: "support"} if unit != lead else {})
    return records.create_record("task", city[unit], Content(title, FIRST, ends, parts=parts), by=None)


def log_in(client, unit, role=Role.CLERK):
    user = make_user(f"{role}-{unit.code}", role, unit)
    client.force_login(user)
    return user


def columns(client, **asked):
    response = client.get("/initiatives/tasks/board/", {"year": 2021} | asked)
    return {each.name: [card.row.record.title for card in each.cards] for each in response.context["columns"]}


def test_each_task_stands_in_the_column_of_its_light_or_its_end(client, city):
    office = log_in(client, city["D02"], Role.OVERSIGHT)
    day = datetime.timedelta(days=1)
    task(city, "过了", FIRST + 30 * day)
    early = task(city, "还早")
    soon = task(city, "快了")
    task(city, "无期", None)
    records.move(task(city, "完了"), "finish", by=None)
    records.move(task(city, "不做了"), "cancel", by=None, reason="x")
    milestones.add_milestone(soon, by=None, name="开工", due=datetime.date(2021, 5, 20))
    done = milestones.add_milestone(early, by=None, name="摸底", due=FIRST)
    milestones.reach_milestone(done, by=None, done_on=FIRST)
    child = subtasks.add_subtask(early, city["T01"], Content("分项", FIRST, LAST), by=None)
    assert columns(client) == {
        "late": ["过了"], "soon": ["快了"], "in_time": ["还早"], "undated": ["无期"], "done": ["完了"], "cancelled": ["不做了"]
    }  # fmt: skip
    page = client.get("/initiatives/tasks/board/").content.decode()
    assert (
        "子任务 0/1，里程碑 1/1" in page
        and "最近节点 2021-05-20" in page
        and "第1季度进展未报，逾期 21 天" in page
    )
    records.move(child, "finish", by=None)
    assert "子任务 1/1" in client.get("/initiatives/tasks/board/").content.decode()
    assert columns(client, text="快了")["late"] == [] and columns(client, text="快了")["soon"] == ["快了"]
    assert columns(client, unit="远山镇")["late"] == []
    log_in(client, city["T02"])
    assert not any(columns(client).values())
    client.force_login(office)
    assert 'name="task"' in client.get("/initiatives/kinds/task/").content.decode()


def test_the_office_reminds_the_units_that_owe_and_it_is_on_record(client, city):
    told = make_user("union", Role.CLERK, city["D03"])
    make_user("town", Role.CLERK, city["T01"])
    first, second = task(city, "甲事"), task(city, "乙事", lead="T01")
    log_in(client, city["D02"], Role.OVERSIGHT)
    page = client.get("/initiatives/tasks/remind/", {"task": [first.pk, second.pk]}).content.decode()
    assert "催办 2 个单位" in page and "甲事（还剩 244 天；2021 年第1季度进展未报，逾期 21 天）" in page
    data = {"task": [first.pk, second.pk], "text": "请本周报送"}
    page = client.post("/initiatives/tasks/remind/", data, follow=True).content.decode()
    assert "已催办 2 个单位，消息发给了 2 人" in page
    body = Message.objects.get(user=told).body
    assert body.startswith("市总工会：\n请本周报送\n· 甲事") and "乙事" not in body
    assert "催办任务" in client.get(f"/initiatives/{first.pk}/").content.decode()
    streams = AuditEvent.objects.filter(action="催报").values_list("stream", flat=True)
    assert set(streams) == {"D03", "T01"}


def test_nobody_is_reminded_by_others_of_nothing_or_of_their_own(client, city):
    own = task(city, "本办的", unit="D02", lead="D02")
    done = task(city, "完了")
    records.move(done, "finish", by=None)
    office = log_in(client, city["D02"], Role.OVERSIGHT)
    for asked in ({}, {"task": "9" * 30}, {"task": own.pk}, {"task": done.pk}):
        assert client.get("/initiatives/tasks/remind/", asked).status_code == 302
    with pytest.raises(Refused, match="没有其他单位需要催办"):
        reminding.remind_tasks([own, done], by=office, text="x")
    with pytest.raises(NotAllowed):
        reminding.remind_tasks([done], by=log_in(client, city["T01"]), text="x")
    other = task(city, "甲事")
    make_user("union", Role.CLERK, city["D03"])
    client.force_login(office)
    response = client.post("/initiatives/tasks/remind/", {"task": other.pk, "text": " "})
    assert response.status_code == 422 and not Message.objects.exists()


def test_the_board_asks_as_much_for_many_as_for_few(client, city):
    log_in(client, city["D02"], Role.OVERSIGHT)
    asked = []
    for round_ in range(3):
        for n in range(3):
            made = task(city, f"事{round_}{n}")
            milestones.add_milestone(made, by=None, name="开工", due=LAST)
            subtasks.add_subtask(made, city["T01"], Content("分项", FIRST, LAST), by=None)
        with CaptureQueriesContext(connection) as found:
            client.get("/initiatives/tasks/board/?year=2021")
        asked.append(len(found))
    assert asked[1] == asked[2] <= 12

"""任务分解: a year's tasks from the plan, and the light beside each."""

import datetime

import pytest
from django.utils import timezone

from initiatives import records
from initiatives.kinds import KINDS
from initiatives.lights import light
from initiatives.models import Record
from initiatives.plan import clauses
from initiatives.records import Content
from tests.factories import make_policy, make_unit, make_user
from units.kinds import Kind
from units.models import Role
from units.years import YearLock

DAY = datetime.date(2021, 5, 1)


@pytest.mark.nodb
@pytest.mark.parametrize(
    ("ends", "state", "name"),
    [
        (datetime.date(2021, 4, 30), "open", "late"),
        (datetime.date(2021, 5, 1), "open", "soon"),
        (datetime.date(2021, 5, 31), "open", "soon"),
        (datetime.date(2021, 6, 1), "open", "in_time"),
        (datetime.date(2021, 4, 30), "done", None),
        (None, "open", None),
    ],
)
def test_the_light_follows_the_day_and_the_state(ends, state, name):
    found = light(Record(kind="task", ends=ends, state=state), KINDS["task"], DAY)
    assert (found and found.name) == name


@pytest.fixture
def city():
    make_policy()
    return {
        "D01": make_unit("D01", name="市商务局"),
        "D02": make_unit("D02", name="市总工会"),
        "D03": make_unit("D03", name="市档案局"),
        "T01": make_unit("T01", Kind.TOWN, "临江镇"),
    }


@pytest.mark.django_db
def test_one_button_makes_a_task_of_each_paragraph_once(client, city):
    client.force_login(make_user("bureau", Role.BUREAU, city["D01"]))
    client.post("/initiatives/tasks/create/")
    tasks = {task.data["clause"]: task for task in Record.objects.filter(kind="task", year=2021)}
    assert tasks.keys() == {clause.number for clause in clauses(2021)}
    union = tasks["第四部分（一）第二段"]
    assert union.unit == city["D02"] and union.ends == datetime.date(2021, 12, 31)
    assert {row.unit.name: row.part for row in union.parts.all()} == {
        "市总工会": "lead", "市商务局": "support", "市档案局": "support", "临江镇": "support"
    }  # fmt: skip
    assert "市财政局" in union.note
    assert len(union.title) == 80 and union.title.endswith("…")
    whole = "".join(
        sentence.text
        for sentence in next(c for c in clauses(2021) if c.number == union.data["clause"]).sentences
    )
    assert whole in client.get(f"/initiatives/{union.pk}/").content.decode()
    last_words = whole.rstrip("。")[-8:]
    page = client.get("/initiatives/kinds/task/", {"text": last_words, "year": 2021}).content.decode()
    assert union.title in page and tasks["第五部分（一）"].title not in page
    again = client.post("/initiatives/tasks/create/", follow=True).content.decode()
    assert "没有新增" in again and Record.objects.count() == len(tasks)


@pytest.mark.django_db
def test_the_list_finds_what_is_late(client, city):
    client.force_login(make_user("clerk", Role.CLERK, city["T01"]))
    today = datetime.date.today()
    for title, days in (("甲事", -3), ("乙事", 3)):
        content = Content(title, DAY, today + datetime.timedelta(days=days))
        records.create_record("task", city["T01"], content, by=None)
    page = client.get("/initiatives/kinds/task/?light=late").content.decode()
    assert "甲事" in page and "逾期 3 天" in page and "乙事" not in page


@pytest.mark.django_db
def test_what_is_due_waits_for_its_unit_and_its_leads_alone(client, city):
    today = datetime.date.today()
    for title, days in (("甲事", -3), ("乙事", 3), ("丙事", 90)):
        content = Content(title, DAY, today + datetime.timedelta(days=days), parts={city["D02"]: "lead"})
        records.create_record("task", city["T01"], content, by=None)
    for name, unit, seen in (("t", "T01", True), ("l", "D02", True), ("o", "D03", False)):
        client.force_login(make_user(name, Role.CLERK, city[unit]))
        page = client.get("/todo/").content.decode()
        assert ("甲事" in page and "逾期 3 天" in page and "乙事" in page) is seen
        assert "任务分解 · 丙事" not in page


@pytest.mark.django_db
def test_nothing_of_a_closed_year_is_due(client, city):
    content = Content("甲事", DAY, DAY)
    records.create_record("task", city["T01"], content, by=None)
    YearLock.objects.create(year=2021, locked_by="x", locked_at=timezone.now())
    client.force_login(make_user("t", Role.CLERK, city["T01"]))
    assert "甲事" not in client.get("/todo/").content.decode()

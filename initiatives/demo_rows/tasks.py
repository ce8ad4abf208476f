"""The year's tasks from the plan, each at another point of its way."""

from __future__ import annotations

import datetime

from django.utils import timezone

from assessment.demo.data import YEAR
from initiatives import records, tasking
from initiatives.models import Part, Record, Report
from initiatives.progress import milestones, reports, subtasks
from initiatives.progress.quarters import Quarter
from initiatives.progress.reminding import remind_tasks
from initiatives.records import Content
from units.models import Unit, User

TEXTS = (
    "已召开动员部署会，任务分解到各单位，明确了联系人和时间表。",
    "已完成上半年采购计划的三分之一以上，组织产销对接两场。",
    "各单位采购进度加快，中秋、国庆节前集中采购。",
    "全年目标已完成，正在收集佐证材料、总结做法。",
)
STEPS = (("部署分工", 2), ("中期检查", 7), ("年度总结", 12))


def load(units: dict[str, Unit], users: dict[str, User]) -> None:
    today = timezone.localdate()
    made = tasking.create_tasks(YEAR, units["D01"], by=users["bureau"])
    for number, record in enumerate(made):
        for name, month in STEPS:
            milestones.add_milestone(record, by=None, name=name, due=datetime.date(YEAR, month, 20))
        _WAYS[number % len(_WAYS)](record, today)
    _break_down(next(each for each in made if each.parts.filter(unit=units["T01"]).exists()), units, today)
    last = Report.objects.filter(quarter=4, record__state="open").exclude(unit=units["D02"]).order_by("pk")[0]
    reports.return_report(last, by=users["oversight"], reason="请补充全年采购额和下一步打算。")
    remind_tasks(made, by=users["oversight"], text="请抓紧办理，并报送第四季度进展。")


def _filed(record: Record, quarters: int) -> None:
    for number, text in enumerate(TEXTS[:quarters], start=1):
        reports.file_report(record, Quarter(YEAR, number), by=None, text=text)


def _reached(record: Record, steps: int) -> None:
    for step in list(record.milestones.all())[:steps]:
        milestones.reach_milestone(step, by=None, done_on=step.due)


def _finished(record: Record, today: datetime.date) -> None:
    _filed(record, 4)
    _reached(record, 3)
    records.move(record, "finish", by=None)


def _late(record: Record, today: datetime.date) -> None:
    _filed(record, 3)
    _reached(record, 2)


def _soon(record: Record, today: datetime.date) -> None:
    _until(record, today + datetime.timedelta(days=20))


def _in_time(record: Record, today: datetime.date) -> None:
    _until(record, today + datetime.timedelta(days=200))


def _until(record: Record, day: datetime.date) -> None:
    """It has no end; what comes next is near the day on which the demonstration is looked at."""
    _filed(record, 4)
    _reached(record, 3)
    parts = {row.unit: row.part for row in record.parts.select_related("unit")}
    content = Content(record.title, record.starts, None, record.region, record.note, record.data, parts)
    records.change_record(record, content, by=None)
    milestones.add_milestone(record, by=None, name="成果巩固回访", due=day)


_WAYS = (_finished, _late, _soon, _in_time)


def _break_down(record: Record, units: dict[str, Unit], today: datetime.date) -> None:
    record.refresh_from_db()
    if record.state != "open":
        records.move(record, "resume", by=None, reason="还有子任务")
    for code in ("T01", "T02"):
        content = Content(
            f"{units[code]}落实本辖区任务", record.starts, record.ends, data={"clause": ""},
            parts={units[code]: Part.RESPONSIBLE.value},
        )  # fmt: skip
        child = subtasks.add_subtask(record, units[code], content, by=None)
        milestones.add_milestone(child, by=None, name="上报名单", due=datetime.date(YEAR, 3, 31))
        if code == "T01":
            _reached(child, 1)

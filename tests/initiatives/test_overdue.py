"""What the morning's message says of inspections and quarterly reports."""

import datetime

import pytest
import time_machine

from assessment import digest
from initiatives import records
from initiatives.inspection import verbs
from initiatives.records import Content
from tests.factories import make_base, make_policy, make_unit, make_user
from units.kinds import Kind
from units.models import Role
from units.reminder_rules import ReminderKind, rules, set_rules

pytestmark = pytest.mark.django_db
DAY = datetime.date(2021, 7, 20)


@pytest.fixture
def people():
    make_policy()
    office, town = make_unit("D02", name="市对口支援办"), make_unit("T01", Kind.TOWN, "临江镇")
    other = make_unit("T02", Kind.TOWN, "远山镇")
    for unit in (office, town, other):
        make_base(unit, target="1.00")
    with time_machine.travel("2021-07-01T09:00:00+08:00", tick=False):
        verbs.open_inspection(
            town, by=None, title="核对台账", deadline=DAY - datetime.timedelta(days=3), questions=["货在哪里"]
        )
        content = Content(
            "甲事", datetime.date(2021, 4, 1), datetime.date(2021, 12, 31), parts={town: "lead"}
        )
        records.create_record("task", other, content, by=None)
    roles = ((Role.CLERK, town), (Role.OVERSIGHT, office), (Role.CLERK, other))
    return [make_user(f"{role}-{unit.code}", role, unit) for role, unit in roles]


def told(user):
    with time_machine.travel("2021-07-20T09:00:00+08:00", tick=False):
        return digest.digests(DAY).get(user.pk, ("", ""))[1]


def test_who_must_answer_and_who_must_see_to_it_are_told_and_nobody_else(people):
    clerk, office, other = people
    line = "临江镇 督查“核对台账”待答复，期限 2021-07-17，逾期 3 天"
    assert line in told(clerk) and line in told(office) and "核对台账" not in told(other)
    report = "临江镇 “甲事”2021 年第2季度进展未报，逾期 10 天"
    assert report in told(clerk) and "甲事" not in told(other)


def test_the_bureaus_days_hold_and_a_rule_turned_off_is_silent(people):
    clerk = people[0]
    found = {kind: (rule.days, rule.active) for kind, rule in rules().items()}
    set_rules(found | {ReminderKind.INSPECTION: (4, True), ReminderKind.PROGRESS: (1, False)}, by=None)
    assert told(clerk) == ""

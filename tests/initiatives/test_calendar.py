"""活动日历: what begins in each month, and totals by sort."""

import datetime

import pytest

from initiatives import records
from initiatives.records import Content
from procurement.choices import Use
from tests.exports import exported
from tests.factories import line, make_policy, make_purchase, make_unit, make_user
from units.kinds import Kind
from units.models import Role

pytestmark = pytest.mark.django_db


def held(unit, title, month, **data):
    content = Content(title, datetime.date(2021, month, 9), data={"sort": "展销会", **data})
    return records.create_record("activity", unit, content, by=None)


def test_activities_stand_in_their_month_and_are_added_up_by_sort(client, django_assert_max_num_queries):
    make_policy()
    town = make_unit("T01", Kind.TOWN, "临江镇")
    spring, _ = held(town, "春展", 3, booths=4), held(town, "秋展", 9, booths=2)
    held(town, "直播", 9, sort="直播带货")
    records.move(held(town, "未办成", 9), "cancel", by=None, reason="下雨")
    records.link(spring, make_purchase(town, line("60.00", Use.COMMERCE, overlap="10.00")), by=None)
    client.force_login(make_user("clerk", Role.CLERK, town))
    client.get("/initiatives/")
    with django_assert_max_num_queries(12):
        response = client.get("/initiatives/activities/")
    assert 'href="/initiatives/kinds/activity/new/"' in response.content.decode()
    found = response.context["calendar"]
    assert {month: [each.title for each in there] for month, there in found.months if there} == {
        3: ["春展"], 9: ["秋展", "直播"]
    }  # fmt: skip
    assert [(each.sort, each.count, each.amount, each.booths) for each in found.totals] == [
        ("展销会", 2, 5000, 6), ("直播带货", 1, 0, 0)
    ]  # fmt: skip
    held_in_march, *later = exported(client, "calendar")
    assert held_in_march == "3,2021-03-09,,春展,展销会,T01,临江镇,,4,50.00" and len(later) == 2
    assert exported(client, "activity_totals") == ["展销会,2,6,50.00", "直播带货,1,0,0.00"]
    listed = client.get("/initiatives/kinds/activity/?sort=直播带货").content.decode()
    assert ">直播</a>" in listed and "春展" not in listed


def test_others_activities_are_not_shown(client):
    make_policy()
    town, other = (make_unit(code, Kind.TOWN, name) for code, name in (("T01", "临江镇"), ("T02", "远山镇")))
    held(town, "春展", 3)
    client.force_login(make_user("clerk", Role.CLERK, other))
    assert "春展" not in client.get("/initiatives/activities/").content.decode()
    assert exported(client, "calendar") == exported(client, "activity_totals") == []

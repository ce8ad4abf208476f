"""网点分布 and 履约: outlets by town, and how much of a promise has come."""

import datetime

import pytest

from initiatives import records
from initiatives.amounts import Came
from initiatives.kinds import KINDS
from initiatives.models import Record
from initiatives.records import Content
from initiatives.words import Row
from procurement.choices import Use
from tests.exports import exported
from tests.factories import line, make_policy, make_purchase, make_unit, make_user
from units.kinds import Kind
from units.models import Role

DAY = datetime.date(2021, 5, 1)


@pytest.mark.nodb
@pytest.mark.parametrize(
    ("promised", "amount", "said"),
    [(None, 5, ""), (0, 5, ""), (300, 200, "66.66%"), (100, 250, "250.00%"), (300, -1, "-0.33%")],
)
def test_fulfilment_is_cut_off_and_never_rounded_up(promised, amount, said):
    record = Record(kind="pledge", state="open", data={"promised": promised})
    assert Row.of(record, KINDS["pledge"], Came(amount, amount)).fulfilled == said


@pytest.mark.django_db
def test_towns_show_their_open_outlets_and_what_was_sold(client, django_assert_max_num_queries):
    make_policy()
    towns = {code: make_unit(code, Kind.TOWN, name) for code, name in (("T01", "临江镇"), ("T02", "远山镇"))}
    bureau = make_unit("D01", name="市商务局")
    for title, data in (("甲柜", {"town": "临江镇"}), ("乙柜", {"town": "临江镇"}), ("网店", {})):
        record = records.create_record("outlet", towns["T01"], Content(title, DAY, data=data), by=None)
        bought = make_purchase(towns["T01"], line("50.00", Use.COMMERCE, overlap="10.00"))
        records.link(record, bought, by=None)
        if title == "乙柜":
            records.move(record, "close", by=None, reason="停业", day=datetime.date(2021, 9, 30))
    client.force_login(make_user("bureau", Role.BUREAU, bureau))
    client.get("/initiatives/")
    with django_assert_max_num_queries(12):
        response = client.get("/initiatives/outlets/")
    places = {each.name: each for each in response.context["coverage"].places}
    assert [each.title for each in places["临江镇"].outlets] == ["甲柜"] and places["临江镇"].amount == 8000
    assert not places["远山镇"].outlets and places["线上或未写明镇街"].amount == 4000
    assert "分布在 1 个镇街，共 2 个" in response.content.decode()
    sold = ["临江镇,1,甲柜,80.00", "远山镇,0,,0.00", "线上或未写明镇街,1,网店,40.00"]
    assert exported(client, "outlets") == sold


@pytest.mark.django_db
def test_others_outlets_are_not_shown(client):
    make_policy()
    one, other = (make_unit(code, Kind.TOWN, name) for code, name in (("T01", "临江镇"), ("T02", "远山镇")))
    records.create_record("outlet", one, Content("甲柜", DAY, data={"town": "临江镇"}), by=None)
    client.force_login(make_user("clerk", Role.CLERK, other))
    assert "甲柜" not in client.get("/initiatives/outlets/").content.decode()
    assert exported(client, "outlets") == ["临江镇,0,,0.00", "远山镇,0,,0.00"]


@pytest.mark.django_db
def test_an_outlet_stands_in_a_town_that_there_is(client):
    make_policy()
    client.force_login(make_user("clerk", Role.CLERK, make_unit("T01", Kind.TOWN, "临江镇")))
    given = {"unit": "T01", "title": "甲柜", "starts": "2021-05-01", "own_sort": "专柜"}
    assert client.post("/initiatives/kinds/outlet/new/", given | {"own_town": "没有镇"}).status_code == 422
    assert client.post("/initiatives/kinds/outlet/new/", given | {"own_town": "临江镇"}).status_code == 302

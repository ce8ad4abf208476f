"""An outlet's month in one short form becomes a purchase for review, and counts for the outlet once approved."""

import datetime
from decimal import Decimal

import pytest

from initiatives import records
from initiatives.amounts import amounts
from initiatives.models import RecordPurchase
from initiatives.records import Content
from procurement.choices import Channel, Status, Use
from procurement.models import Purchase, Region
from tests.factories import make_policy, make_unit, make_user
from units.kinds import Kind
from units.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def outlet(client):
    make_policy()
    town = make_unit("T01", Kind.TOWN, "临江镇")
    client.force_login(make_user("clerk", Role.CLERK, town))
    data = {"sort": "智能柜", "operator": "临江便利店"}
    content = Content("一号柜", datetime.date(2021, 3, 10), datetime.date(2021, 9, 30), data=data)
    return records.create_record("outlet", town, content, by=None)


def report(client, outlet, month="2021-05", amount="100.00", overlap="30.00"):
    region = Region.objects.get(name="布拖县").pk
    given = {"month": month, "region": region, "amount": amount, "overlap": overlap}
    return client.post(f"/initiatives/{outlet.pk}/sales/", given, follow=True).content.decode()


def test_a_month_becomes_a_linked_draft_with_its_overlap(client, outlet):
    assert "请上传票据后提交" in report(client, outlet)
    purchase = Purchase.objects.get()
    [line] = purchase.lines.all()
    assert (purchase.status, purchase.channel) == (Status.DRAFT, Channel.SMART_CABINET)
    assert (purchase.purchase_date, purchase.supplier.name) == (datetime.date(2021, 5, 31), "临江便利店")
    assert (line.use, line.amount, line.overlap) == (Use.COMMERCE, Decimal("100.00"), Decimal("30.00"))
    assert outlet.links.get().purchase == purchase
    assert amounts([outlet.pk]).get(outlet.pk) == 0


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"month": "2021-02"}, "不在“一号柜”的营业时间内"),
        ({"month": "2021-10"}, "不在“一号柜”的营业时间内"),
        ({"month": "2099-01"}, "还没有结束"),
        ({"month": "五月"}, "月份应如 2021-06"),
        ({"amount": "0"}, "销售额应大于 0"),
        ({"overlap": "100.01"}, "不能大于本行金额"),
    ],
)
def test_what_cannot_be_is_said_and_makes_nothing(client, outlet, given, sentence):
    assert sentence in report(client, outlet, **given)
    assert not Purchase.objects.exists() and not RecordPurchase.objects.exists()


def test_a_month_is_reported_once(client, outlet):
    report(client, outlet)
    assert "2021 年 5 月的销售额已填报" in report(client, outlet)
    report(client, outlet, month="2021-03")
    assert outlet.links.count() == 2


def test_a_closed_outlet_reports_its_last_month_and_none_after(client, outlet):
    records.move(outlet, "close", by=None, reason="停业", day=datetime.date(2021, 6, 20))
    assert "停办以前（含当月）的月份仍可补报" in client.get(f"/initiatives/{outlet.pk}/").content.decode()
    assert "不在“一号柜”的营业时间内" in report(client, outlet, month="2021-07")
    report(client, outlet, month="2021-06")
    assert outlet.links.get().purchase.purchase_date == datetime.date(2021, 6, 30)

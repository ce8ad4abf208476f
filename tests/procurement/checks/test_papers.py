"""What the papers say that was not entered: the platform, the number, the year, the recognition."""

import datetime

import pytest

from procurement.checks import Level
from procurement.choices import Channel, ReceiptKind, Status, Use
from procurement.models import Product, Receipt, Supplier
from tests.factories import line, make_base, make_policy, make_purchase, make_receipt, make_unit
from units.kinds import Canteen, Kind


def canteen(town, **more):
    return make_purchase(
        town,
        line(use=Use.CANTEEN),
        channel=Channel.PLATFORM_832,
        status=Status.DRAFT,
        receipt=b"%PDF-",
        **more,
    )


def test_it_warns_when_nothing_shows_the_832_platform(town, doubts):
    purchase = canteen(town)
    [doubt] = doubts(purchase, "evidence_832")
    assert doubt.level == Level.WARN and "平台订单" in doubt.message
    make_receipt(purchase, b"%PDF-2", kind=ReceiptKind.CONTRACT, invoice_number="")
    assert not doubts(purchase, "evidence_832")


@pytest.mark.parametrize("shown", [{"data": {"on_832": True}}, {"name": "832平台订单.pdf"}])
def test_a_paper_that_names_the_platform_is_evidence(town, doubts, shown):
    assert not doubts(canteen(town, **shown), "evidence_832")


def test_it_asks_no_evidence_of_a_receipt_that_has_no_file_nor_of_another_channel(town, doubts):
    imported = make_purchase(town, channel=Channel.PLATFORM_832, status=Status.DRAFT)
    assert not doubts(imported, "evidence_832")
    assert not doubts(make_purchase(town, status=Status.DRAFT, receipt=b"%PDF-"), "evidence_832")


def test_a_refund_shows_the_platform_by_what_it_takes_back(town, doubts):
    bought = make_purchase(town, line("9.00"), channel=Channel.PLATFORM_832)
    refund = make_purchase(
        town,
        line("-9.00"),
        channel=Channel.PLATFORM_832,
        original=bought,
        status=Status.DRAFT,
        receipt=b"%PDF-",
    )
    assert not doubts(refund, "evidence_832")


def test_it_warns_when_the_number_read_is_not_the_number_entered(town, doubts):
    read = {"invoice_code": "033002100211", "invoice_number": "00000011"}
    purchase = make_purchase(town, status=Status.DRAFT, invoice_number="00000012", data=read)
    [doubt] = doubts(purchase, "changed_number")
    assert "033002100211-00000011" in doubt.message and "00000012" in doubt.message
    Receipt.objects.update(invoice_code="", invoice_number="", identity="")
    [doubt] = doubts(purchase, "changed_number")
    assert "没有号码" in doubt.message
    Receipt.objects.update(invoice_code="０３３００２１００２１１", invoice_number="0000 0011")
    assert not doubts(purchase, "changed_number")


def test_it_warns_when_paper_and_purchase_are_of_different_years(town, doubts):
    same = make_purchase(town, status=Status.DRAFT, date="2021-12-31", data={"issue_date": "2021-12-31"})
    assert not doubts(same, "other_year")
    late = make_purchase(town, status=Status.DRAFT, date="2021-12-31", data={"issue_date": "2022-01-01"})
    [doubt] = doubts(late, "other_year")
    assert "2022 年开具" in doubt.message and "2021 年度" in doubt.message
    late.invoice_date, late.date = datetime.date(2022, 1, 1), datetime.date(2022, 1, 1)
    [doubt] = doubts(late, "other_year")
    assert "按开票日期计入 2022 年度" in doubt.message


def test_it_warns_of_a_year_that_a_later_policy_has_followed(town, doubts):
    purchase = make_purchase(town, status=Status.DRAFT, date="2021-06-01")
    assert not doubts(purchase, "other_year")
    make_policy(2022)
    [doubt] = doubts(purchase, "other_year")
    assert "2022 年度政策" in doubt.message


def test_it_warns_of_a_recognition_that_had_run_out(town, doubts):
    make_purchase(town, supplier="凉山供应链公司", status=Status.DRAFT)
    Supplier.objects.update(recognised_until="2021-05-31")
    Product.objects.create(name="苦荞茶", recognised_until="2021-06-01")
    Product.objects.create(name="土豆", recognised_until="2021-05-31")
    purchase = make_purchase(town, line(), line(product="土豆"), status=Status.DRAFT, date="2021-06-01")
    supplier, product = doubts(purchase, "expired_recognition")
    assert "凉山供应链公司" in supplier.message and "土豆" in product.message and product.line == 2
    Supplier.objects.update(recognised_until="2021-06-01")
    purchase.refresh_from_db()
    assert [doubt.line for doubt in doubts(purchase, "expired_recognition")] == [2]


def test_where_the_policy_says_that_they_do_not_count_they_cannot_be_submitted(town, doubts):
    make_policy(2022, city_total={"parameters": {"expired_recognition": "excluded"}})
    Product.objects.create(name="土豆", recognised_until="2021-05-31")
    for date, level in (("2021-06-01", Level.WARN), ("2022-06-01", Level.BLOCK)):
        purchase = make_purchase(town, line(product="土豆"), status=Status.DRAFT, date=date)
        [doubt] = doubts(purchase, "expired_recognition")
        assert doubt.level == level
    assert "按本年度口径不计入" in doubt.message


def test_a_shared_canteens_invoices_may_name_who_runs_it(doubts):
    make_policy()
    school, runner = make_unit("S01", Kind.SCHOOL, "第一小学"), make_unit("S02", Kind.SCHOOL, "第二小学")
    purchase = make_purchase(
        school, line(use=Use.CANTEEN), status=Status.DRAFT, data={"buyer_name": "第二小学"}
    )
    assert doubts(purchase, "other_buyer")
    make_base(school, canteen=Canteen.SHARED, canteen_representative=runner)
    assert not doubts(purchase, "other_buyer")
    office = make_purchase(school, line(), status=Status.DRAFT, data={"buyer_name": "第二小学"})
    assert doubts(office, "other_buyer")


def test_an_invoice_to_a_canteens_contractor_asks_for_a_word(doubts):
    make_policy()
    school = make_unit("S01", Kind.SCHOOL, "第一小学")
    make_base(school, canteen=Canteen.CONTRACTED)
    purchase = make_purchase(
        school, line(use=Use.CANTEEN), status=Status.DRAFT, data={"buyer_name": "某餐饮公司"}
    )
    [doubt] = doubts(purchase, "other_buyer")
    assert "承包单位" in doubt.message


@pytest.mark.parametrize(
    ("read", "day", "use", "told"),
    [
        ({"buyer_name": "某餐饮公司"}, "2021-06-01", Use.CANTEEN, False),
        ({"buyer_name": "改过的名称", "buyer_id": "91330282MA2CHXXX5U"}, "2021-06-01", Use.CANTEEN, False),
        ({"buyer_name": "某餐饮公司"}, "2021-02-28", Use.CANTEEN, True),
        ({"buyer_name": "某餐饮公司"}, "2021-06-01", Use.OFFICE, True),
        ({"buyer_name": "别的餐饮公司"}, "2021-06-01", Use.CANTEEN, True),
    ],
)
def test_a_canteens_operator_on_record_may_be_the_buyer_from_its_day_on(doubts, read, day, use, told):
    make_policy()
    school = make_unit("S01", Kind.SCHOOL, "第一小学")
    school.canteen_operator, school.canteen_operator_uscc = "某餐饮公司", "91330282MA2CHXXX5U"
    school.canteen_operator_since = datetime.date(2021, 3, 1)
    school.save()
    make_base(school, canteen=Canteen.CONTRACTED)
    purchase = make_purchase(school, line(use=use), status=Status.DRAFT, data=read, date=day)
    assert bool(doubts(purchase, "other_buyer")) == told


@pytest.fixture(autouse=True)
def database(db):
    pass

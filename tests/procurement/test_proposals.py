"""What is proposed for a draft: what this unit bought last, else what is known of the supplier; nothing where unsure."""

from __future__ import annotations

import datetime

import pytest

from procurement.choices import Channel, Holiday, Status, Use
from procurement.models import Region
from procurement.proposals import Memory, next_holiday, proposals_of
from tests.assessment.years import REGIONS
from tests.factories import line, make_policy, make_purchase, make_region, make_unit
from units.kinds import Kind

SELLER = "大山合作社"


@pytest.fixture
def school(db):
    make_policy()
    return make_unit("S01", Kind.SCHOOL)


@pytest.fixture
def other(school):
    return make_unit("S02", Kind.SCHOOL)


def bought(unit, product="大米", region="昭觉县", use=Use.CANTEEN, **values):
    fields = {"holiday": Holiday.SPRING} if use == Use.UNION_HOLIDAY else {}
    return make_purchase(
        unit, line(product=product, region=region, use=use, **fields), **{"supplier": SELLER} | values
    )


def proposed(unit, product="大米", **values):
    """Field → (value in words, why) of a draft with one blank line, and its channel."""
    blank = line(product=product, use="", region=None)
    draft = make_purchase(unit, blank, status=Status.DRAFT, channel="", **{"supplier": SELLER} | values)
    lines = list(draft.lines.all())
    with_hints = proposals_of(draft, lines, Memory.of([draft], lines))
    found = dict(with_hints.lines.get(1, {}))
    if with_hints.channel:
        found["channel"] = with_hints.channel
    return {name: hint.value for name, hint in found.items()}, {
        name: hint.why for name, hint in found.items()
    }


def region(name):
    return str(Region.objects.get(name=name).pk)


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.APPROVED])
def test_the_units_own_last_purchase_of_the_product_is_remembered(school, status):
    bought(school, date="2021-03-01", region="常山县", use=Use.OFFICE)
    bought(school, date="2021-05-06", channel=Channel.PLATFORM_832, status=status)
    values, why = proposed(school)
    assert values == {"use": Use.CANTEEN, "region": region("昭觉县"), "channel": Channel.PLATFORM_832}
    assert (
        why["region"] == "本单位 2021-05-06 买“大米”" and why["channel"] == "本单位 2021-05-06 从该供应商采购"
    )


@pytest.mark.parametrize("status", [Status.DRAFT, Status.RETURNED, Status.VOID, Status.REVOKED])
def test_what_was_never_submitted_or_was_undone_is_not_remembered(school, status):
    bought(school, status=status)
    assert proposed(school) == ({}, {})


def test_the_same_product_of_the_same_supplier_comes_before_a_later_one_of_another(school):
    bought(school, date="2021-03-01")
    bought(school, date="2021-05-06", supplier="别的商行", region="常山县")
    assert proposed(school)[0]["region"] == region("昭觉县")
    assert proposed(school, supplier="第三家")[0]["region"] == region("常山县")


def test_two_answers_of_one_day_are_no_answer(school):
    bought(school, region="昭觉县", use=Use.OFFICE)
    bought(school, region="常山县", use=Use.OFFICE)
    assert "region" not in proposed(school)[0] and proposed(school)[0]["use"] == Use.OFFICE


def test_another_product_of_a_supplier_takes_what_has_always_held_of_it(school):
    bought(school, product="面粉")
    values, why = proposed(school)
    assert values["region"] == region("昭觉县") and why["region"] == "本单位从该供应商买的都是此地"
    bought(school, product="核桃", region="常山县")
    assert "region" not in proposed(school)[0] and proposed(school)[0]["use"] == Use.CANTEEN


def test_of_other_units_only_the_approved_origin_and_channel_of_the_suppliers_product_come(school, other):
    bought(other, use=Use.PERSONAL, status=Status.SUBMITTED)
    assert proposed(school) == ({}, {})
    bought(other, use=Use.PERSONAL, channel=Channel.LIVESTREAM)
    values, why = proposed(school)
    assert values == {"region": region("昭觉县"), "channel": Channel.LIVESTREAM}, "not the use"
    assert "S02" not in "".join(why.values()) and other.name not in "".join(why.values())
    assert proposed(school, product="面粉") == ({}, {})
    assert proposed(school, supplier="别的商行") == ({}, {})
    bought(other, region="常山县")
    assert "region" not in proposed(school)[0], "two units differ"


def test_own_history_comes_before_what_others_have(school, other):
    bought(school, region="常山县", date="2021-01-05")
    bought(other, region="昭觉县", date="2021-06-05")
    assert proposed(school)[0]["region"] == region("常山县")


def test_what_somebody_chose_is_never_proposed_over(school):
    bought(school)
    chosen = line(product="大米", use=Use.PERSONAL, region="常山县")
    draft = make_purchase(school, chosen, status=Status.DRAFT, supplier=SELLER)
    lines = list(draft.lines.all())
    assert proposals_of(draft, lines, Memory.of([draft], lines)).count == 0


def test_a_refund_teaches_nothing(school):
    original = bought(school, date="2021-01-05")
    make_purchase(
        school, line("-1.00", Use.OFFICE, "常山县", product="大米"), original=original, supplier=SELLER
    )
    assert proposed(school)[0]["use"] == Use.CANTEEN


def test_a_blank_product_or_supplier_matches_no_other_blank(school):
    draft = make_purchase(school, line(product="", use="", region=None), status=Status.DRAFT, channel="")
    draft.supplier = None
    draft.save()
    bought(school)
    lines = list(draft.lines.all())
    assert proposals_of(draft, lines, Memory.of([draft], lines)).count == 0


def test_a_holiday_is_proposed_with_the_use_that_has_one_and_for_no_other(school):
    bought(school, use=Use.UNION_HOLIDAY, date="2021-01-20")
    values, why = proposed(school, date="2021-06-10")
    assert values["holiday"] == Holiday.DRAGON_BOAT and why["holiday"] == "日期在端午节前 4 天"
    assert "holiday" not in proposed(school, date="2021-10-20")[0]


@pytest.mark.nodb
@pytest.mark.parametrize(
    ("day", "holiday"),
    [
        ("2021-01-01", Holiday.NEW_YEAR),
        ("2021-01-02", Holiday.SPRING),
        ("2020-12-31", Holiday.NEW_YEAR),
        ("2021-02-13", None),
        ("2021-02-17", None),
        ("2021-02-18", Holiday.QINGMING),
        ("2021-04-05", Holiday.LABOUR),
        ("2021-08-06", None),
        ("2021-08-07", Holiday.MID_AUTUMN),
        ("2021-09-22", Holiday.NATIONAL),
        ("2021-11-16", None),
        ("2021-11-17", Holiday.NEW_YEAR),
    ],
)
def test_the_next_holiday_is_at_most_forty_five_days_ahead(day, holiday):
    found = next_holiday(datetime.date.fromisoformat(day))
    assert (found and found.value) == holiday


@pytest.mark.nodb
def test_no_day_or_one_beyond_the_calendar_gives_no_lunar_holiday():
    assert next_holiday(None) is None
    far = next_holiday(datetime.date(2050, 1, 20))
    assert far is None or far.value not in (Holiday.SPRING, Holiday.DRAGON_BOAT, Holiday.MID_AUTUMN)


@pytest.mark.parametrize(
    ("seller", "origin"),
    [
        ("布拖县索玛花农业有限公司", "布拖县"),
        ("四川省凉山州昭觉聚能供销有限公司", "昭觉县"),
        ("衢州市龙游富春农业开发有限公司", "龙游县"),
        ("木里山珍合作社", "木里藏族自治县"),
        ("慈溪市布拖县特产专卖店", "布拖县"),
        ("慈溪锦绣江山食品有限公司", None),
        ("布拖县驻西昌市经营部", None),
        ("浙江供销有限公司", None),
    ],
)
def test_a_suppliers_name_is_the_last_word_on_where_goods_come_from(school, seller, origin):
    values, why = offered(school, seller)
    assert values.get("region") == (region(origin) if origin else None)
    assert not origin or seller in why["region"]


def test_what_was_bought_says_more_than_a_name(school):
    bought(school, region="常山县", supplier="布拖县合作社")
    assert offered(school, "布拖县合作社")[0]["region"] == region("常山县")


def offered(unit, seller):
    """As `proposed`, with every region at hand."""
    draft = make_purchase(unit, line(use="", region=None), status=Status.DRAFT, channel="", supplier=seller)
    for name in REGIONS:
        make_region(name)
    lines = list(draft.lines.all())
    hints = proposals_of(draft, lines, Memory.of([draft], lines, Region.objects.all())).lines.get(1, {})
    return {name: hint.value for name, hint in hints.items()}, {
        name: hint.why for name, hint in hints.items()
    }

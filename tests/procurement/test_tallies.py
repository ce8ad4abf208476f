"""The running sums: what is posted, how it is read as of a day, how a wrong one is found and mended."""

from __future__ import annotations

import datetime

import pytest
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cixi_xiezuo.errors import Refused
from procurement import moves, tallies, workflow
from procurement.choices import Channel, Use
from procurement.measures import Measures
from procurement.models import ChannelTally, PurchaseLine, RegionTally, Tally
from tests.factories import line, make_policy, make_purchase, make_unit
from units.kinds import Kind
from units.models import Unit, UnitLink, YearLock

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Unit:
    make_policy()
    return make_unit("T01", Kind.TOWN)


def read(as_of: str, year: int = 2021) -> list[tallies.Sum]:
    return sorted(tallies.sums_as_of(year, datetime.date.fromisoformat(as_of)))


def total(as_of: str, year: int = 2021) -> Measures:
    whole = Measures()
    for row in read(as_of, year):
        whole = whole.plus(row.measures)
    return whole


def test_each_kind_of_line_goes_into_its_sums(town: Unit) -> None:
    make_purchase(
        town,
        line("1.00", use=Use.CANTEEN, region="布拖县"),
        line("2.00", use=Use.CANTEEN, region="其他832脱贫县"),
        line("4.00", use=Use.CANTEEN, region="西昌市"),
        line("8.00", use=Use.UNION_HOLIDAY, region="常山县", holiday="spring"),
        line("16.00", use=Use.UNION_HOLIDAY, region="其他地区", holiday="spring"),
        line("32.00", use=Use.UNION_WELFARE, region="其他地区"),
        line("64.00", use=Use.COMMERCE, region="布拖县", overlap="60.00"),
        line("128.00", use=Use.COMMERCE, region="江山市"),
        line("256.00", use=Use.COMMERCE, region="其他地区"),
        channel=Channel.PLATFORM_832,
    )
    ((unit, subject, responsible, measures),) = read("2021-12-31")
    assert (unit, subject, responsible) == (town.pk, town.pk, town.pk)
    assert measures == Measures(
        direct_east_west=500,
        direct_mountain_sea=800,
        commerce_east_west=400,
        commerce_mountain_sea=12800,
        canteen_832=300,
        canteen_832_paired=100,
        holiday=800,
        welfare=3200,
    )
    by_region = {
        row.region.name: (row.direct, row.commerce)
        for row in RegionTally.objects.filter(period=0).select_related("region")
    }
    assert {name: (int(direct), int(commerce)) for name, (direct, commerce) in by_region.items()} == {
        "布拖县": (1, 4), "西昌市": (4, 0), "常山县": (8, 0), "江山市": (0, 128),
    }  # fmt: skip


def test_a_canteen_purchase_elsewhere_is_not_one_on_the_platform(town: Unit) -> None:
    make_purchase(town, line("5.00", use=Use.CANTEEN), channel=Channel.RETAIL)
    assert (total("2021-12-31").canteen_832, total("2021-12-31").direct) == (0, 500)


def test_a_holiday_the_year_does_not_know_is_no_holiday_gift(town: Unit) -> None:
    from procurement.models import YearTerms

    YearTerms.objects.update(holidays=["national"])
    make_purchase(town, line("5.00", use=Use.UNION_HOLIDAY, holiday="spring"))
    assert (total("2021-12-31").holiday, total("2021-12-31").direct) == (0, 500)


def test_every_day_of_the_year_reads_what_was_bought_up_to_it(town: Unit) -> None:
    days = ["2021-01-01", "2021-01-31", "2021-02-01", "2021-06-15", "2021-06-16", "2021-11-30", "2021-12-31"]
    for place, day in enumerate(days):
        make_purchase(town, line(f"{2**place}.00"), date=day)
    for day in [*days, "2020-12-31", "2021-01-02", "2021-06-14", "2021-06-30", "2021-12-01", "2022-06-01"]:
        expected = sum(2**place * 100 for place, bought in enumerate(days) if bought <= day)
        assert total(day).direct_east_west == expected, day
    assert read("2020-12-31") == []


def test_years_are_kept_apart(town: Unit) -> None:
    make_purchase(town, line("1.00"), date="2021-12-31")
    make_purchase(town, line("2.00"), date="2022-01-01")
    assert (total("2022-12-31").direct, total("2022-12-31", 2022).direct) == (100, 200)
    assert total("2023-01-01", 2022).direct == 200


def test_revoking_takes_out_exactly_what_approving_put_in(town: Unit) -> None:
    make_purchase(town, line("10.00"), date="2021-06-01")
    before = (
        list(Tally.objects.order_by("pk").values_list()),
        list(RegionTally.objects.order_by("pk").values_list()),
        list(ChannelTally.objects.order_by("pk").values_list()),
    )
    purchase = make_purchase(
        town, line("3.00", use=Use.COMMERCE, overlap="1.00"), line("7.00"), date="2021-06-01"
    )
    assert total("2021-06-01") != Measures(direct_east_west=1000)
    workflow.revoke(purchase, by=None, reason="重复")
    assert (
        list(Tally.objects.order_by("pk").values_list()),
        list(RegionTally.objects.order_by("pk").values_list()),
        list(ChannelTally.objects.order_by("pk").values_list()),
    ) == before


def test_sums_are_posted_only_inside_the_transaction_of_their_change(town: Unit, monkeypatch) -> None:
    monkeypatch.setattr(transaction.get_connection(), "in_atomic_block", False)
    with pytest.raises(RuntimeError, match="in the transaction"):
        tallies.post([])


def test_a_line_that_counts_nowhere_leaves_no_row(town: Unit) -> None:
    make_purchase(town, line("9.00", region="其他地区"))
    assert not Tally.objects.exists()
    assert not RegionTally.objects.exists()
    assert not ChannelTally.objects.exists()


class TestMending:
    @pytest.fixture
    def shop(self, town: Unit) -> Unit:
        shop = make_unit("E01", Kind.ENTERPRISE, town=town)
        make_purchase(shop, line("10.00"), date="2021-03-01", number="S1")
        make_purchase(shop, line("1.00"), date="2022-03-01", number="S2")
        make_purchase(town, line("100.00"), date="2021-03-01", number="T1")
        return shop

    def test_all_is_well_says_nothing(self, shop: Unit) -> None:
        assert list(tallies.differences()) == []

    @pytest.mark.parametrize("model", [Tally, RegionTally, ChannelTally])
    def test_a_wrong_sum_is_named_and_rebuilt(self, shop: Unit, model) -> None:
        field = "welfare" if model is Tally else "direct"
        model.objects.filter(unit=shop, period=0, year=2021).update(**{field: F(field) + 5})
        (said,) = tallies.differences()
        wanted = "0.00" if model is Tally else "10.00"
        found = "0.05" if model is Tally else "10.05"
        assert said == (
            f"合计不符：2021 年（期 0）单位 E01 的 {model._meta.db_table}.{field} 为 {found}，按明细应为 {wanted}"
        )
        tallies.rebuild(units=[shop.pk])
        assert list(tallies.differences()) == []

    def test_a_missing_row_and_a_stray_row_are_named(self, shop: Unit) -> None:
        Tally.objects.filter(unit=shop, year=2021, period=301).delete()
        Tally.objects.create(
            year=2020, period=0, unit=shop, subject=shop, responsible_key=0, direct_east_west=7, welfare=0
        )
        said = "\n".join(tallies.differences())
        assert (
            "2021 年（期 301）单位 E01 的 procurement_tally.direct_east_west 为 0.00，按明细应为 10.00"
            in said
        )
        assert (
            "2020 年（期 0）单位 E01 的 procurement_tally.direct_east_west 为 7.00，按明细应为 0.00" in said
        )
        tallies.rebuild(years=[2020, 2021])
        assert list(tallies.differences()) == []

    def test_a_rebuild_of_one_year_or_unit_leaves_the_others(self, shop: Unit, town: Unit) -> None:
        Tally.objects.update(welfare=1)
        tallies.rebuild(years=[2022], units=[shop.pk])
        left = set(Tally.objects.filter(welfare__gt=0).values_list("year", "unit__code"))
        assert left == {(2021, "E01"), (2021, "T01")}
        tallies.rebuild(units=[town.pk])
        assert set(Tally.objects.filter(welfare__gt=0).values_list("unit__code", flat=True)) == {"E01"}
        tallies.rebuild(years=[2021])
        assert not Tally.objects.filter(welfare__gt=0).exists()

    def test_lines_attributed_wrongly_are_named_and_settled_anew(self, shop: Unit, town: Unit) -> None:
        PurchaseLine.objects.filter(purchase__number="S1").update(responsible=None)
        assert "责任单位不符：S1 第 1 行" in list(tallies.differences())
        assert tallies.rebuild() == 1
        assert PurchaseLine.objects.get(purchase__number="S1").responsible == town
        assert list(tallies.differences()) == []
        assert tallies.rebuild() == 0

    def test_lines_posted_without_approval_and_approved_ones_not_posted_are_named(self, shop: Unit) -> None:
        PurchaseLine.objects.filter(purchase__number="S2").update(posted=False)
        draft = make_purchase(shop, line("1.00"), status="submitted", number="S3")
        draft.lines.update(posted=True, recognised=F("amount"), subject=shop)
        said = list(tallies.differences())
        assert "未入账：S2 第 1 行已核准但未计入合计" in said
        assert "多入账：S3 第 1 行未核准却计入合计" in said

    def test_a_rebuild_that_would_move_a_locked_year_is_refused_and_one_that_would_not_is_done(
        self, shop: Unit, town: Unit
    ) -> None:
        YearLock.objects.create(year=2021, locked_by="局长", locked_at=timezone.now())
        assert tallies.rebuild() == 0
        before = sorted(Tally.objects.values_list("year", "period", "unit", "direct_east_west"))
        UnitLink.objects.filter(unit=shop).update(town=None)
        with pytest.raises(Refused, match=r"2021 年度已于 .* 由 局长 封账"):
            tallies.rebuild()
        assert sorted(Tally.objects.values_list("year", "period", "unit", "direct_east_west")) == before
        assert PurchaseLine.objects.get(purchase__number="S1").responsible == town
        assert tallies.rebuild(years=[2022]) == 1

    def test_a_locked_years_sums_of_nought_may_go(self, shop: Unit, town: Unit) -> None:
        school = make_unit("S01", Kind.SCHOOL, town=town)
        workflow.revoke(make_purchase(school, line("3.00"), date="2021-06-01"), by=None, reason="重复")
        assert Tally.objects.filter(unit=school).exists()
        YearLock.objects.create(year=2021, locked_by="局长", locked_at=timezone.now())
        assert tallies.rebuild() == 0
        assert not Tally.objects.filter(unit=school).exists()

    def test_nobody_answering_is_kept_as_such(self, shop: Unit, town: Unit) -> None:
        UnitLink.objects.filter(unit=shop).update(town=None)
        assert tallies.rebuild(units=[shop.pk]) == 2
        assert [(row.unit, row.responsible) for row in read("2021-12-31")] == [
            (town.pk, town.pk),
            (shop.pk, 0),
        ]


def test_a_union_of_another_host_counts_with_what_it_bought_for_that_one(town: Unit) -> None:
    first, second = make_unit("S01", Kind.SCHOOL, town=town), make_unit("S02", Kind.SCHOOL, town=town)
    union = make_unit("U01", Kind.UNION, host=first)
    purchase = make_purchase(union, line("1.00"), line("2.00"))
    assert read("2021-12-31")[0][:3] == (union.pk, first.pk, town.pk)
    moves.change_unit(union, by=None, host=second)
    assert read("2021-12-31")[0][:3] == (union.pk, second.pk, town.pk)
    assert {line.subject_id for line in purchase.lines.all()} == {second.pk}
    assert list(tallies.differences()) == []


def test_sums_of_some_units_are_theirs_alone_and_of_none_nothing(town: Unit) -> None:
    other = make_unit("T02", Kind.TOWN)
    for unit in (town, other):
        make_purchase(unit, line("1.00"), date="2021-06-01")
    for day in (datetime.date(2021, 6, 1), datetime.date(2021, 12, 31)):
        assert [row.unit for row in tallies.sums_as_of(2021, day, [other.pk])] == [other.pk]
        assert tallies.sums_as_of(2021, day, []) == []


def test_posted_lines_are_read_from_a_day_on(town: Unit) -> None:
    for day in ("2021-01-31", "2021-02-01"):
        make_purchase(town, line("1.00"), date=day)
    assert [facts.day.isoformat() for facts in tallies.posted_facts(since=datetime.date(2021, 2, 1))] == [
        "2021-02-01"
    ]

"""The sheets around the rules: cover, findings, months, channels, organisers, lists of who is behind, readings."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from assessment import sealing, workbook
from assessment.models import Rule
from assessment.rules.standing import Status as Standing
from assessment.standing import YearStanding
from assessment.words import STATUS
from cixi_xiezuo.templatetags.amounts import wan
from procurement.choices import Channel, Status, Use
from tests.assessment.test_cases import load
from tests.assessment.test_workbook import read
from tests.factories import line, make_base, make_policy, make_purchase, make_unit
from units.kinds import Kind

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.nodb,
]  # the figures are held to a second implementation on both
Year = tuple[YearStanding, dict[str, list[list[Any]]]]
END = datetime.date(2021, 12, 31)


def rows(sheet: list[list[Any]], key: str) -> list[dict[str, Any]]:
    """The rows under the head that begins with `key`, without the sums."""
    start = next(place for place, row in enumerate(sheet) if row and row[0] == key)
    return [
        dict(zip(sheet[start], row, strict=True)) for row in sheet[start + 1 :] if row[0] not in ("合计", "")
    ]


def fen(value: Any) -> int:
    return int((Decimal(str(value or 0)) * 100).to_integral_value())


class TestAWholeYear:
    @pytest.fixture(scope="class")
    @classmethod
    def loaded(cls, django_db_setup: None, django_db_blocker: Any) -> Iterator[Year]:
        with django_db_blocker.unblock(), transaction.atomic():
            load("random-1")
            yield YearStanding.read(2021, END), read(workbook.build(2021, END))
            transaction.set_rollback(True)

    @pytest.fixture
    def year(self, loaded: Year, db: None) -> Year:
        return loaded

    def test_months_and_channels_add_up_to_the_figures_they_divide(self, year) -> None:
        standing, book = year
        by_unit = {row["单位编码"]: row for row in rows(book["责任单位分月"], "单位编码")}
        assert by_unit.keys() == {row.unit.code for row in standing.responsible}
        for row in standing.responsible:
            parts = [fen(by_unit[row.unit.code][f"{month}月（元）"]) for month in range(1, 13)]
            assert sum(parts) == fen(by_unit[row.unit.code]["全年（元）"]) == row.attributed
            assert any(parts) or not row.attributed
        channels = rows(book["分渠道"], "采购渠道")
        assert sum(fen(row["合计（元）"]) for row in channels) == standing.city_total.value
        assert sum(fen(row["直接采购（元）"]) for row in channels) == standing.city_total.direct
        months = [row for row in book["汇总"] if row and str(row[0]).endswith("月") and row[0][:-1].isdigit()]
        assert sum(fen(row[1]) for row in months) == standing.city_total.value
        assert fen(months[-1][2]) == standing.city_total.value

    def test_who_is_behind_and_who_lacks_a_base_is_listed_once(self, year) -> None:
        standing, book = year
        title = {kind: rule.title for kind, rule in standing.facts.rules.items()}
        behind = Counter((row["规则"], row["单位编码"]) for row in rows(book["未达标清单"], "规则"))
        expected = {
            (title[each.rule], each.unit.code)
            for each in standing.units
            if each.status in ("in_progress", "not_met", "exceeded")
        } | {
            (title["dept_town_total"], row.unit.code)
            for row in standing.responsible
            if row.status in ("in_progress", "not_met")
        }
        assert behind == Counter(expected)
        missing = {(row["规则"], row["单位编码"]) for row in rows(book["缺基数清单"], "规则")}
        assert missing == {
            (title[each.rule], each.unit.code) for each in standing.units if each.status == "missing_base"
        }

    def test_organisers_have_the_counts_and_sums_of_their_units(self, year) -> None:
        standing, book = year
        rule = Rule.objects.get(kind="canteen_share")
        found = {
            row["组织单位"]: row for row in rows(book["组织单位小计"], "规则") if row["规则"] == rule.title
        }
        schools = [
            each for each in standing.units if each.rule == rule.kind and each.unit.kind == Kind.SCHOOL
        ]
        row = found["市教育局"]
        assert row["单位数"] == len(schools) > 0
        for status in (Standing.MET, Standing.IN_PROGRESS, Standing.MISSING_BASE):
            assert row[STATUS[status]] == sum(each.status == status for each in schools)
        based = [each for each in schools if each.denominator]
        assert fen(row["分子（元）"]) == sum(each.numerator for each in based)
        assert fen(row["分母（元）"]) == sum(each.denominator for each in based)

    def test_the_findings_say_the_city_s_figures_in_words(self, year) -> None:
        standing, book = year
        text = "\n".join(str(row[0]) for row in book["汇总"][:14])
        assert "截至2021年12月31日，全市通过直接采购、商务帮扶等方式帮助对口地区销售农特产品" in text
        assert f"{wan(Decimal(standing.city_total.value) / 100)} 万元" in text
        met = sum(each.status == "met" for each in standing.units if each.rule == "canteen_share")
        applies = sum(each.rule == "canteen_share" for each in standing.units)
        assert f"涉及 {applies} 个单位，{met} 个达标" in text

    def test_the_readings_quote_every_rule_with_its_clause(self, year) -> None:
        standing, book = year
        found = {row["规则"]: row for row in rows(book["口径说明"], "规则")}
        for rule in standing.policy.rules.all():
            assert (found[rule.title]["条款"], found[rule.title]["原文"]) == (rule.clause, rule.quote)
        assert any("布拖县" in str(row[0]) for row in book["口径说明"][:6])


class TestSmall:
    def test_a_purchase_without_use_for_the_figures_is_named_with_what_to_do(self) -> None:
        make_policy()
        town = make_unit("T01", Kind.TOWN)
        stray = make_unit("E01", Kind.ENTERPRISE)
        make_purchase(stray, line("5.00"), number="NOBODY", receipt=b"x")
        make_purchase(town, line("5.00"), number="WAITING", status=Status.SUBMITTED)
        make_purchase(town, line("5.00"), number="BACK", status=Status.RETURNED)
        make_purchase(town, line("5.00"), number="BARE")
        make_purchase(town, line("5.00"), number="WELL", receipt=b"y")
        make_purchase(town, line("5.00"), number="LATER", date="2021-12-31")
        found = rows(read(workbook.build(2021, datetime.date(2021, 12, 30)))["数据问题"], "问题")
        assert [(row["采购编号"], row["问题"]) for row in found] == [
            ("NOBODY", "没有责任单位"),
            ("WAITING", "待审核，尚未计入"),
            ("BACK", "已退回，尚未重新提交"),
            ("BARE", "已核准，没有票据原件"),
        ]

    def test_commerce_is_less_its_overlap_and_unpaired_goods_are_left_out_of_the_channels(self) -> None:
        make_policy()
        town = make_unit("T01", Kind.TOWN)
        commerce = line("10.00", use=Use.COMMERCE, overlap="4.00")
        make_purchase(town, commerce, line("1.00"), line("9.00", region="其他地区"), channel=Channel.RETAIL)
        found = {row["采购渠道"]: row for row in rows(read(workbook.build(2021, END))["分渠道"], "采购渠道")}
        assert (found["本地商超"]["直接采购（元）"], found["本地商超"]["商务帮扶（元）"]) == (1.0, 6.0)
        assert found["832平台"]["合计（元）"] == 0

    def test_the_cover_names_the_version_and_the_digest_of_a_closed_year(self) -> None:
        make_policy()
        make_base(make_unit("T01", Kind.TOWN), target="100.00")
        cover = {row[0]: row[1] for row in read(workbook.build(2021, END))["封面"] if len(row) > 1}
        assert cover["封账"] == "尚未封账，数字还会变动"
        snapshot = sealing.lock(2021, by=None)
        cover = {row[0]: row[1] for row in read(workbook.build(2021, END))["封面"] if len(row) > 1}
        assert cover["封账"].startswith("第 1 版")
        assert cover["校验值"] == snapshot.digest

    def test_a_year_in_which_nothing_happened_has_all_its_sheets(self) -> None:
        call_command("load", "reference", verbosity=0)
        book = read(workbook.build(2021, END))
        assert list(book) == [
            "封面", "汇总", "食堂10%", "工会20%", "工会500元", "金融机构", "责任单位排名", "责任单位分月",
            "组织单位小计", "分渠道", "未达标清单", "缺基数清单", "数据问题", "采购明细", "票据清单", "口径说明",
            "考核评分",
        ]  # fmt: skip

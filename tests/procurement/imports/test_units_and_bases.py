"""单位 and 年度基数 workbooks, and what a changed link does to purchases already approved."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from assessment.standing import YearStanding
from procurement import tallies
from procurement.imports import Rejected
from tests.workbooks import purchase
from units.models import BaseStatus, Unit, UnitLink, YearBase

pytestmark = pytest.mark.usefixtures("city")
END = datetime.date(2021, 12, 31)


def attributed() -> dict[str, int]:
    return {row.unit.code: row.attributed for row in YearStanding.read(2021, END).responsible}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"单位编码": "N1", "单位名称": "某局"}, "“单位类别”：不能为空"),
        ({"单位编码": "N1", "单位名称": "某局", "单位类别": "局"}, "应为 市级部门、镇"),
        (
            {"单位编码": "N1", "单位名称": "某校", "单位类别": "学校", "主管部门编码": "X9"},
            "没有这个编码的单位",
        ),
        (
            {"单位编码": "N1", "单位名称": "某校", "单位类别": "学校", "主管部门编码": "E01"},
            "主管部门应为市级部门",
        ),
        (
            {"单位编码": "N1", "单位名称": "某校", "单位类别": "学校", "所在镇街编码": "D01"},
            "所在镇街应为镇、街道或管委会",
        ),
        (
            {"单位编码": "N1", "单位名称": "某校", "单位类别": "学校", "所属单位编码": "S01"},
            "只有基层工会填写所属单位",
        ),
        (
            {"单位编码": "N1", "单位名称": "某会", "单位类别": "基层工会", "所属单位编码": "N1"},
            "不能填本单位自己",
        ),
        (
            {"单位编码": "N1", "单位名称": "某校", "单位类别": "学校", "隶属层级": "省直"},
            "应为 市直、镇街 之一",
        ),
        ({"单位编码": "N1", "单位名称": "某校", "单位类别": "学校", "统一社会信用代码": "12"}, "应为 18 位"),
    ],
)
def test_a_bad_unit_is_refused_and_nothing_is_stored(load, row, said) -> None:
    with pytest.raises(Rejected) as caught:
        load("units", {"单位编码": "N0", "单位名称": "好单位", "单位类别": "企业"}, row)
    assert said in str(caught.value)
    assert not Unit.objects.filter(code__in=["N0", "N1"]).exists()


def test_units_may_name_each_other_in_any_order(load) -> None:
    load(
        "units",
        {"单位编码": "G9", "单位名称": "新校工会", "单位类别": "基层工会", "所属单位编码": "S9"},
        {"单位编码": "S9", "单位名称": "新校", "单位类别": "学校", "所在镇街编码": "T9"},
        {"单位编码": "T9", "单位名称": "新镇", "单位类别": "镇"},
    )
    assert Unit.objects.get(code="G9").host.town.code == "T9"


def test_a_corrected_link_moves_what_was_already_approved(load) -> None:
    load("purchases", purchase(unit="G01", 金额=70))
    assert attributed()["T01"] == 7000
    load(
        "units",
        {
            "单位编码": "S01",
            "单位名称": "实验中学",
            "单位类别": "学校",
            "主管部门编码": "D01",
            "所在镇街编码": "T01",
            "隶属层级": "市直",
        },
    )
    assert attributed() == {"D01": 7000, "T01": 0}
    assert list(tallies.differences()) == []


def test_a_link_that_changes_from_a_day_on_leaves_what_was_before(load) -> None:
    load("purchases", purchase(unit="S01", 金额=10, 采购日期="2021-06-30"))
    load("purchases", purchase("P2", unit="S01", 金额=7, 采购日期="2021-07-01"))
    row = {
        "单位编码": "S01",
        "单位名称": "实验中学",
        "单位类别": "学校",
        "主管部门编码": "D01",
        "隶属层级": "市直",
    }
    load("units", row, since=datetime.date(2021, 7, 1))
    assert attributed() == {"D01": 700, "T01": 1000}
    tallies.rebuild()
    assert attributed() == {"D01": 700, "T01": 1000}
    assert UnitLink.objects.filter(unit__code="S01").count() == 2


def test_a_listed_enterprise_leaves_its_town_whenever_the_base_is_loaded(load) -> None:
    load("purchases", purchase(unit="E01", 金额=9))
    assert attributed()["T01"] == 900
    load("bases", {"年度": 2021, "单位编码": "E01", "宁波名单企业": "是"})
    assert attributed()["T01"] == 0
    assert YearStanding.read(2021, END).city_total.value == 900


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"年度": "去年", "单位编码": "S01"}, "应为不小于 0 的整数"),
        ({"年度": 2021, "单位编码": "X1"}, "没有这个编码的单位"),
        ({"年度": 2021, "单位编码": "S01", "食堂采购预算": "-1"}, "不能为负数"),
        ({"年度": 2021, "单位编码": "S01", "食堂采购预算": "1.234"}, "超过两位小数"),
        ({"年度": 2021, "单位编码": "S01", "人数": 2.5}, "应为不小于 0 的整数"),
        ({"年度": 2021, "单位编码": "S01", "宁波名单企业": "Y"}, "应填“是”或“否”"),
        ({"年度": 2021, "单位编码": "S01", "食堂情况": "共用"}, "请填写共用代表单位编码"),
        (
            {"年度": 2021, "单位编码": "S01", "食堂情况": "共用", "共用代表单位编码": "S01"},
            "不能是本单位自己",
        ),
        ({"年度": 2021, "单位编码": "S01", "预留比例": 101}, "应在 0 到 100 之间"),
    ],
)
def test_a_bad_base_is_refused_and_nothing_is_stored(load, row, said) -> None:
    with pytest.raises(Rejected) as caught:
        load("bases", {"年度": 2021, "单位编码": "D01", "人数": 3}, row)
    assert said in str(caught.value)
    assert not YearBase.objects.exists()


def test_loading_bases_confirms_them_and_a_blank_is_not_given(load) -> None:
    load("bases", {"年度": "2021年", "单位编码": "S01", "食堂采购预算": "33,333.30", "预留比例": "12.5%"})
    base = YearBase.objects.get()
    assert base.status == BaseStatus.CONFIRMED
    assert (base.canteen_budget, base.reserve_percent) == (Decimal("33333.30"), Decimal("12.5"))
    load("bases", {"年度": 2021, "单位编码": "S01"})
    base.refresh_from_db()
    assert base.canteen_budget is None

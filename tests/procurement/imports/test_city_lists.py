"""宁波名单企业, 采购目标, 产品, 供应商: what the city decides, loaded a thousand rows at once."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from cixi_xiezuo.errors import NotAllowed
from procurement.imports import Rejected
from procurement.imports.catalogue import load_products, load_suppliers
from procurement.imports.city_lists import load_listed, load_targets
from procurement.models import Product, Supplier
from tests.factories import make_base, make_user
from tests.workbooks import workbook
from units.models import BaseStatus, Role, Unit, YearBase

pytestmark = pytest.mark.usefixtures("city")
TARGETS = ("年度", "单位编码", "单位名称", "采购目标")


def targets(*rows, by=None):
    return load_targets(workbook(TARGETS, rows), by=by)


def test_a_target_makes_a_confirmed_declaration_or_joins_the_one_there_is() -> None:
    make_base(Unit.objects.get(code="T01"), headcount=30, target="5")
    assert str(targets((2021, "T01", "观海卫镇", "8,000.00"), (2021, "D01 市教育局", None, 7))) == (
        "采购目标: 新增 1, 更新 1, 未变 0"
    )
    town, department = YearBase.objects.get(unit__code="T01"), YearBase.objects.get(unit__code="D01")
    assert (town.target, town.headcount) == (Decimal("8000.00"), 30)
    assert (department.target, department.status) == (Decimal("7.00"), BaseStatus.CONFIRMED)
    assert targets((2021, "T01", None, 8000)).unchanged == 1


def test_a_target_confirms_nothing_that_a_unit_has_filed() -> None:
    make_base(Unit.objects.get(code="T01"), status=BaseStatus.FILED, headcount=30)
    report = targets((2021, "T01", None, 8))
    assert report.notices == ["有 1 个单位的年度基数还没有确认，采购目标在确认后才计入"]
    base = YearBase.objects.get()
    assert (base.status, base.target) == (BaseStatus.FILED, Decimal("8.00"))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ((2021, "T01", "别的镇", 8), "编码 T01 是“观海卫镇”，与所填名称不符"),
        ((2021, "T01", None, None), "“采购目标”：不能为空"),
        ((2021, "T01", None, -1), "不能为负数"),
        ((2021, "X9", None, 1), "没有这个编码的单位"),
    ],
)
def test_a_bad_row_is_refused_and_the_good_one_is_not_stored_either(row, said) -> None:
    with pytest.raises(Rejected) as caught:
        targets((2021, "D01", None, 5), row)
    assert said in str(caught.value)
    assert not YearBase.objects.exists()


def test_a_unit_twice_in_a_year_is_refused() -> None:
    with pytest.raises(Rejected, match=r"第 3 行.*2021 年度重复出现"):
        targets((2021, "T01", None, 5), (2021, "T01", None, 6))


def test_an_enterprise_is_put_on_the_list_and_taken_off_it() -> None:
    names = ("年度", "单位编码", "宁波名单企业")
    load_listed(workbook(names, [(2021, "E01", "是")]), by=None)
    assert YearBase.objects.get().listed is True
    assert load_listed(workbook(names, [(2021, "E01", "否")]), by=None).updated == 1
    assert YearBase.objects.get().listed is False


def test_the_catalogue_takes_recognitions_and_keeps_what_is_not_given() -> None:
    Supplier.objects.create(name="老供应商", uscc="91330282MA2812345X", recognition_number="旧")
    report = load_suppliers(
        workbook(
            ("供应商名称", "认定编号", "有效期至"),
            [("老供应商", "新", "2022-12-31"), ("新供应商", None, None)],
        ),
        by=None,
    )
    assert (report.created, report.updated) == (1, 1)
    old = Supplier.objects.get(name="老供应商")
    assert (old.uscc, old.recognition_number) == ("91330282MA2812345X", "新")
    assert old.recognised_until == datetime.date(2022, 12, 31)
    load_products(workbook(("产品名称", "认定编号"), [("苦荞茶", "川-1")]), by=None)
    assert Product.objects.get().recognition_number == "川-1"
    with pytest.raises(Rejected, match="本表中重复出现"):
        load_products(workbook(("产品名称",), [("苦荞茶",), ("苦荞茶",)]), by=None)


def test_only_the_bureau_loads_the_citys_lists() -> None:
    lead = make_user("lead", Role.LEAD, Unit.objects.get(code="D01"))
    for load, names in (
        (load_targets, TARGETS),
        (load_listed, ("年度", "单位编码", "宁波名单企业")),
        (load_products, ("产品名称",)),
    ):
        with pytest.raises(NotAllowed, match="市商务局"):
            load(workbook(names, []), by=lead)

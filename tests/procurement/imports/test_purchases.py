"""采购 workbooks: what is taken, what is refused and how it is said."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal

import pytest
from openpyxl import Workbook

from cixi_xiezuo.errors import NotAllowed, Refused
from procurement import tallies
from procurement.choices import Status
from procurement.imports import Rejected, load_purchases
from procurement.models import Purchase, PurchaseLine, Receipt
from tests.workbooks import PURCHASES, purchase, records, workbook
from units.models import Membership, Role, Unit, User

pytestmark = pytest.mark.usefixtures("city")


def problems(load, *rows: dict) -> list[str]:
    with pytest.raises(Rejected) as caught:
        load("purchases", *rows)
    assert not Purchase.objects.exists(), "a rejected workbook must store nothing"
    return [str(problem) for problem in caught.value.problems]


def test_rows_that_share_a_number_become_the_lines_of_one_purchase(load) -> None:
    load("purchases", purchase(金额="1,234.50"), purchase(产地="常山县", 金额=0.1))
    lines = Purchase.objects.get().lines.order_by("position")
    assert [(line.region.name, line.amount) for line in lines] == [
        ("布拖县", Decimal("1234.50")),
        ("常山县", Decimal("0.10")),
    ]


@pytest.mark.parametrize(
    "written",
    ["2021-06-30", "2021/6/30", "2021年6月30日", datetime.date(2021, 6, 30), datetime.datetime(2021, 6, 30)],
)
def test_dates_are_read_in_every_agreed_form(load, written) -> None:
    load("purchases", purchase(采购日期=written))
    assert Purchase.objects.get().date == datetime.date(2021, 6, 30)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"采购日期": "2021-02-30"}, "没有“2021-02-30”这一天"),
        ({"采购日期": "昨天"}, "不是日期，应如 2021-06-30"),
        ({"金额": "12.345"}, "超过两位小数"),
        ({"金额": "一百"}, "不是数字"),
        ({"金额": 0}, "金额不能为 0"),
        ({"金额": -5}, "请填写原采购编号"),
        ({"单位编码": "X99"}, "没有这个编码的单位"),
        ({"产地": "布施县"}, "没有这个产地，是否为"),
        ({"用途": "送礼"}, "应为 食堂采购、工会节日慰问"),
        ({"采购渠道": "网购"}, "应为 832平台"),
        ({"用途": "工会节日慰问"}, "应填 元旦、春节"),
        ({"法定节日": "春节"}, "只有用途为工会节日慰问才填法定节日"),
        ({"其中已登记金额": 5}, "只有用途为商务帮扶"),
        ({"用途": "商务帮扶", "其中已登记金额": 101}, "应在 0 与金额 100.00 之间"),
        ({"状态": "已通过"}, "应为 草稿、待审核、已核准、已退回 之一"),
        ({"供应商": None}, "不能为空"),
        ({"发票代码": "033002000211"}, "请补上发票号码"),
        ({"原采购编号": "没有的", "金额": -1}, "没有这个采购编号"),
    ],
)
def test_a_bad_cell_is_refused_with_its_row_and_what_would_be_right(load, change, said) -> None:
    (said_first, *_) = problems(load, purchase(**change))
    assert said_first.startswith("第 2 行")
    assert said in said_first


def test_every_bad_row_is_named_and_nothing_is_stored(load) -> None:
    said = problems(load, purchase(), purchase("P2", 金额="x"), purchase("P3", 产地="月球"))
    assert [line[:7] for line in said] == ["第 3 行“金", "第 4 行“产"]


def test_lines_of_one_purchase_must_agree_on_the_head(load) -> None:
    (said,) = problems(load, purchase(), purchase(供应商="另一家"))
    assert "与第 2 行不一致（凉山合作社）" in said


def test_a_workbook_of_another_kind_is_named_by_the_columns_it_lacks() -> None:
    with pytest.raises(Refused, match=r"不是“采购”模板：缺少列 采购编号、单位编码"):
        load_purchases(workbook(["年度", "人数"], [[2021, 3]]), by=None)
    with pytest.raises(Refused, match=r"不是 \.xlsx 工作簿"):
        load_purchases(b"not a workbook", by=None)


def test_unknown_columns_are_ignored_with_a_notice_and_headers_forgive_blanks() -> None:
    row = purchase()
    names = [f" {name} " for name in row] + ["备 注"]
    report = load_purchases(workbook(names, [[*row.values(), "随便"]]), by=None)
    assert report.created == 1
    assert report.notices == ["未识别的列已忽略：备注"]


def test_the_same_file_twice_changes_nothing(load) -> None:
    rows = [purchase(发票号码="00000001", 发票代码="033002000211"), purchase("P2", 状态=None)]
    load("purchases", *rows)
    report = load("purchases", *rows)
    assert (report.created, report.updated, report.unchanged) == (0, 0, 2)


def test_a_changed_row_that_is_approved_is_never_overwritten(load) -> None:
    load("purchases", purchase())
    with pytest.raises(Rejected, match=r"已核准.*不能覆盖"):
        load("purchases", purchase(金额=101))
    assert PurchaseLine.objects.get().amount == 100


def test_a_changed_row_that_waits_for_review_is_updated(load) -> None:
    load("purchases", purchase(状态="待审核"))
    report = load("purchases", purchase(状态="待审核", 金额=250), purchase(状态="待审核", 产地="常山县"))
    assert (report.created, report.updated) == (0, 1)
    assert [line.amount for line in PurchaseLine.objects.all()] == [250, 100]


def test_loading_approved_rows_later_approves_what_was_submitted(load) -> None:
    load("purchases", purchase(状态="待审核"))
    assert load("purchases", purchase(状态="已核准")).updated == 1
    assert PurchaseLine.objects.get().posted
    assert list(tallies.differences()) == []
    assert load("purchases", purchase(状态="待审核")).unchanged == 1, "what has moved on stays where it is"


def test_a_number_of_another_unit_is_refused(load) -> None:
    load("purchases", purchase(状态="待审核"))
    with pytest.raises(Rejected, match="已用于另一单位的采购"):
        load("purchases", purchase(unit="T01", 状态="待审核"))


def test_an_invoice_counts_once_within_the_file_and_against_what_is_stored(load) -> None:
    invoice = {"发票代码": "033002000211", "发票号码": "00000001"}
    (said,) = problems(load, purchase(**invoice), purchase("P2", unit="T01", **invoice))
    assert "与第 2 行采购 P1 是同一张发票" in said
    load("purchases", purchase(**invoice))
    with pytest.raises(Rejected, match="这张发票已用于采购 P1"):
        load("purchases", purchase("P2", 发票代码="０３３００２０００２１１", 发票号码="0000 0001"))
    load("purchases", purchase("P3", 状态="已退回", **invoice))
    assert Receipt.objects.filter(live=True).count() == 1


def test_a_number_stored_as_a_number_gets_its_zeros_back(load) -> None:
    load("purchases", purchase(发票代码=33002000211, 发票号码=1))
    assert Receipt.objects.get().identity == "033002000211-00000001"


def test_a_refund_names_its_original_and_stays_within_it(load) -> None:
    load("purchases", purchase(金额=100))
    load("purchases", purchase("R1", 金额=-60, 原采购编号="P1"))
    with pytest.raises(Rejected, match=r"退货合计 100\.01 元超过原采购的 100\.00 元"):
        load("purchases", purchase("R2", 金额="-40.01", 原采购编号="P1"))
    load("purchases", purchase("R2", 金额=-40, 原采购编号="P1"))
    with pytest.raises(Rejected, match="原采购不是本单位的采购"):
        load("purchases", purchase("R3", unit="T01", 金额=-1, 原采购编号="P1"))
    with pytest.raises(Rejected, match="本身是退货"):
        load("purchases", purchase("R4", 金额=-1, 原采购编号="R1"))


def test_only_the_bureau_may_give_a_status_and_clerks_load_their_own_units(load) -> None:
    clerk = User.objects.create_user("clerk")
    Membership.objects.create(user=clerk, unit=Unit.objects.get(code="S01"), role=Role.CLERK)
    with pytest.raises(NotAllowed, match="只有市商务局可以在导入时填写状态"):
        load("purchases", purchase(unit="S01"), by=clerk)
    with pytest.raises(NotAllowed, match="没有为单位 D01 登记采购的权限"):
        load("purchases", purchase(状态=None), by=clerk)
    load("purchases", purchase(unit="G01", 状态=None, 发票号码="00000001"), by=clerk)
    assert Purchase.objects.get().status == Status.SUBMITTED


def test_a_sheet_that_would_fill_the_memory_is_refused_before_it_is_read() -> None:

    book = Workbook()
    book.active["A1"], book.active["XFD1048576"] = 1, 2
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(Refused, match="工作表过大"):
        load_purchases(stream.getvalue(), by=None)


def test_the_header_row_alone_is_an_empty_load() -> None:
    assert str(load_purchases(records(PURCHASES), by=None)) == "采购: 新增 0, 更新 0, 未变 0"

"""Who may load what: a workbook is no way round the second pair of eyes."""

from __future__ import annotations

import pytest

from cixi_xiezuo.errors import NotAllowed, Refused
from procurement import workflow
from procurement.choices import Status
from procurement.imports import load_bases, load_purchases, load_units
from procurement.imports.report import Forbidden
from procurement.models import Purchase
from tests.factories import make_unit, make_user
from tests.workbooks import BASES, PURCHASES, UNITS, purchase, records
from units.kinds import Kind
from units.models import Role, Unit, YearBase

pytestmark = pytest.mark.usefixtures("city")
INVOICE = {"发票代码": "033002100211", "发票号码": "00000001"}


@pytest.fixture
def people():
    office = make_unit("D09", Kind.DEPARTMENT, "市商务局")
    school, lead = Unit.objects.get(code="S01"), Unit.objects.get(code="D01")
    return {
        "clerk": make_user("clerk", Role.CLERK, school),
        "lead": make_user("lead", Role.LEAD, lead),
        "bureau": make_user("bureau", Role.BUREAU, office),
        "colleague": make_user("colleague", Role.BUREAU, office),
        "sysadmin": make_user("sysadmin", Role.SYSTEM_ADMIN, office),
        "auditor": make_user("auditor", Role.AUDITOR, office),
    }


def load(*rows: dict, by, **options):
    return load_purchases(records(PURCHASES, *rows), by=by, **options)


@pytest.mark.parametrize(
    ("who", "units", "bases", "purchases"),
    [
        ("clerk", False, False, True),
        ("lead", False, True, True),
        ("bureau", True, True, True),
        ("sysadmin", True, False, False),
        ("auditor", False, False, False),
    ],
)
def test_each_role_loads_its_own_workbooks(people, who, units, bases, purchases) -> None:
    """Headers alone: the right to the workbook, whatever its rows."""
    loads = ((load_units, UNITS, units), (load_bases, BASES, bases), (load_purchases, PURCHASES, purchases))
    for load_one, header, allowed in loads:
        if allowed:
            assert load_one(records(header), by=people[who]).created == 0
        else:
            with pytest.raises(NotAllowed):
                load_one(records(header), by=people[who])


def test_a_new_unit_is_the_system_administrators_and_a_changed_one_the_bureaus_too(people) -> None:
    new = {"单位编码": "N01", "单位名称": "新校", "单位类别": "学校"}
    with pytest.raises(NotAllowed, match="新增单位由系统管理员办理"):
        load_units(records(UNITS, new), by=people["bureau"])
    assert load_units(records(UNITS, new), by=people["sysadmin"]).created == 1
    changed = new | {"单位名称": "新学校"}
    assert load_units(records(UNITS, changed), by=people["bureau"]).updated == 1


def test_nobody_confirms_their_own_units_bases_by_loading_them(people) -> None:
    own = {"年度": 2021, "单位编码": "D01", "人数": 9}
    under = {"年度": 2021, "单位编码": "S01", "人数": 9}
    with pytest.raises(NotAllowed, match="第 2 行“单位编码”（值：D01）：您没有确认该单位基数的权限"):
        load_bases(records(BASES, own, under), by=people["lead"])
    assert not YearBase.objects.exists()
    assert load_bases(records(BASES, under), by=people["lead"]).created == 1
    with pytest.raises(NotAllowed, match="D09"):
        load_bases(records(BASES, {"年度": 2021, "单位编码": "D09"}), by=people["bureau"])


def test_a_clerk_submits_only_what_could_be_submitted_one_by_one(people) -> None:
    row = purchase(unit="S01", 状态=None)
    with pytest.raises(Forbidden, match="没有票据不能提交"):
        load(row, by=people["clerk"])
    assert load(row, by=people["clerk"], as_drafts=True).created == 1
    assert Purchase.objects.get().status == Status.DRAFT
    assert load(row | INVOICE, by=people["clerk"]).updated == 1
    assert Purchase.objects.get().status == Status.SUBMITTED
    with pytest.raises(Forbidden, match="原采购尚未核准"):
        load(
            purchase("R1", unit="S01", 状态=None, 金额=-1, 原采购编号="P1", 发票号码="2"), by=people["clerk"]
        )


def test_another_units_purchase_is_not_named_when_it_holds_the_invoice(people) -> None:
    load(purchase("机密编号", unit="E01", **INVOICE), by=None)
    with pytest.raises(Refused, match="这张发票已用于另一企业于 2021-05-01 的采购") as caught:
        load(purchase(unit="S01", 状态=None, **INVOICE), by=people["clerk"])
    assert "机密编号" not in str(caught.value)


def test_a_reviewer_prepares_drafts_for_a_unit_and_the_unit_submits_them(people) -> None:
    row = purchase(unit="S01", 状态=None, **INVOICE)
    with pytest.raises(Forbidden, match="只能替它导入草稿"):
        load(row, by=people["lead"])
    load(row, by=people["lead"], as_drafts=True)
    with pytest.raises(Forbidden, match="须由该单位经办人修改"):
        load(row | {"金额": 5}, by=people["lead"], as_drafts=True)
    submitted = workflow.submit(Purchase.objects.get(), by=people["clerk"])
    with pytest.raises(NotAllowed):
        workflow.approve(submitted, by=people["lead"])


def test_the_bureau_decides_for_all_but_its_own(people) -> None:
    with pytest.raises(Forbidden, match="本单位的采购须由他人审核，请改为待审核"):
        load(purchase(unit="D09"), by=people["bureau"])
    assert load(purchase(unit="D09", 状态=None), by=people["bureau"]).created == 1
    assert load(purchase("P2", unit="S01"), by=people["bureau"]).created == 1
    assert Purchase.objects.get(number="P2").decided_by == people["bureau"]


def test_whoever_loaded_or_changed_a_purchase_does_not_approve_it_later(people) -> None:
    load(purchase(unit="S01", 状态="待审核"), by=people["bureau"])
    with pytest.raises(Forbidden, match="不能审核自己登记、修改或提交的采购"):
        load(purchase(unit="S01", 状态="已核准"), by=people["bureau"])
    with pytest.raises(Forbidden, match="修改的人不能同时审核"):
        load(purchase(unit="S01", 状态="已核准", 金额=7), by=people["colleague"])
    load(purchase(unit="S01", 状态="待审核", 金额=7), by=people["colleague"])
    with pytest.raises(NotAllowed):
        workflow.approve(Purchase.objects.get(), by=people["colleague"])
    third = make_user("third", Role.BUREAU, Unit.objects.get(code="D09"))
    assert load(purchase(unit="S01", 状态="已核准", 金额=7), by=third).updated == 1


def test_every_row_without_the_right_is_named(people) -> None:
    with pytest.raises(Forbidden) as caught:
        load(
            purchase("P1", unit="S01", 状态=None, **INVOICE),
            purchase("P2", unit="E01", 状态=None),
            purchase("P3", unit="S01"),
            by=people["clerk"],
        )
    assert [problem.row for problem in caught.value.problems] == [3, 4]
    assert not Purchase.objects.exists()

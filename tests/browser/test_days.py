"""Each role's day in a real browser, log-in to log-out, the clicks counted; and the guide says what they saw.

`make pictures` draws docs/guide/pictures from the same days.
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command

from assessment.demo.invoices import InvoiceSpec, ItemSpec, Party, make_invoice_pdf
from procurement.choices import Channel, Status, Use
from procurement.models import Purchase
from tests.browser.days import GUIDE, Day, day, guide_holds
from tests.browser.steps import drop_files
from tests.factories import line, make_base, make_purchase, make_unit, make_user
from tests.services import ROOT
from units.kinds import Affiliation, Kind
from units.message import Message
from units.models import BaseStatus, Membership, Role, Unit, User

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SCHOOL, OTHER = "青瓷湾学校", "杨梅岭小学"
POTATOES = [
    ItemSpec("*蔬菜*高山土豆", Decimal("2400.00"), quantity=Decimal(800), unit="公斤"),
    ItemSpec("*谷物加工品*苦荞粉", Decimal("1105.50"), Decimal("99.50"), "9%", Decimal(67), "袋"),
]
NOODLES = "昭觉县谷莫农业合作社"
PEOPLE = {
    "clerk": (Role.CLERK, "S01", "经办人甲"),
    "clerk2": (Role.CLERK, "S02", "经办人乙"),
    "lead": (Role.LEAD, "D06", "教育局审核"),
    "bureau": (Role.BUREAU, "D01", "商务局审核"),
    "oversight": (Role.OVERSIGHT, "D02", "支援办"),
    "sysadmin": (Role.SYSTEM_ADMIN, "D01", "系统管理员甲"),
    "secadmin": (Role.SECURITY_ADMIN, "D09", "安全管理员甲"),
    "auditor": (Role.AUDITOR, "D09", "审计员甲"),
}


def invoice(number: str, day: datetime.date, buyer: Party, seller: str, items: list[ItemSpec]) -> bytes:
    return make_invoice_pdf(InvoiceSpec(number, day, buyer, Party(seller), items))


@pytest.fixture
def city(celery_worker_process: None, transactional_db: None) -> dict[str, Unit]:
    """The first school has all to do; the second waits for its reviewers and is behind."""
    call_command("load", "reference", verbosity=0)
    offices = {"D01": "市商务局", "D02": "市对口支援办", "D06": "市教育局", "D09": "市机关事务管理局"}
    units = {code: make_unit(code, Kind.DEPARTMENT, name) for code, name in offices.items()}
    units["T01"] = make_unit("T01", Kind.TOWN, "观海卫镇")
    links = {"supervisor": units["D06"], "town": units["T01"], "affiliation": Affiliation.CITY}
    units["S01"] = make_unit("S01", Kind.SCHOOL, SCHOOL, uscc="12330282MB0000001L", **links)
    units["S02"] = make_unit("S02", Kind.SCHOOL, OTHER, **links)
    for username, (role, code, name) in PEOPLE.items():
        make_user(username, role, units[code])
        User.objects.filter(username=username).update(display_name=name)
    for code, target in (("D06", "60000.00"), ("T01", "20000.00"), ("D01", "8000.00")):
        make_base(units[code], target=target, canteen="none")
    make_base(units["S02"], canteen_budget="120000.00", canteen="own")
    make_base(make_unit("S03", Kind.SCHOOL, "海天桥中学", **links), status=BaseStatus.FILED, canteen="none")
    canteen = {"channel": Channel.PLATFORM_832, "supplier": "布拖县索玛岭农产品专业合作社"}
    make_purchase(
        units["S02"], line("6400.00", Use.CANTEEN, product="乌洋芋"), number="2021-S02-0001", **canteen
    )
    make_purchase(
        units["T01"], line("9300.00", Use.OFFICE, "常山县", product="山茶油"), number="2021-T01-0001"
    )
    for number in (2, 3):
        day, amount = datetime.date(2021, number, 18), Decimal(f"{number}600.00")
        items = [ItemSpec("*谷物加工品*荞麦挂面", amount, quantity=Decimal(100), unit="袋")]
        make_purchase(
            units["S02"],
            line(amount, Use.CANTEEN, "昭觉县", product="荞麦挂面", quantity=100, measure="袋"),
            number=f"2021-S02-000{number}",
            date=day,
            supplier=NOODLES,
            status=Status.SUBMITTED,
            by=User.objects.get(username="clerk2"),
            receipt=invoice(f"2151200000000000007{number}", day, Party(OTHER), NOODLES, items),
            name="电子发票.pdf",
            data={"buyer_name": OTHER, "seller_name": NOODLES, "total": f"{amount}"},
        )
    return units


def test_a_clerk_submits_their_first_receipt_in_twelve_clicks_and_files_the_base(
    city, page: Page, live_server
) -> None:
    User.objects.update(tour_seen_at=None)
    with day(page, live_server.url, "clerk", "clerk") as clerk:
        clerk.button("不再显示")
        page.locator("#tour-dialog").wait_for(state="hidden")
        clerk.at(SCHOOL)
        clerk.picture("clerk-unit")
        buyer = Party(SCHOOL, "12330282MB0000001L")
        seller, on = "布拖县高山农产品有限公司", datetime.date(2021, 9, 8)
        drop_files(page, {"发票.pdf": invoice("21512000000000083112", on, buyer, seller, POTATOES)})
        clerk.clicks += 2  # in the place of a drag: choosing the file
        page.get_by_role("link", name="去补充").first.wait_for(timeout=40_000)
        clerk.look()
        clerk.link("去补充")
        clerk.at("采购")
        clerk.choose("采购渠道", "产地直采")
        clerk.choose("全部空白行的用途", "食堂采购")
        clerk.choose("全部空白行的产地", "布拖县★")
        clerk.picture("clerk-draft")
        clerk.button("提交审核")
        clerk.told("已提交审核")
        assert clerk.clicks <= 12, clerk.clicks
        sent: Any = Purchase.objects.with_total().get(unit__code="S01")
        assert (sent.status, sent.claimed_total) == (Status.SUBMITTED, Decimal("3605.00"))
        file_the_base(clerk)
        clerk.menu("采购台账")
        clerk.menu("我的单位", SCHOOL)
    guide_holds("clerk", "README", "faq", "terms")


def file_the_base(clerk: Day) -> None:
    before = clerk.clicks
    clerk.menu("年度基数")
    clerk.link(SCHOOL)
    clerk.at("2021 年度基数")
    clerk.choose("食堂情况", "自营")
    clerk.page.locator("#id_canteen_budget").fill("86000")
    clerk.picture("clerk-base")
    clerk.button("下一步：核对")
    clerk.page.get_by_role("heading", name="请核对，还没有填报").wait_for()
    clerk.look()
    clerk.button("填报")
    clerk.told("等待主管单位确认")
    assert clerk.clicks - before <= 6


def test_the_bureau_reviews_sees_who_is_behind_and_reminds_them(city, page: Page, live_server) -> None:
    with day(page, live_server.url, "bureau", "bureau") as bureau:
        bureau.at("2021 年度全市看板")
        page.locator("canvas").first.wait_for()
        bureau.picture("bureau-city")
        bureau.menu("待审核")
        bureau.link("2021-S02-0002")
        bureau.at(OTHER)
        bureau.picture("bureau-review")
        bureau.button("核准")
        bureau.told("2021-S02-0002 已核准")
        bureau.fill("退回原因", "请补传832平台订单")
        bureau.button("退回")
        bureau.told("2021-S02-0003 已退回")
        assert bureau.clicks <= 5, "log-in, the queue, one purchase, two decisions"
        bureau.menu("年度基数")
        bureau.link("海天桥中学")
        bureau.at("海天桥中学")
        bureau.button("确认")
        bureau.told("已确认")
        bureau.menu("单位完成情况")
        bureau.link("食堂采购832平台产品占比")
        page.get_by_label(f"勾选 {OTHER}").wait_for()
        bureau.click(page.get_by_label(f"勾选 {OTHER}"))
        bureau.picture("bureau-standings")
        bureau.button("催报勾选的")
        bureau.at("催报 1 个单位")
        bureau.button("发送")
        bureau.told("已催报 1 个单位")
        bureau.link("通报", exact=True)
        bureau.at("起草通报")
    [message] = Message.objects.filter(user__username="clerk2")
    assert "尚未达标" in message.body
    assert Purchase.objects.get(number="2021-S02-0002").status == Status.APPROVED
    guide_holds("bureau")


def test_a_lead_department_reviews_its_own_and_sees_how_it_stands(city, page: Page, live_server) -> None:
    with day(page, live_server.url, "lead", "lead") as lead:
        lead.at("待审核")
        lead.picture("lead-queue")
        lead.click(page.get_by_label("勾选 2021-S02-0002"))
        lead.button("核准勾选的")
        lead.told("已核准")
        lead.menu("单位完成情况", "2021 年度单位完成情况")
        lead.link("通报", exact=True)
        lead.at("起草通报")
        lead.menu("单位完成情况", "2021 年度单位完成情况")
        lead.link("市教育局")
        lead.at("市教育局")
        lead.link("这个数是怎么来的")
        page.locator(".sum-line").first.wait_for()
        page.locator("#explain-drawer.show:not(.showing)").wait_for()
        lead.look()
        lead.click(page.locator("#explain-drawer").get_by_label("关闭"))
        page.locator(".offcanvas-backdrop").wait_for(state="detached")
        assert lead.clicks <= 10
    guide_holds("lead")


def test_the_support_office_puts_a_question_to_a_unit(city, page: Page, live_server) -> None:
    with day(page, live_server.url, "support", "oversight") as support:
        support.at("2021 年度全市看板")
        support.menu("单位完成情况", "2021 年度单位完成情况")
        support.link("市教育局")
        support.at("市教育局")
        support.link("督查", exact=True)
        support.at("发起督查")
        support.fill("事项", "核对食堂采购进度")
        support.fill("答复期限", "2031-12-20")
        support.page.locator("textarea[name=questions]").fill("下半年如何完成目标？")
        support.picture("support-inspection")
        support.button("发起")
        support.at("核对食堂采购进度")
        assert support.clicks <= 5
        support.menu("帮扶工作", "2021 年帮扶工作")
    guide_holds("support")


def test_the_administrators_add_a_unit_and_its_clerk(
    city, page: Page, new_page: Callable[[], Page], live_server
) -> None:
    with day(page, live_server.url, "admin", "sysadmin") as admin:
        admin.at("用户")
        admin.menu("单位")
        admin.link("新增单位")
        admin.at("新增单位")
        admin.fill("单位编码", "S13")
        admin.fill("单位名称", "新湖小学")
        admin.choose("单位类别", "学校")
        admin.choose("隶属层级", "市直")
        admin.choose("主管部门", "D06 市教育局")
        admin.picture("admin-unit")
        admin.button("保存")
        admin.told("已新增单位")
        admin.link("为该单位新建用户")
        admin.at("新建用户")
        admin.fill("用户名", "xinhu")
        admin.fill("姓名", "经办人丙")
        admin.choose("角色", "经办人")
        admin.button("保存并生成初始密码")
        admin.at("初始密码")
        admin.link("系统状态")
        admin.at("系统状态")
        assert admin.clicks <= 15
    with day(new_page(), live_server.url, "admin", "secadmin") as keeper:
        keeper.at("用户")
        keeper.click(keeper.page.locator(".topbar-wait").filter(has_text="待办"))
        keeper.at("待办")
        keeper.link("授予或不同意")
        keeper.at("待授权")
        keeper.picture("admin-grant")
        keeper.button("授予勾选的角色")
        keeper.told("已授予 1 项")
        assert keeper.clicks <= 4
    assert Membership.objects.get(user__username="xinhu").unit.code == "S13"
    guide_holds("admin")


def test_an_auditor_finds_who_did_what(city, page: Page, live_server) -> None:
    with day(page, live_server.url, "auditor", "auditor") as auditor:
        auditor.at("审计记录")
        auditor.fill("对象", "2021-S02-0002")
        auditor.button("查询")
        page.get_by_role("cell", name="采购 2021-S02-0002").first.wait_for()
        auditor.picture("auditor-trail")
        assert auditor.clicks <= 2
    guide_holds("auditor")


@pytest.mark.nodb
def test_the_guide_explains_every_term_with_its_clause() -> None:
    terms = tomllib.loads((ROOT / "cixi_xiezuo" / "help.toml").read_text("utf-8"))["term"]
    text = (GUIDE / "terms.md").read_text("utf-8")
    assert not [
        each["word"] for each in terms if f"**{each['word']}**" not in text or each["clause"] not in text
    ]

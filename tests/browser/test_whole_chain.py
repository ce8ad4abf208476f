"""The whole chain on its pages: dropped e-invoices become reviewed purchases, a standing and a workbook.

A real server, a real Celery worker and broker, a real browser; nothing is done for the people on the pages.
The invoices are of 2020, so 2020 has a policy of its own here; one of them names another buyer, which the
clerk and the reviewer are told and which the reviewer may accept.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from python_calamine import CalamineWorkbook

from assessment.demo.invoices import InvoiceSpec, ItemSpec, Party, make_invoice_pdf
from procurement.choices import Channel, Use
from tests.browser.steps import both_sizes, choose_year, drop_files, log_in, open_menu, shown_yuan
from tests.factories import line, make_base, make_policy, make_purchase, make_unit, make_user
from tests.services import ROOT
from units.kinds import Kind
from units.models import Role

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOTEL = ROOT / "tests" / "samples" / "e-invoice-2020-hotel.ofd"
HOTEL_NUMBER, HOTEL_TOTAL = "83089647", Decimal("526.00")
POTATOES = InvoiceSpec(
    number="20512000000000083112",
    issue_date=datetime.date(2020, 9, 8),
    buyer=Party("青瓷湾学校", "12330282MB0000001L"),
    seller=Party("布拖县高山农产品有限公司", "91513429MA0000001A"),
    items=[
        ItemSpec("*蔬菜*高山土豆", Decimal("2400.00"), quantity=Decimal(800), unit="公斤"),
        ItemSpec("*谷物加工品*苦荞粉", Decimal("1105.50"), Decimal("99.50"), "9%", Decimal(67), "袋"),
    ],
)
POTATOES_TOTAL = Decimal("3605.00")
BEFORE = Decimal("100.00")


@pytest.fixture
def city(transactional_db: None) -> None:
    make_policy(2020)
    make_policy(2021)
    town = make_unit("T01", Kind.TOWN, "观海卫镇")
    school = make_unit("S01", Kind.SCHOOL, "青瓷湾学校", town=town, uscc="12330282MB0000001L")
    make_base(school, 2020, canteen_budget="50000.00", canteen="own")
    make_base(town, 2020, target="10000.00")
    make_purchase(
        school, line(BEFORE, Use.CANTEEN), number="旧账", date="2020-05-06", channel=Channel.PLATFORM_832
    )
    make_user("clerk", Role.CLERK, school)
    make_user("bureau", Role.BUREAU, make_unit("D01", Kind.DEPARTMENT, "市商务局"))


@pytest.fixture
def shoot(screenshot: Callable[..., Path]) -> Callable[[Page, str], None]:
    return lambda page, name: both_sizes(page, screenshot, f"chain-{name}")


@pytest.fixture
def clerk(new_page: Callable[[], Page], live_server, city: None) -> Page:
    page = new_page()
    log_in(page, live_server.url, "clerk", "clerk")
    choose_year(page, 2020)
    return page


@pytest.fixture
def reviewer(new_page: Callable[[], Page], live_server, city: None) -> Page:
    page = new_page()
    log_in(page, live_server.url, "bureau", "bureau")
    return page


def test_dropped_invoices_become_figures_and_a_workbook(
    celery_worker_process: None, clerk: Page, reviewer: Page, shoot, tmp_path: Path
) -> None:
    assert own_figure(clerk) == BEFORE
    assert city_figure(reviewer) == BEFORE

    drop_and_await(clerk, shoot)
    complete(clerk, HOTEL.name, region="布拖县★", lines=[HOTEL_TOTAL], shoot=shoot)
    complete(clerk, "土豆与苦荞粉.pdf", region="昭觉县", lines=[Decimal("2400.00"), Decimal("1205.00")])
    assert own_figure(clerk) == BEFORE, "nothing counts before it is approved"
    assert city_figure(reviewer) == BEFORE

    approve_both(reviewer, shoot)
    after = BEFORE + HOTEL_TOTAL + POTATOES_TOTAL
    assert own_figure(clerk) == after
    shoot(clerk, "my-unit")
    explained(clerk, after, shoot)
    assert city_figure(reviewer) == after
    shoot(reviewer, "city")
    download(reviewer, tmp_path / "考核.xlsx")


def own_figure(page: Page) -> Decimal:
    """What 我的单位 says the school's canteen has bought."""
    open_menu(page, "我的单位")
    rule = page.locator(".owed").filter(has_text="食堂").first
    return shown_yuan(rule.locator(".owed-words"))


def city_figure(page: Page) -> Decimal:
    """The city's total of 2020 on 全市看板."""
    open_menu(page, "全市看板")
    page.locator(".total-value").first.wait_for()
    if page.locator("#year-choice").input_value() != "2020":
        choose_year(page, 2020)
    return shown_yuan(page.locator(".total-value a").first)


def drop_and_await(page: Page, shoot) -> None:
    shoot(page, "drop")
    pdf = make_invoice_pdf(POTATOES)
    drop_files(page, {HOTEL.name: HOTEL.read_bytes(), "土豆与苦荞粉.pdf": pdf})
    page.get_by_text("已收到 2 个文件").wait_for()
    page.get_by_role("link", name="去补充").nth(1).wait_for(timeout=40_000)
    read = page.locator("#inbox-list")
    assert HOTEL_NUMBER in read.inner_text()
    assert POTATOES.number in read.inner_text()
    assert page.get_by_text("个正在识别").count() == 0
    shoot(page, "inbox")


def complete(page: Page, name: str, *, region: str, lines: list[Decimal], shoot=None) -> None:
    """From the inbox: what was read is there already; the clerk adds channel, use and origin, and submits."""
    open_menu(page, "票据收件箱")
    page.get_by_role("row").filter(has_text=name).get_by_role("link", name="去补充").click()
    page.get_by_label("采购渠道").wait_for()
    read = page.locator("fieldset.line [data-amount]").evaluate_all("boxes => boxes.map(box => box.value)")
    assert [Decimal(value.replace(",", "")) for value in read if value] == lines
    assert page.get_by_label("开票日期").input_value().startswith("2020-")
    assert page.get_by_label("供应商", exact=True).input_value()
    assert (page.get_by_text("请核对抬头").count() > 0) == (name == HOTEL.name)
    page.get_by_label("采购渠道").select_option("832平台")
    page.get_by_label("全部空白行的用途").select_option("食堂采购")
    page.get_by_label("全部空白行的产地").select_option(region)
    if shoot:
        shoot(page, "draft")
    page.get_by_role("button", name="提交审核").click()
    page.get_by_text("已提交审核").first.wait_for()


def approve_both(page: Page, shoot) -> None:
    """The queue's first leads to the second. Each has its receipt beside it: the OFD as its fields, the PDF drawn."""
    open_menu(page, "待审核")
    page.get_by_text("2 笔待审核").wait_for()
    shoot(page, "queue")
    page.get_by_role("row").filter(has_text="526.00").get_by_role("link").click()
    paper = page.locator("section.paper")
    assert HOTEL_NUMBER in paper.inner_text()
    assert "江苏京利华新材料有限公司" in paper.inner_text()
    assert page.get_by_text("请核对抬头").count() == 1
    shoot(page, "review-ofd")
    page.get_by_role("button", name="核准").click()
    page.get_by_role("heading", name="3,605.00").wait_for()
    picture = page.get_by_role("img", name="土豆与苦荞粉.pdf 第 1 页")
    page.wait_for_function(
        "image => image.complete && image.naturalWidth > 300", arg=picture.element_handle()
    )
    assert POTATOES.number in paper.inner_text()
    beside = paper.bounding_box(), page.locator("#approve-form").bounding_box()
    assert beside[0]["x"] + beside[0]["width"] <= beside[1]["x"], "the receipt is not beside the form"  # type: ignore[index]
    shoot(page, "review-pdf")
    page.get_by_role("button", name="核准").click()
    page.get_by_text("没有待审核的采购").wait_for()


def explained(page: Page, figure: Decimal, shoot) -> None:
    """In the drawer beside the page first, then on a page of its own, where every line stands."""
    link = page.locator(".owed").filter(has_text="食堂").first.get_by_role("link", name="这个数是怎么来的")
    address = link.evaluate("link => link.href")
    link.click()
    sums = page.locator(".sum-line strong")
    sums.first.wait_for()
    assert shown_yuan(sums.nth(0)) == figure
    page.goto(address)
    assert [shown_yuan(sums.nth(0)), shown_yuan(sums.nth(1))] == [figure, figure]
    amounts = page.locator("td.num").all_inner_texts()
    assert sorted(amounts) == ["1,205.00", "100.00", "2,400.00", "526.00"]
    shoot(page, "explain")


def download(page: Page, path: Path) -> None:
    with page.expect_download() as caught:
        page.get_by_role("button", name="导出考核工作簿").click()
    caught.value.save_as(path)
    book = CalamineWorkbook.from_path(path)
    receipts = {cell for row in book.get_sheet_by_name("票据清单").to_python() for cell in row}
    assert {HOTEL_NUMBER, POTATOES.number} <= receipts
    summary = {cell for row in book.get_sheet_by_name("汇总").to_python() for cell in row}
    assert float(BEFORE + HOTEL_TOTAL + POTATOES_TOTAL) in summary

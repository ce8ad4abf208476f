"""Ten e-invoices dropped become ten submissions: every click of the clerk is counted. And the same without scripts.

A real server, a real Celery worker and broker, a real browser.
"""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from assessment.demo.invoice_pen import Pen
from assessment.demo.invoices import InvoiceSpec, ItemSpec, Party, make_invoice_pdf
from procurement.choices import Channel, Status, Use
from procurement.models import Purchase, Receipt
from tests.browser.steps import both_sizes, drop_files, log_in
from tests.factories import line, make_policy, make_purchase, make_unit, make_user
from units.kinds import Kind
from units.models import Role

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCHOOL = Party("青瓷湾学校", "12330282MB0000001L")
RICE, POTATO, POMELO = "昭觉县粮油有限公司", "布拖县高山农产品有限公司", "常山县胡柚有限公司"
BOUGHT = [  # seller, product, 元: the rice has been bought before
    (RICE, "粳米", "1200.00"),
    (RICE, "粳米", "1300.00"),
    (RICE, "粳米", "1400.00"),
    (RICE, "粳米", "1500.00"),
    (POTATO, "土豆", "2100.00"),
    (POTATO, "苦荞粉", "2200.00"),
    (POTATO, "土豆", "2300.00"),
    (POTATO, "苦荞粉", "2400.00"),
    (POMELO, "胡柚", "3100.00"),
    (POMELO, "胡柚", "3200.00"),
]
ORIGINS = {RICE: "昭觉县", POTATO: "布拖县", POMELO: "常山县"}


def invoice(number: int) -> bytes:
    seller, product, amount = BOUGHT[number]
    return make_invoice_pdf(
        InvoiceSpec(
            number=f"215120000000{number:08}",
            issue_date=datetime.date(2021, 9, 1 + number),
            buyer=SCHOOL,
            seller=Party(seller),
            items=[ItemSpec(f"*农产品*{product}", Decimal(amount))],
        )
    )


def slip(amount: str) -> bytes:
    """An electronic payment slip, as a bank prints it."""
    pen = Pen("电子回单")
    for row, words in enumerate(
        (
            "某银行电子回单",
            "交易日期：2021-09-12",
            f"付款人户名：{SCHOOL.name}",
            f"收款人户名：{POMELO}",
            f"金额（小写）：¥{amount}",
        )
    ):
        pen.text(20, 20 + 10 * row, words)
    return pen.done()


def zipped(**files: bytes) -> bytes:
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as archive:
        for name, data in files.items():
            archive.writestr(f"九月/{name}.pdf", data)
    return box.getvalue()


@pytest.fixture
def school(transactional_db: None):
    make_policy()
    school = make_unit("S01", Kind.SCHOOL, SCHOOL.name, uscc="12330282MB0000001L")
    make_purchase(
        school,
        line("100.00", Use.CANTEEN, "昭觉县", product="粳米"),
        supplier=RICE,
        channel=Channel.PLATFORM_832,
    )
    make_user("clerk", Role.CLERK, school)
    return school


class Hand:
    """What the clerk does after the drop, counted: opening a list and choosing from it are two clicks."""

    def __init__(self) -> None:
        self.clicks = 0

    def click(self, what: Locator) -> None:
        what.click()
        self.clicks += 1

    def choose(self, where: Locator, what: str) -> None:
        where.select_option(label=what)
        self.clicks += 2


def test_ten_dropped_invoices_are_ten_submissions_in_twenty_clicks(
    celery_worker_process: None, live_server, school, page: Page, screenshot: Callable[..., Path]
) -> None:
    log_in(page, live_server.url, "clerk", "clerk")
    files = {f"发票{number}.pdf": invoice(number) for number in range(9)}
    files["九月.zip"] = zipped(发票9=invoice(9), 回单=slip("3200.00"))
    drop_files(page, files)
    hand = Hand()
    page.get_by_text("已收到 11 个文件").wait_for()
    ready = page.get_by_text("有 10 份草稿待补充")
    ready.wait_for(timeout=120_000)
    page.get_by_text("个正在识别").wait_for(state="detached", timeout=60_000)
    both_sizes(page, screenshot, "ten-inbox")

    hand.click(page.get_by_role("link", name="逐笔核对并提交"))
    page.get_by_text("处是系统建议").wait_for()
    sheets = page.locator("[data-sheet]")
    assert sheets.count() == 10
    of_pomelo = sheets.filter(has_text=POMELO)
    together = of_pomelo.filter(has_text="回单.pdf")
    assert "金额同为 3,200.00 元，供应商相同" in together.inner_text()
    assert page.locator("select.is-proposed").count() == 4 * 3, "what the unit bought before is proposed"
    screenshot(page, "ten-proposed")

    bar = page.locator(".fill-bar")
    hand.choose(of_pomelo.nth(0).get_by_label("产地"), "常山县★")
    hand.choose(of_pomelo.nth(1).get_by_label("产地"), "常山县★")
    hand.choose(bar.get_by_label("全部空白处的采购渠道"), "产地直采")
    hand.choose(bar.get_by_label("全部空白行的用途"), "食堂采购")
    hand.choose(bar.get_by_label("全部空白行的产地"), "布拖县★")
    hand.click(page.get_by_label("全选"))
    both_sizes(page, screenshot, "ten-filled")
    hand.click(page.get_by_role("button", name="提交选中的"))
    page.get_by_text("已提交 10 笔").wait_for()
    screenshot(page, "ten-submitted", full_page=False)

    assert hand.clicks <= 20, f"{hand.clicks} clicks"
    submitted = Purchase.objects.filter(status=Status.SUBMITTED)
    assert submitted.count() == 10 and not Purchase.objects.filter(status=Status.DRAFT).exists()
    for purchase in submitted:
        only = purchase.lines.get()
        assert (only.use, only.region.name) == (Use.CANTEEN, ORIGINS[purchase.supplier.name])
        remembered = purchase.supplier.name == RICE
        assert purchase.channel == (Channel.PLATFORM_832 if remembered else Channel.DIRECT)
    paid = Receipt.objects.get(name="回单.pdf").purchase
    assert paid.lines.get().amount == Decimal("3200.00")
    print(f"{hand.clicks} clicks from the drop to ten submissions")


def read(page: Page, inbox: str) -> bool:
    """Looked at again by hand, as it is without scripts."""
    page.goto(inbox)
    waiting = page.get_by_text("个正在识别").count()
    return not waiting and page.get_by_text("有 3 份草稿待补充").count() == 1


def test_the_same_works_without_scripts(
    celery_worker_process: None,
    live_server,
    school,
    browser: Browser,
    screenshot: Callable[..., Path],
    eventually,
) -> None:
    context = browser.new_context(
        java_script_enabled=False, locale="zh-CN", viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    log_in(page, live_server.url, "clerk", "clerk")
    page.goto(f"{live_server.url}/inbox/")
    page.locator("#drop-files").set_input_files(
        [
            {
                "name": "九月.zip",
                "mimeType": "application/zip",
                "buffer": zipped(a=invoice(0), b=invoice(4), c=invoice(5)),
            }
        ]
    )
    page.get_by_role("button", name="上传并识别").click()
    page.get_by_text("已收到 3 个文件").wait_for()
    eventually(lambda: read(page, f"{live_server.url}/inbox/"), "the three invoices are not read", 120)
    page.get_by_role("link", name="逐笔核对并提交").click()
    second = page.locator("[data-sheet]").nth(1)
    second.get_by_label("采购渠道").select_option(label="产地直采")
    second.get_by_label("用途").select_option(label="单位采购")
    second.get_by_label("产地").select_option(label="布拖县★")
    page.locator("[data-sheet]").nth(2).get_by_role("button", name="同上").click()
    third = page.locator("[data-sheet]").nth(2)
    expect(third.get_by_label("用途")).to_have_value(Use.OFFICE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    screenshot(page, "ten-plain-390")
    page.get_by_label("全选").check()
    page.get_by_role("button", name="提交选中的").click()
    page.get_by_text("已提交 3 笔").wait_for()
    assert Purchase.objects.filter(status=Status.SUBMITTED).count() == 3
    context.close()

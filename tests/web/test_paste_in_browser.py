"""Cells copied from a spreadsheet, pasted into a purchase's lines and into the year's targets, in a real browser."""

import pytest

from procurement.choices import Status
from tests.factories import line, make_base, make_policy, make_purchase, make_unit, make_user
from tests.web.test_clerk_in_browser import log_in
from units.kinds import Kind
from units.models import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASTE = """(field, text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    field.dispatchEvent(new ClipboardEvent("paste", {bubbles: true, cancelable: true, clipboardData: data}));
}"""


def paste(locator, text: str) -> None:
    locator.evaluate(f"(field, text) => ({PASTE})(field, text)", text)


def test_rows_copied_from_a_sheet_become_lines_and_are_stored(
    live_server, transactional_db, page, screenshot
):
    make_policy()
    school = make_unit("S01", Kind.SCHOOL, "青瓷湾学校")
    make_user("clerk", "clerk", school)
    draft = make_purchase(school, line("1.00", use="", region=None, product="旧的"), status=Status.DRAFT)
    log_in(page, live_server)
    page.goto(f"{live_server.url}/purchases/{draft.pk}/")
    lines = page.locator("fieldset.line")
    paste(
        lines.first.get_by_label("产品名称"),
        "产品名称\t金额（元）\t数量\t用途\t产地\r\n土豆\t1,200.50\t100\t食堂采购\t布拖县\r\n苦荞茶\t80\t2\t办公\t布拖县\r\n",
    )
    assert "已粘贴 2 行；第 2 行的用途“办公”不在可选范围内" in page.locator(".paste-told").inner_text()
    assert (lines.count(), page.locator("[data-sum]").inner_text()) == (2, "1,280.50")
    lines.nth(1).get_by_label("用途").select_option("单位采购")
    screenshot(page, "purchase-pasted", full_page=False)
    with page.expect_navigation():
        page.get_by_role("button", name="保存").last.click()
    stored = [(each.product_name, str(each.amount), each.use) for each in draft.lines.order_by("position")]
    assert stored == [("土豆", "1200.50", "canteen"), ("苦荞茶", "80.00", "office")]
    assert {each.region.name for each in draft.lines.all()} == {"布拖县"}


def test_targets_pasted_by_name_are_shown_before_they_count(live_server, transactional_db, page, screenshot):
    make_policy()
    towns = [make_unit(f"T0{number}", Kind.TOWN, f"演练{number}镇") for number in range(1, 4)]
    make_base(towns[0], target="5000.00")
    make_user("clerk", Role.BUREAU, make_unit("D09", Kind.DEPARTMENT, "市商务局"))
    page.goto(f"{live_server.url}/login/")
    page.get_by_label("用户名").fill("clerk")
    page.get_by_label("密码").fill("clerk")
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/login/" not in url)
    page.goto(f"{live_server.url}/imports/targets/?year=2021")
    first = page.get_by_label("演练1镇的采购目标")
    assert first.input_value() == "5,000.00"
    paste(first, "演练3镇\t7,000\n演练1镇\t6000\n没有的镇\t1\n")
    assert [page.get_by_label(f"演练{number}镇的采购目标").input_value() for number in (1, 2, 3)] == [
        "6000",
        "",
        "7,000",
    ]
    assert "已粘贴 2 行；没有“没有的镇”这一行" in page.locator(".paste-told").inner_text()
    screenshot(page, "targets-pasted")
    page.get_by_role("button", name="核对改动").click()
    page.wait_for_url("**/imports/*/")
    assert str(towns[0].bases.get().target) == "5000.00", "nothing counts before it is confirmed"

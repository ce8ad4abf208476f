"""A new year's policy in a real browser: copied, changed part by part, previewed, put in force."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assessment.models import Policy, PolicyStatus, Rule
from procurement.models import Region
from tests.browser.steps import both_sizes, log_in, open_menu
from tests.factories import line, make_base, make_policy, make_purchase, make_unit, make_user
from units.kinds import Kind
from units.models import Role

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def city(transactional_db: None) -> None:
    organisers = [{"kinds": ["school"], "unit": "市教育局", "duty": "组织"}]
    make_policy(canteen_share={"organisers": organisers, "lead": "市财政局"})
    for number in range(1, 6):
        bank = make_unit(f"F{number:02d}", Kind.FINANCIAL, f"第{number}银行")
        make_base(bank, 2022, assistance_base=f"{number}000.00")
        make_purchase(bank, line("200.00"), line("60.00", region="其他地区"), date="2022-04-01")
    make_user("bureau", Role.BUREAU, make_unit("D01", Kind.DEPARTMENT, "市商务局"))


def press(page: Page, name: str) -> None:
    """A button that sends the form; what follows is seen on the page that comes."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def save(page: Page) -> None:
    press(page, "保存")
    page.get_by_text("已保存").first.wait_for()


def part(page: Page, title: str) -> None:
    """By the list of the draft's parts."""
    if not page.locator(".policy-steps").count():
        with page.expect_navigation():
            page.get_by_role("link", name="修改", exact=True).first.click()
    with page.expect_navigation():
        page.get_by_label("政策的各部分").get_by_role("link", name=title).click()


def write_the_year(page: Page, site: str, shoot: Callable[[str], None]) -> None:
    log_in(page, site, "bureau", "bureau")
    page.goto(f"{site}/policies/")
    assert page.get_by_label("从上一年新建").input_value() == "2022"
    shoot("list")
    press(page, "复制为草稿")
    page.get_by_label("全市总额目标（不低于）", exact=True).fill("7200")
    page.get_by_label("文号").fill("慈支援办〔2022〕3号")
    shoot("head")
    save(page)
    part(page, "结对地区")
    page.get_by_label("其他地区的结对类别").select_option("东西部协作")
    first = page.locator("fieldset.line").first
    first.get_by_label("产地名称").fill("木垒县")
    first.get_by_label("区划代码").fill("652")
    shoot("pairings")
    press(page, "保存")
    page.get_by_text("区划代码应为六位数字").wait_for()
    shoot("pairings-refused")
    press(page, "再加几行")
    assert page.locator("fieldset.line").count() == 6
    assert page.get_by_label("其他地区的结对类别").input_value() == "east_west"
    page.locator("fieldset.line").first.get_by_label("区划代码").fill("652328")
    save(page)
    part(page, "食堂采购占比")
    page.get_by_label("不低于（%）").fill("12.5%")
    press(page, "再加一行")
    organisers = page.locator("fieldset.line")
    organisers.nth(1).get_by_label("单位", exact=True).fill("市卫生健康局")
    organisers.nth(1).get_by_label("医院").check()
    shoot("rule")
    save(page)
    part(page, "金融机构占比")
    page.get_by_label("不低于（%）").fill("10")
    save(page)
    shoot("document")
    page.get_by_role("link", name="预览并执行").click()
    page.get_by_text("5 个数字会变，其中 5 个状态会变").wait_for()
    shoot("preview")
    press(page, "确认执行")
    page.get_by_text("2022 年度政策已执行").wait_for()
    shoot("in-force")
    policy = Policy.objects.get(year=2022)
    assert policy.status == PolicyStatus.IN_FORCE
    assert Region.objects.get(name="木垒县").code == "652328"
    canteen = Rule.objects.get(policy=policy, kind="canteen_share")
    assert str(canteen.percent) == "12.50"
    assert [row["unit"] for row in canteen.organisers] == ["市教育局", "市卫生健康局"]


def test_a_years_policy_is_written_previewed_and_put_in_force(
    live_server, city: None, page: Page, screenshot: Callable[..., Path]
) -> None:
    write_the_year(page, live_server.url, lambda name: both_sizes(page, screenshot, f"policy-{name}"))
    open_menu(page, "政策")
    page.get_by_role("row").filter(has_text="2022年").get_by_text("执行政策").wait_for()


def test_the_same_without_scripts(live_server, city: None, browser) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    context.set_default_timeout(15_000)
    write_the_year(context.new_page(), live_server.url, lambda name: None)
    context.close()

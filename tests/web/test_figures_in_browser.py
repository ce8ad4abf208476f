"""试算, 封账 and the lines of a figure in a real browser, at the desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from assessment.models import Snapshot
from procurement.choices import Channel, Status, Use
from tests.browser.steps import both_sizes, choose_year, log_in, open_menu, shown_yuan
from tests.factories import line, make_base, make_policy, make_purchase, make_unit, make_user
from units.kinds import Kind
from units.models import Role
from units.years import YearLock

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def city(transactional_db: None) -> None:
    make_policy()
    town = make_unit("T01", Kind.TOWN, "临江镇")
    school = make_unit("S01", Kind.SCHOOL, "临江小学", town=town)
    make_base(school, canteen_budget="1000.00")
    make_base(town, target="500.00")
    make_purchase(school, line("60.00", Use.CANTEEN), number="P1", channel=Channel.PLATFORM_832)
    make_purchase(town, line("40.00"), line("9.00", region="其他地区"), number="P2")
    make_purchase(town, line("7.00"), number="W1", status=Status.SUBMITTED)
    make_user("clerk", Role.CLERK, school)
    make_user("bureau", Role.BUREAU, make_unit("D01", Kind.DEPARTMENT, "市商务局"))
    make_user("oversight", Role.OVERSIGHT, make_unit("D02", Kind.DEPARTMENT, "市对口支援办"))


@pytest.fixture
def shoot(screenshot: Callable[..., Path]) -> Callable[[Page, str], None]:
    return lambda page, name: both_sizes(page, screenshot, f"figures-{name}")


@pytest.fixture
def person(new_page: Callable[[], Page], live_server, city: None) -> Callable[[str], Page]:
    def come(name: str) -> Page:
        page = new_page()
        log_in(page, live_server.url, name, name)
        choose_year(page, 2021)
        return page

    return come


def test_a_clerk_tries_out_what_is_missing(person, shoot) -> None:
    page = person("clerk")
    open_menu(page, "试算")
    row = page.get_by_role("group", name="第 1 行").first
    row.get_by_label("用途").select_option("食堂采购")
    row.get_by_label("产地").select_option(label="布拖县 ★")
    row.get_by_label("金额（元）").fill("40")
    page.get_by_role("button", name="再加两行").first.click()
    expect(page.get_by_label("金额（元）")).to_have_count(4)
    assert page.get_by_label("金额（元）").first.input_value() == "40"
    page.get_by_role("button", name="试算", exact=True).click()
    page.get_by_text("6.00%").wait_for()
    page.get_by_text("10.00%").wait_for()
    assert page.get_by_text("这样就达到了").count() == 1
    shoot(page, "whatif")


def test_a_figure_opens_beside_the_page_and_its_lines_add_up(person, shoot, live_server, tmp_path) -> None:
    page = person("bureau")
    link = page.locator(".total-value a").first
    figure = shown_yuan(link)
    assert figure == Decimal("100.00")
    link.click()
    drawer = page.locator("#explain-drawer")
    drawer.locator(".sum-line").wait_for()
    amounts = drawer.locator(".drawer-lines strong").all_inner_texts()
    assert sum(Decimal(amount.replace(",", "")) for amount in amounts) == figure
    drawer.get_by_role("link", name="产地未结对").click()
    drawer.get_by_text("不在当年结对范围内").wait_for()
    shoot(page, "drawer")
    with page.expect_navigation():
        drawer.get_by_role("link", name="完整明细与导出").click()
    shoot(page, "lines")
    with page.expect_download() as download:
        page.get_by_role("button", name="导出 Excel").click()
    assert download.value.suggested_filename.endswith(".xlsx")


def test_a_year_is_closed_asked_to_be_opened_and_opened_by_another(person, shoot) -> None:
    bureau = person("bureau")
    bureau.on("dialog", lambda dialog: dialog.accept())
    open_menu(bureau, "封账")
    bureau.get_by_label("不计入").check()
    bureau.get_by_label("我已核对").check()
    shoot(bureau, "sealing-before")
    bureau.get_by_role("button", name="封账", exact=True).click()
    bureau.get_by_text("各版内容与校验值一致").wait_for()
    assert bureau.get_by_text(Snapshot.objects.get().digest).count() == 1
    bureau.get_by_label("申请启封的原因").fill("漏报更正")
    bureau.get_by_role("button", name="申请启封").click()
    bureau.get_by_text("等待市对口支援办决定").first.wait_for()
    shoot(bureau, "sealing-after")
    oversight = person("oversight")
    oversight.on("dialog", lambda dialog: dialog.accept())
    open_menu(oversight, "封账")
    oversight.get_by_role("button", name="同意启封").click()
    oversight.get_by_text("已启封", exact=True).wait_for()
    assert not YearLock.objects.get(year=2021).locked
    oversight.get_by_role("link", name="第 1 版").click()
    oversight.get_by_role("heading", name="2021 年度封账第 1 版").wait_for()
    shoot(oversight, "snapshot")

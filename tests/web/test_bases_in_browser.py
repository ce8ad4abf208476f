"""A clerk files the year's base, the reviewer confirms it, and the figure follows; sent back, it is put right."""

import pytest

from procurement.choices import Channel, Use
from tests.browser.fixtures import PHONE
from tests.browser.steps import both_sizes, log_in, open_menu
from tests.factories import line, make_base, make_policy, make_purchase, make_unit, make_user
from units.kinds import Kind
from units.models import BaseStatus, Role, YearBase

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def city(transactional_db):
    make_policy()
    town, bureau = make_unit("T01", Kind.TOWN, "观海卫镇"), make_unit("D06", Kind.DEPARTMENT, "市教育局")
    school = make_unit("S01", Kind.SCHOOL, "青瓷湾学校", town=town, supervisor=bureau)
    make_unit("U01", Kind.UNION, "青瓷湾学校工会", host=school)
    make_base(school, 2020, canteen="own", canteen_budget="48000.00")
    make_base(town, canteen="contracted", canteen_budget="500000.00", target="1780000.00")
    make_base(bureau, status=BaseStatus.FILED, canteen="own", canteen_budget="610000.00", target="2960000.00")
    make_purchase(school, line("6000.00", Use.CANTEEN), channel=Channel.PLATFORM_832)
    make_user("clerk", Role.CLERK, school)
    make_user("bureau", Role.BUREAU, make_unit("D01", name="市商务局"))
    return school


def test_a_base_is_filed_confirmed_and_measures_a_figure(live_server, city, new_page, screenshot):
    def shoot(page, name):
        both_sizes(page, screenshot, name)

    clerk, reviewer = new_page(), new_page()
    log_in(clerk, live_server.url, "clerk", "clerk")
    log_in(reviewer, live_server.url, "bureau", "bureau")
    shoot(clerk, "base-my-unit")
    clerk.get_by_role("link", name="现在填报").first.click()
    budget = clerk.get_by_label("食堂采购预算（元）")
    budget.wait_for(state="hidden")
    clerk.get_by_label("食堂情况").select_option("共用")
    assert clerk.get_by_label("共用代表单位").is_visible() and not budget.is_visible()
    clerk.get_by_label("食堂情况").select_option("自营")
    assert not clerk.get_by_label("共用代表单位").is_visible()
    budget.fill("50,000")
    shoot(clerk, "base-form")
    clerk.get_by_role("button", name="下一步：核对").click()
    clerk.get_by_role("cell", name="48,000.00 元").wait_for()
    shoot(clerk, "base-check")
    clerk.get_by_role("button", name="填报").click()
    clerk.get_by_text("已填报，等待主管单位确认").wait_for()
    shoot(clerk, "base-filed")

    open_menu(reviewer, "年度基数")
    shoot(reviewer, "bases")
    reviewer.get_by_label("状态").select_option("待我确认")
    reviewer.get_by_role("button", name="查询").click()
    reviewer.get_by_role("link", name="青瓷湾学校", exact=True).click()
    shoot(reviewer, "base-review")
    reviewer.get_by_role("button", name="确认").click()
    reviewer.get_by_text("年度基数已确认").wait_for()
    assert reviewer.url.endswith("status=mine&unit=&kind=&supervisor=&town=")

    open_menu(clerk, "我的单位")
    clerk.get_by_text("占食堂采购预算 50,000.00 元的 12.00%").wait_for()

    reviewer.goto(f"{live_server.url}/bases/2021/S01/")
    reviewer.once("dialog", lambda dialog: dialog.accept())
    reviewer.get_by_label("退回原因").fill("与预算批复不一致")
    reviewer.get_by_role("button", name="退回重填").click()
    reviewer.get_by_text("已退回重填").wait_for()
    open_menu(clerk, "我的单位")
    clerk.get_by_role("link", name="去修改").click()
    clerk.get_by_text("与预算批复不一致").first.wait_for()
    shoot(clerk, "base-returned")


def test_many_are_confirmed_by_picking_the_page(live_server, city, page):
    page.on("dialog", lambda dialog: dialog.accept())
    log_in(page, live_server.url, "bureau", "bureau")
    page.goto(f"{live_server.url}/bases/?year=2021")
    page.get_by_label("全选本页无疑点的").check()
    page.get_by_role("button", name="确认勾选的").click()
    page.get_by_text("已确认 1 个单位的年度基数").wait_for()
    assert YearBase.objects.get(unit__code="D06").status == BaseStatus.CONFIRMED


def test_the_form_works_without_scripts_and_on_a_phone(live_server, city, browser):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN", viewport=PHONE)
    page = context.new_page()
    log_in(page, live_server.url, "clerk", "clerk")
    page.goto(f"{live_server.url}/bases/2021/S01/?year=2021")
    page.get_by_label("食堂情况").select_option("无食堂")
    page.get_by_label("食堂采购预算（元）").fill("不填")
    page.get_by_role("button", name="下一步：核对").click()
    page.get_by_role("button", name="填报").click()
    page.get_by_text("已填报，等待主管单位确认").wait_for()
    base = YearBase.objects.get(unit=city, year=2021)
    assert (base.canteen, base.canteen_budget) == ("none", None)
    context.close()

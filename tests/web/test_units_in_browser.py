"""A unit moves to another town: the administrator sees which figures move, confirms, and they have moved."""

import pytest

from tests.browser.steps import both_sizes, log_in
from tests.factories import line, make_base, make_policy, make_purchase, make_unit, make_user
from units.kinds import Kind
from units.models import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def city(transactional_db):
    make_policy()
    old, new = make_unit("T01", Kind.TOWN, "观海卫镇"), make_unit("T02", Kind.TOWN, "龙山镇")
    for town in (old, new):
        make_base(town, target="10000.00")
    school = make_unit(
        "S01", Kind.SCHOOL, "青瓷湾学校", town=old, supervisor=make_unit("D06", name="市教育局")
    )
    make_unit("U01", Kind.UNION, "青瓷湾学校工会", host=school)
    make_purchase(school, line("1200.00"), date="2021-03-05")
    make_purchase(school, line("345.60"), date="2021-09-10")
    make_user("bureau", Role.BUREAU, make_unit("D01", name="市商务局"))
    return school


def test_a_move_is_seen_before_it_is_done(live_server, city, page, screenshot):
    def shoot(name):
        both_sizes(page, screenshot, name)

    log_in(page, live_server.url, "bureau", "bureau")
    page.get_by_role("link", name="单位", exact=True).click()
    page.get_by_label("单位", exact=True).fill("青瓷")
    page.get_by_role("button", name="查询").click()
    page.get_by_text("2 个单位").wait_for()
    shoot("units")
    page.get_by_role("link", name="青瓷湾学校", exact=True).click()
    page.get_by_role("link", name="修改单位").click()
    page.get_by_label("所在镇街").select_option("T02 龙山镇")
    page.get_by_label("从某日起").check()
    page.get_by_label("起始日", exact=True).fill("2021-07-01")
    shoot("unit-edit")
    page.get_by_role("button", name="保存").click()
    row = page.get_by_role("row").filter(has_text="龙山镇")
    row.wait_for()
    assert row.locator("td").all_inner_texts()[2:] == ["0.00", "345.60", "+345.60"]
    shoot("unit-preview")
    page.get_by_role("button", name="确认修改").click()
    page.get_by_text("2 个数字随之变动").wait_for()
    shoot("unit-changed")
    page.goto(f"{live_server.url}/units/T02/?year=2021")
    page.get_by_text("345.60").first.wait_for()

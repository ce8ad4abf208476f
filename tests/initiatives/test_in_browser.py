"""Activities and complaints in a browser: what a person does there. tests/browser/test_accessible.py opens every page."""

import pytest
from playwright.sync_api import expect

from initiatives.models import Complaint, Record
from tests.browser.fixtures import DESKTOP, PHONE
from tests.browser.steps import FITS
from tests.factories import make_policy, make_unit, make_user
from tests.initiatives.browsing import opened
from units.kinds import Kind
from units.models import Role

pytestmark = [pytest.mark.browser, pytest.mark.nodb, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people():
    """A clerk, and the offices that deal with their cases."""
    make_policy()
    units = {"S01": make_unit("S01", Kind.SCHOOL, "临江小学")}
    for code, name in (
        ("D01", "市商务局"),
        ("D02", "市对口支援办"),
        ("D03", "市财政局"),
        ("D14", "市市场监督管理局"),
    ):
        units[code] = make_unit(code, Kind.DEPARTMENT, name)
    roles = {
        "S01": Role.CLERK,
        "D01": Role.BUREAU,
        "D02": Role.OVERSIGHT,
        "D03": Role.CLERK,
        "D14": Role.CLERK,
    }
    return {code: make_user(f"{role}-{code}", role, units[code]) for code, role in roles.items()}


@pytest.mark.parametrize("width", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_units_are_found_by_name_or_initials_and_chosen_by_keys_or_finger(
    browser, live_server, client, people, width
):
    page = opened(browser, live_server, client, people["S01"])
    page.set_viewport_size(width)
    page.goto(f"{live_server.url}/initiatives/kinds/activity/new/")
    field, choices = page.get_by_label("牵头单位"), page.get_by_role("listbox").get_by_role("option")
    field.press_sequentially("sczj")
    expect(choices).to_have_text(["D03 市财政局"])
    field.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == choices.get_attribute("id")
    field.press("Enter")
    field.press_sequentially("、支援")
    choices.click()
    assert field.input_value() == "D03 市财政局、D02 市对口支援办" and choices.count() == 0
    field.press_sequentially("、没有的")
    assert "没有编码、名称或拼音首字母含“没有的”的单位" in page.locator(".unit-choices").inner_text()
    field.press("Escape")
    assert page.locator(".unit-choices").count() == 0 and page.evaluate(FITS)
    page.get_by_label("活动名称").fill("展销会")
    page.get_by_label("开始日期").fill("2021-06-01")
    page.get_by_label("活动类别").select_option("展销会")
    page.get_by_role("button", name="保存").click()
    assert "没有编码或名称为“没有的”的单位" in page.locator(".has-error").inner_text()
    field.fill("D03 市财政局、市对口支援办")
    page.get_by_role("button", name="保存").click()
    page.get_by_text("已登记，可以").wait_for()
    parts = Record.objects.get().parts.values_list("unit__code", "part")
    assert set(parts) == {("D03", "lead"), ("D02", "lead")}


def test_a_complaint_goes_from_its_photo_to_the_finding(browser, live_server, client, people, png):
    page = opened(browser, live_server, client, people["S01"])
    page.goto(f"{live_server.url}/initiatives/complaints/new/")
    page.get_by_label("类别").select_option("price")
    page.get_by_label("供应商", exact=True).fill("贵价公司")
    page.get_by_label("发现日期").fill("2021-06-01")
    page.get_by_label("情况").fill("比市价高一倍")
    page.get_by_label("照片、检测报告").set_input_files(
        {"name": "价签.png", "mimeType": "image/png", "buffer": png}
    )
    page.get_by_role("button", name="提交投诉").click()
    page.get_by_role("link", name="价签.png").wait_for()
    page.context.close()
    address = f"/initiatives/complaints/{Complaint.objects.latest('pk').pk}/"
    page = opened(browser, live_server, client, people["D14"])
    page.goto(live_server.url + address)
    page.get_by_label("检查日期").fill("2021-06-03")
    page.get_by_label("检查情况").fill("三家比价，确高一倍")
    page.get_by_role("button", name="登记检查").click()
    page.get_by_label("认定", exact=True).select_option("upheld")
    page.get_by_label("认定说明").fill("价格明显偏高")
    page.get_by_role("button", name="认定").click()
    page.get_by_text("认定：属实").wait_for()
    page.context.close()

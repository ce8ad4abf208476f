"""A clerk's sitting in a real browser, with a real worker: drop, complete, submit; on a phone too."""

import pytest
from playwright.sync_api import expect

from procurement.choices import Status
from procurement.models import Purchase, Receipt
from tests.browser.fixtures import PHONE
from tests.factories import line, make_base, make_policy, make_purchase, make_unit, make_user
from tests.services import ROOT
from units.kinds import Kind

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAMPLES = ROOT / "tests" / "samples"
HOTEL, DIGITAL = SAMPLES / "e-invoice-2020-hotel.ofd", SAMPLES / "e-invoice-2024-fully-digital.ofd"


@pytest.fixture
def school(transactional_db):
    make_policy()
    school = make_unit("S01", Kind.SCHOOL, "青瓷湾学校")
    make_base(school, canteen_budget="10000.00", canteen="own")
    make_user("clerk", "clerk", school)
    return school


def log_in(page, live_server):
    page.goto(f"{live_server.url}/login/")
    page.get_by_label("用户名").fill("clerk")
    page.get_by_label("密码").fill("clerk")
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/unit/")


def test_a_clerk_drops_files_completes_and_submits_them(
    live_server, celery_worker_process, school, page, screenshot
):
    log_in(page, live_server)
    page.locator("#drop-files").set_input_files([HOTEL, DIGITAL])
    page.get_by_role("link", name="去补充").nth(1).wait_for()
    screenshot(page, "inbox-read")
    page.get_by_role("row").filter(has_text=HOTEL.name).get_by_role("link", name="去补充").click()
    page.locator(".history-head").first.wait_for()
    page.get_by_label("采购渠道").select_option("832平台")
    page.get_by_label("供应商", exact=True).focus()
    page.locator("#suppliers option").first.wait_for(state="attached")
    page.get_by_label("全部空白行的用途").select_option("食堂采购")
    page.get_by_label("全部空白行的产地").select_option("布拖县")
    assert page.locator("[data-sum]").inner_text() == "526.00"
    page.get_by_role("button", name="再加一行").click()
    second = page.locator("fieldset.line").nth(1)
    second.get_by_label("金额（元，含税）").fill("1,000")
    assert page.locator("[data-sum]").inner_text() == "1,526.00"
    second.get_by_role("button", name="删除").click()
    screenshot(page, "purchase-form", full_page=False)
    page.get_by_role("button", name="提交审核").click()
    page.get_by_text("已提交审核，这是下一份草稿").wait_for()
    hotel, digital = Purchase.objects.order_by("pk")
    assert {hotel.status, digital.status} == {Status.SUBMITTED, Status.DRAFT}
    submitted = hotel if hotel.status == Status.SUBMITTED else digital
    assert str(submitted.lines.get().amount) == "526.00"


DRAG = """(count) => {
    const transfer = new DataTransfer();
    for (let number = 1; number <= count; number += 1) {
        transfer.items.add(new File(["%PDF-1.4 " + number], number + ".pdf", {type: "application/pdf"}));
    }
    transfer.items.add(new File(["MZ"], "程序.exe"));
    const area = document.querySelector("[data-drop]");
    area.dispatchEvent(new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer: transfer}));
}"""


def test_files_dragged_onto_the_area_are_sent_one_by_one_and_each_tells_its_end(
    live_server, school, page, screenshot
):
    log_in(page, live_server)
    page.goto(f"{live_server.url}/inbox/")
    page.evaluate(DRAG, 3)
    page.get_by_text("已收到 3 个文件").wait_for()
    rows = page.locator(".drop-file")
    assert rows.count() == 4 and rows.filter(has_text="已收到").count() == 3
    assert "不是票据文件" in rows.filter(has_text="程序.exe").inner_text()
    page.get_by_role("link", name="3.pdf").wait_for()
    screenshot(page, "inbox-dropped")
    page.evaluate(DRAG, 50)
    page.get_by_text("这次共有 51 个文件，一次最多 50 个，没有上传任何一个").wait_for()
    assert Receipt.objects.count() == 3


def test_a_photo_taken_on_a_phone_goes_up_at_once(live_server, school, browser, screenshot):
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="zh-CN")
    page = context.new_page()
    log_in(page, live_server)
    camera = page.locator("input[capture=environment]")
    assert page.get_by_text("拍照上传").is_visible()
    camera.scroll_into_view_if_needed()
    screenshot(page, "phone-drop", full_page=False)
    camera.set_input_files({"name": "照片.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff photo"})
    page.get_by_text("已收到 1 个文件").wait_for()
    page.get_by_role("link", name="照片.jpg").wait_for()
    context.close()


def test_a_long_purchase_is_paged_and_its_sum_counts_every_line(live_server, school, page, screenshot):
    lines = [line("1.00", use="", region=None, product=f"产品{number}") for number in range(1, 121)]
    draft = make_purchase(school, *lines, status=Status.DRAFT)
    log_in(page, live_server)
    page.goto(f"{live_server.url}/purchases/{draft.pk}/")
    first = page.locator("fieldset.line").first
    first.get_by_label("金额（元，含税）").fill("5")
    assert page.locator("[data-sum]").inner_text() == "124.00"
    first.get_by_label("用途").select_option("食堂采购")
    first.get_by_label("产地").select_option("布拖县★")
    second = page.locator("fieldset.line").nth(1)
    second.get_by_role("button", name="用途产地同上").click()
    assert second.get_by_label("用途").input_value() == "canteen"
    page.get_by_role("button", name="101–120").click()
    page.get_by_text("已保存").wait_for()
    page.wait_for_load_state()
    assert page.locator("fieldset.line").count() == 20
    assert page.locator("fieldset.line").first.locator("[data-position]").inner_text() == "101"
    assert page.locator("[data-sum]").inner_text() == "124.00"
    screenshot(page, "purchase-part", full_page=False)
    page.get_by_role("button", name="再加一行").click()
    added = page.locator("fieldset.line").last
    assert added.locator("[data-position]").inner_text() == "121"
    added.get_by_label("金额（元，含税）").fill("6")
    with page.expect_navigation():
        page.get_by_role("button", name="保存").last.click()
    stored = [str(each.amount) for each in draft.lines.all()]
    assert len(stored) == 121 and (stored[0], stored[-1]) == ("5.00", "6.00")
    assert draft.lines.filter(use="canteen").count() == 2


def test_no_page_of_the_clerk_scrolls_sideways_on_a_phone(live_server, school, new_page, screenshot):
    draft, approved = make_purchase(school, status=Status.DRAFT), make_purchase(school)
    page = new_page(PHONE)
    log_in(page, live_server)
    for name, address in {
        "unit": "/unit/",
        "inbox": "/inbox/",
        "purchases": "/purchases/",
        "draft": f"/purchases/{draft.pk}/",
        "approved": f"/purchases/{approved.pk}/",
        "new": "/purchases/new/",
        "password": "/password/",
    }.items():
        page.goto(live_server.url + address, wait_until="networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
        screenshot(page, f"phone-{name}")


def test_the_forms_work_without_scripts(live_server, school, browser):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    log_in(page, live_server)
    page.goto(f"{live_server.url}/purchases/new/")
    page.get_by_label("产品名称").fill("大米")
    page.get_by_label("金额（元，含税）").fill("12.50")
    page.get_by_role("button", name="再加一行").click()
    expect(page.locator("fieldset.line")).to_have_count(2)
    page.get_by_role("button", name="保存草稿").click()
    page.get_by_text("已保存为草稿").wait_for()
    page.goto(f"{live_server.url}/inbox/")
    page.locator("#drop-files").set_input_files([HOTEL, DIGITAL])
    page.get_by_role("button", name="上传并识别").click()
    page.get_by_text("已收到 2 个文件").wait_for()
    assert str(Purchase.objects.get().lines.get().amount) == "12.50"
    context.close()

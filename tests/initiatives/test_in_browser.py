"""Complaints, inspections, funds and prices in a browser: what a person does there, and that the pages keep nobody out."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from initiatives import records
from initiatives.funds import applications, schemes
from initiatives.inspection import revocations, verbs
from initiatives.kinds import KINDS
from initiatives.market import blacklist, complaints
from initiatives.models import Application, Complaint, Inspection, Record, Scheme
from procurement.models import Blacklisting, Supplier
from tests.browser.fixtures import DESKTOP, PHONE
from tests.browser.steps import FITS
from tests.factories import line, make_policy, make_purchase, make_unit, make_user
from tests.initiatives.browsing import barriers, opened
from units.kinds import Kind
from units.models import Role, Unit

pytestmark = [pytest.mark.browser, pytest.mark.nodb, pytest.mark.django_db(transaction=True)]
DAY = datetime.date(2021, 6, 1)


@pytest.fixture
def people():
    """A clerk with a case of each sort, and those who deal with them."""
    make_policy()
    units = {"S01": make_unit("S01", Kind.SCHOOL, "临江小学")}
    for code, name in (
        ("D01", "市商务局"),
        ("D02", "市对口支援办"),
        ("D03", "市财政局"),
        ("D14", "市市场监督管理局"),
    ):
        units[code] = make_unit(code, Kind.DEPARTMENT, name)
    school = units["S01"]
    bought = [
        make_purchase(school, line("120.00", quantity=Decimal(4), measure="斤"), supplier=name)
        for name in ("某公司", "别家公司")
    ]
    content = complaints.Content("quality", "", DAY, "到货发霉", purchase=bought[0])
    complaints.file_complaint(school, content, by=None)
    last = datetime.date(2021, 12, 31)
    Supplier.objects.filter(name="某公司").update(
        recognition_number="认定1号", recognised_until=timezone.localdate()
    )
    blacklist.add_to_blacklist(blacklist.Entry("某公司", DAY, last, "以次充好", "第五部分（三）"), by=None)
    today = timezone.localdate()
    inspection = verbs.open_inspection(
        school, by=None, title="核对台账", deadline=today, questions=["货在哪里"], purchase=bought[0]
    )
    revocations.ask(inspection, by=None, number=bought[0].number, reason="货不对票")
    terms = schemes.Terms("采购扶持", "凭票据", "第五部分（二）", Decimal(1000), DAY, today)
    scheme = schemes.create_scheme(2021, terms, by=None)
    asked = applications.Content("越西基地", "订单农业", Decimal(100))
    for purchase in bought:
        application = applications.apply(scheme, school, asked, by=None)
        applications.link(application, purchase, by=None)
    applications.submit(application, by=None)
    roles = {
        "S01": Role.CLERK,
        "D01": Role.BUREAU,
        "D02": Role.OVERSIGHT,
        "D03": Role.CLERK,
        "D14": Role.CLERK,
    }
    return {code: make_user(f"{role}-{code}", role, units[code]) for code, role in roles.items()}


@pytest.fixture
def work(people):
    """Records of each kind of the clerk's school: what they may do there, and their pages."""
    school = Unit.objects.get(code="S01")
    data = {"outlet": {"sort": "专柜", "operator": "甲店"}, "pledge": {"sort": "订销协议", "promised": 100}}
    made = {}
    for kind in KINDS:
        content = records.Content(f"{kind}一号", DAY, data=data.get(kind, {}), parts={school: "lead"})
        made[kind] = records.create_record(kind, school, content, by=None)
    records.link(made["outlet"], make_purchase(school), by=None)
    records.change_from(made["outlet"], "operator", "乙店", datetime.date(2021, 8, 1), by=None)
    return made


def path(model, name) -> str:
    return f"/initiatives/{name}/{model.objects.earliest('pk').pk}/"


@pytest.mark.parametrize("width", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_units_are_found_by_name_or_initials_and_chosen_by_keys_or_finger(
    browser, live_server, client, people, width
):
    page = opened(browser, live_server, client, people["S01"])
    page.set_viewport_size(width)
    page.goto(f"{live_server.url}/initiatives/kinds/activity/new/")
    field, choices = page.get_by_label("牵头单位"), page.get_by_role("listbox").get_by_role("option")
    field.press_sequentially("sczj")
    assert choices.all_inner_texts() == ["D03 市财政局"]
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


def test_the_pages_of_cases_keep_nobody_out(browser, live_server, client, people, work):
    """Light and dark, nothing serious that axe finds, and on a phone none scrolls sideways."""
    case = {
        "complaint": path(Complaint, "complaints"),
        "entry": path(Blacklisting, "blacklist"),
        "inspection": path(Inspection, "inspections"),
        "scheme": path(Scheme, "schemes"),
        "draft": path(Application, "applications"),
        "submitted": f"/initiatives/applications/{Application.objects.latest('pk').pk}/",
    }
    lists = (
        "complaints/",
        "complaints/new/",
        "blacklist/",
        "recognised/",
        "inspections/",
        "schemes/",
        "applications/",
    )
    pages = {
        "S01": [
            *(f"/initiatives/{each}" for each in lists),
            *case.values(),
            f"{case['scheme']}apply/",
            f"{case['scheme']}publicity/",
            "/prices/",
            *(f"/initiatives/{record.pk}/" for record in work.values()),
            *(f"/initiatives/kinds/{kind}/" for kind in work),
            f"/initiatives/{work['outlet'].pk}/edit/",
            "/initiatives/kinds/pledge/new/",
            *(f"/initiatives/{each}/" for each in ("activities", "outlets", "plan")),
            "/prices/?product=苦荞茶",
        ],
        "D14": [case["complaint"], case["entry"], "/initiatives/blacklist/new/"],
        "D02": [case["inspection"], "/initiatives/inspections/new/"],
        "D01": ["/initiatives/", case["inspection"], case["submitted"], f"{case['scheme']}edit/"],
        "D03": ["/todo/", case["submitted"]],
    }
    wrong = []
    for code, addresses in pages.items():
        page = opened(browser, live_server, client, people[code])
        page.on("console", lambda m: wrong.append(f"{m.page.url}: {m.text}") if m.type == "error" else None)
        for address in addresses:
            assert page.goto(live_server.url + address).status == 200, (code, address)
            wrong.extend(barriers(page))
        page.context.close()
    assert not wrong, "\n".join(wrong)


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

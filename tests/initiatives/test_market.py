"""Complaints about quality and price, and the blacklist: who may do what, in which order, and what is kept of it."""

import datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.errors import NotAllowed, Refused
from initiatives import papers
from initiatives.market import blacklist, complaints
from initiatives.market.blacklist import Entry
from initiatives.market.complaints import Content
from initiatives.market.models import Complaint, ComplaintState
from procurement.choices import Status
from procurement.models import Blacklisting, Product, Purchase, Supplier
from tests.factories import make_policy, make_purchase, make_unit, make_user
from units.kinds import Kind
from units.models import Role

pytestmark = pytest.mark.django_db
DAY = datetime.date(2021, 6, 1)
FORM = {"unit": "T01", "sort": "quality", "happened_on": "2021-06-01", "text": "到货发霉"}


@pytest.fixture
def city():
    make_policy()
    units = {code: make_unit(code, Kind.TOWN, name) for code, name in (("T01", "临江镇"), ("T02", "远山镇"))}
    units["D01"] = make_unit("D01", name="市商务局")
    units["D14"] = make_unit("D14", name="市市场监督管理局")
    units["D03"] = make_unit("D03", name="市财政局")
    return units


def log_in(client, city, code, role=Role.CLERK):
    user = make_user(f"{role}-{code}", role, city[code])
    client.force_login(user)
    return user


def filed(city, **given) -> Complaint:
    content = Content(
        **{"sort": "quality", "supplier": "某公司", "happened_on": DAY, "text": "发霉", **given}
    )
    return complaints.file_complaint(city["T01"], content, by=None)


def act(client, complaint, name, **given):
    address = f"/initiatives/complaints/{complaint.pk}/act/"
    return client.post(address, {"act": name, **given}, follow=True)


def test_a_clerk_complains_of_a_purchase_with_a_photo(client, city, png):
    log_in(client, city, "T01")
    make_purchase(city["T01"], number="列入后", supplier="凉山供应链公司")
    photo = SimpleUploadedFile("发霉.png", png)
    response = client.post("/initiatives/complaints/new/", FORM | {"number": "列入后", "files": [photo]})
    complaint = Complaint.objects.get()
    assert response.url == f"/initiatives/complaints/{complaint.pk}/"
    assert complaint.supplier == "凉山供应链公司" and complaint.papers.get().name == "发霉.png"
    page = client.get(response.url).content.decode()
    assert "列入后" in page and "到货发霉" in page and "登记检查</button>" not in page


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({}, "请填写被投诉的供应商"),
        ({"number": "别人的"}, "不在您的范围内"),
        ({"supplier": "某公司", "happened_on": "2099-01-01"}, "晚于今天"),
        ({"supplier": "某公司", "unit": "T02"}, "这个选项，请从列表中重新选择"),
    ],
)
def test_a_wrong_entry_is_told_and_nothing_is_kept(client, city, wrong, sentence):
    log_in(client, city, "T01")
    make_purchase(city["T02"], number="别人的")
    response = client.post("/initiatives/complaints/new/", FORM | wrong)
    assert response.status_code == 422 and sentence in response.content.decode()
    assert not Complaint.objects.exists()


def test_the_offices_of_the_plan_take_it_from_inspection_to_closure(client, city):
    complaint = filed(city)
    log_in(client, city, "D14")
    page = client.get("/todo/").content.decode()
    assert "某公司" in page and "待检查" in page
    act(client, complaint, "inspect", inspected_on="2021-06-02", inspection="抽检三批")
    act(client, complaint, "find", finding="upheld", finding_text="水分超标")
    page = act(client, complaint, "close", outcome="责令退货").content.decode()
    complaint.refresh_from_db()
    assert complaint.state == ComplaintState.CLOSED and complaint.finding == "upheld"
    assert "抽检三批" in page and "水分超标" in page and "责令退货" in page
    assert "某公司" not in client.get("/todo/").content.decode()
    actions = list(
        AuditEvent.objects.filter(stream="T01", subject=f"投诉 {complaint.pk}").values_list(
            "action", flat=True
        )
    )
    assert set(actions) == {"投诉", "登记投诉检查", "认定投诉", "办结投诉"}


def test_nobody_else_handles_it_and_no_step_is_skipped(client, city):
    complaint = filed(city)
    for code in ("T01", "D03"):
        user = log_in(client, city, code)
        assert act(client, complaint, "inspect", inspected_on="2021-06-02", inspection="x").status_code == 404
        with pytest.raises(NotAllowed):
            complaints.inspect(complaint, by=user, inspected_on=DAY, inspection="x")
    log_in(client, city, "D01", Role.BUREAU)
    assert act(client, complaint, "close", outcome="x").status_code == 404
    with pytest.raises(Refused, match="不能认定"):
        complaints.find(complaint, by=None, finding="upheld", finding_text="x")


def test_others_complaints_are_not_seen(client, city):
    complaint = filed(city)
    log_in(client, city, "T02")
    assert client.get(f"/initiatives/complaints/{complaint.pk}/").status_code == 404
    assert "某公司" not in client.get("/initiatives/complaints/").content.decode()


def test_it_is_declined_with_a_reason_or_taken_back_before_anybody_looked(client, city):
    one, two = filed(city), filed(city)
    with pytest.raises(Refused, match="请填写不予受理的原因"):
        complaints.decline(one, by=None, reason=" ")
    complaints.decline(one, by=None, reason="不属消费帮扶")
    complaints.inspect(two, by=None, inspected_on=DAY, inspection="x")
    with pytest.raises(Refused, match="不能撤回"):
        complaints.withdraw(two, by=None, reason="x")


def test_a_purchase_of_another_unit_is_not_named_to_those_who_may_not_see_it(client, city):
    purchase = make_purchase(city["T01"], number="机密-1")
    complaint = filed(city, purchase=purchase)
    log_in(client, city, "D14")
    page = client.get(f"/initiatives/complaints/{complaint.pk}/").content.decode()
    assert (
        "不在您范围内的一笔采购" in page
        and 'href="/purchases/' not in page.split("经过")[0].split("<main")[-1]
    )


def entry(**given) -> Entry:
    usual = {
        "supplier": "某公司",
        "since": DAY,
        "until": datetime.date(2021, 12, 31),
        "reason": "以次充好",
        "clause": "第五部分（三）",
    }
    return Entry(**usual | given)


def test_an_upheld_complaint_leads_to_the_blacklist_which_shows_what_was_bought_since(client, city):
    complaint = filed(city)
    complaints.inspect(complaint, by=None, inspected_on=DAY, inspection="x")
    complaints.find(complaint, by=None, finding="upheld", finding_text="以次充好")
    waiting = make_purchase(
        city["T01"], number="列入后", supplier="某公司", date="2021-06-05", status=Status.SUBMITTED
    )
    make_purchase(city["T01"], number="列入前", supplier="某公司", date="2021-05-31")
    before = waiting.doubts
    log_in(client, city, "D01", Role.BUREAU)
    page = client.get(f"/initiatives/complaints/{complaint.pk}/").content.decode()
    address = f"/initiatives/blacklist/new/?complaint={complaint.pk}"
    assert address in page and "以次充好" in client.get(address).content.decode()
    given = {
        "supplier": "某公司",
        "since": "2021-06-01",
        "until": "2021-12-31",
        "clause": "第五部分（三）",
        "reason": "假货",
    }
    page = client.post(address, given, follow=True).content.decode()
    assert "列入后" in page and "列入前" not in page and f"投诉 {complaint.pk}" in page
    for purchase in Purchase.objects.filter(number__startswith="列入"):
        shown = client.get(f"/purchases/{purchase.pk}/").content.decode()
        assert ("供应商在采购当日列在" in shown) == (purchase.number == "列入后")
    complaint.refresh_from_db()
    assert complaint.blacklisting == Blacklisting.objects.get()
    assert Purchase.objects.get(number="列入后").doubts == before + 1


def test_a_complaint_that_is_not_upheld_leads_nowhere(city):
    with pytest.raises(Refused, match="没有认定属实"):
        blacklist.add_to_blacklist(entry(complaint=filed(city)), by=None)
    assert not Blacklisting.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"until": datetime.date(2021, 5, 31)}, "早于开始日期"),
        ({"since": datetime.date(2021, 12, 31), "until": datetime.date(2022, 1, 1)}, "已在黑名单中"),
        (
            {
                "uscc": "91330282DM3642740H",
                "since": datetime.date(2023, 1, 1),
                "until": datetime.date(2023, 2, 1),
            },
            "请核对",
        ),
        ({"reason": " "}, "请填写供应商、原因和依据"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(city, wrong, sentence):
    Supplier.objects.create(name="某公司", uscc="91330282DM35635597")
    blacklist.add_to_blacklist(entry(), by=None)
    with pytest.raises(Refused, match=sentence):
        blacklist.add_to_blacklist(entry(**wrong), by=None)


def test_it_is_lifted_once_and_within_its_time(city):
    made = blacklist.add_to_blacklist(entry(), by=None)
    with pytest.raises(Refused, match="移出日期应在"):
        blacklist.lift(made, by=None, lifted_on=datetime.date(2022, 1, 1), reason="x")
    made = blacklist.lift(made, by=None, lifted_on=datetime.date(2021, 8, 1), reason="已整改")
    assert made.last_day == datetime.date(2021, 7, 31)
    with pytest.raises(Refused, match="已于 2021-08-01 移出"):
        blacklist.lift(made, by=None, lifted_on=datetime.date(2021, 9, 1), reason="x")
    again = blacklist.add_to_blacklist(entry(since=datetime.date(2021, 8, 1)), by=None)
    assert again.pk != made.pk


@pytest.mark.parametrize(("today", "offered"), [("2021-12-31", True), ("2022-01-01", False)])
def test_it_can_be_lifted_from_its_page_until_it_ends(client, city, today, offered):
    made = blacklist.add_to_blacklist(entry(), by=None)
    with time_machine.travel(f"{today}T12:00:00+08:00", tick=False):
        log_in(client, city, "D14")
        offers = client.get(f"/initiatives/blacklist/{made.pk}/").context["offers"]
    assert [offer.act.label for offer in offers] == ["移出黑名单"][:offered]


def test_the_lists_come_out_as_filtered(client, city):
    filed(city)
    filed(city, supplier="别家")
    blacklist.add_to_blacklist(entry(), by=None)
    log_in(client, city, "T01")
    response = client.post("/exports/complaints/?text=别家", {"format": "csv"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert "别家" in text and "某公司" not in text
    response = client.post("/exports/blacklist/?holds=no", {"format": "csv"})
    assert "以次充好" in b"".join(response.streaming_content).decode("utf-8-sig")


def test_the_pages_ask_the_database_little(client, city, django_assert_max_num_queries):
    for _ in range(20):
        complaint = filed(city, purchase=make_purchase(city["T01"], supplier="某公司"))
    made = blacklist.add_to_blacklist(entry(), by=None)
    log_in(client, city, "D14")
    client.get("/initiatives/")
    for address in (
        "complaints/",
        f"complaints/{complaint.pk}/",
        "complaints/new/",
        "blacklist/",
        f"blacklist/{made.pk}/",
    ):
        with django_assert_max_num_queries(12):
            assert client.get(f"/initiatives/{address}").status_code == 200


def test_nobody_takes_off_what_the_other_side_put_forward(client, city, png):
    complaint, clerk = filed(city), log_in(client, city, "T01")
    photo = papers.attach("complaint", complaint, SimpleUploadedFile("发霉.png", png), by=clerk)
    removing = f"/initiatives/papers/{photo.pk}/remove/"
    log_in(client, city, "D14")
    page = client.get(f"/initiatives/complaints/{complaint.pk}/").content.decode()
    assert "发霉.png" in page and removing not in page
    assert client.post(removing).status_code == 404 and complaint.papers.exists()
    client.force_login(clerk)
    assert removing in client.get(f"/initiatives/complaints/{complaint.pk}/").content.decode()
    assert client.post(removing).status_code == 302 and not complaint.papers.exists()


def test_recognised_suppliers_and_products_are_found_by_how_long_they_hold(client, city):
    day = timezone.localdate()
    for name, number, days in (
        ("有效社", "甲1", 400),
        ("快到期社", "甲2", 5),
        ("过期社", "甲3", -1),
        ("没认定的店", "", None),
    ):
        until = None if days is None else day + datetime.timedelta(days)
        Supplier.objects.create(
            name=name, uscc=f"91{name}", recognition_number=number, recognised_until=until
        )
    Product.objects.create(name="苦荞茶", recognition_number="乙9")
    renamed = Entry("改名社", day, day, "以次充好", "第五部分（三）", uscc="91过期社")
    blacklist.add_to_blacklist(renamed, by=None)
    log_in(client, city, "T01")

    def names(**asked):
        return [entry.name for entry, _ in client.get("/initiatives/recognised/", asked).context["rows"]]

    assert names() == ["过期社", "快到期社", "有效社"]
    assert (names(state="soon"), names(state="over")) == (["快到期社"], ["过期社"])
    assert names(state="holding") == ["快到期社", "有效社"] and names(text="甲1") == ["有效社"]
    assert names(of="product") == ["苦荞茶"]
    page = client.get("/initiatives/recognised/").content.decode()
    assert page.count("在黑名单中") == 1 and "kind=suppliers" not in page
    response = client.post("/exports/recognised/?of=product", {"format": "csv"})
    assert "苦荞茶" in b"".join(response.streaming_content).decode("utf-8-sig")
    log_in(client, city, "D01", Role.BUREAU)
    assert "kind=suppliers" in client.get("/initiatives/recognised/").content.decode()

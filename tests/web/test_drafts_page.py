"""逐笔核对并提交: many drafts completed and submitted together, each by itself, nothing lost."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from procurement.choices import Channel, Holiday, Reading, ReceiptKind, Status, Use
from procurement.models import Purchase, Receipt
from tests.factories import line, make_policy, make_purchase, make_receipt, make_region, make_unit, make_user
from units.kinds import Kind

pytestmark = pytest.mark.django_db
ADDRESS = "/purchases/drafts/"


@pytest.fixture
def school():
    make_policy()
    return make_unit("S01", Kind.SCHOOL)


@pytest.fixture
def clerk(client, school):
    user = make_user("clerk", "clerk", school)
    client.force_login(user)
    return user


def blank(amount="100.00", product="大米"):
    return line(amount, use="", region=None, product=product)


def draft(unit, *lines, **values):
    return make_purchase(
        unit,
        *(lines or (blank(),)),
        **{"status": Status.DRAFT, "channel": "", "supplier": "布拖合作社"} | values,
    )


def fields(page: str) -> dict[str, str]:
    """What the page's form would send as it stands: every named field with its value."""
    found = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', page):
        found[name] = value
    for tag in re.findall(r"<input [^>]*>", page):
        name, kind = re.search(r'name="([^"]+)"', tag), re.search(r'type="([^"]+)"', tag)
        if name and (kind is None or kind[1] not in ("hidden", "checkbox", "file")):
            value = re.search(r'value="([^"]*)"', tag)
            found[name[1]] = value[1] if value else ""
        elif name and kind and kind[1] == "checkbox" and " checked" in tag:
            found[name[1]] = "on"
    for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


def shown(client, address=ADDRESS) -> dict[str, str]:
    return fields(client.get(address).content.decode())


def choices(purchase, position=1, use=Use.CANTEEN, region=None, **values):
    """The choices a clerk makes for a draft of one line."""
    place = f"d{purchase.pk}-l{position}"
    return {
        f"d{purchase.pk}-channel": Channel.PLATFORM_832,
        f"{place}-use": use,
        f"{place}-region": str((region or make_region()).pk),
    } | {f"{place}-{name}": value for name, value in values.items()}


def picked(*purchases):
    return {f"d{purchase.pk}-pick": "on" for purchase in purchases}


def post(client, data, **action):
    return client.post(ADDRESS, data | (action or {"submit": "1"}), follow=True)


def statuses(*purchases):
    return [Purchase.objects.get(pk=purchase.pk).status for purchase in purchases]


def test_what_is_picked_and_complete_is_submitted_and_the_rest_stays(client, clerk, school):
    one, two, three = draft(school), draft(school), draft(school)
    data = shown(client) | choices(one) | choices(two, use=Use.OFFICE) | picked(one, two)
    page = post(client, data).content.decode()
    assert statuses(one, two, three) == [Status.SUBMITTED, Status.SUBMITTED, Status.DRAFT]
    assert f"已提交 2 笔：{one.number}、{two.number}" in page and three.number in page
    assert (one.lines.get().use, two.lines.get().use) == (Use.CANTEEN, Use.OFFICE)
    assert Purchase.objects.get(pk=one.pk).channel == Channel.PLATFORM_832


def test_each_draft_stands_for_itself_and_says_what_it_lacks_in_its_row(client, clerk, school):
    good, lacking, changed = draft(school), draft(school), draft(school)
    data = shown(client) | choices(good) | choices(lacking, region=make_region("常山县")) | choices(changed)
    data[f"d{lacking.pk}-l1-use"] = ""
    Purchase.objects.filter(pk=changed.pk).update(version=7)
    response = post(client, data | picked(good, lacking, changed))
    page = response.content.decode()
    assert response.status_code == 422 and "有 2 笔没有提交" in page
    assert statuses(good, lacking, changed) == [Status.SUBMITTED, Status.DRAFT, Status.DRAFT]
    assert "已保存，还没有提交：第 1 行：请选择用途" in page and "还没有保存：这笔采购刚刚被他人改动" in page
    assert lacking.lines.get().region == make_region("常山县"), "what was chosen is stored"
    again = fields(page)
    assert again[f"d{changed.pk}-l1-use"] == Use.CANTEEN, "what was typed is still there"
    assert again[f"d{lacking.pk}-pick"] == "on"
    data = again | {f"d{lacking.pk}-l1-use": Use.OFFICE, f"d{changed.pk}-version": "7"} | picked(changed)
    post(client, data)
    assert statuses(lacking, changed) == [Status.SUBMITTED, Status.SUBMITTED]


def test_a_wrong_amount_is_marked_and_keeps_its_draft_from_being_stored(client, clerk, school):
    one, two = draft(school), draft(school)
    data = shown(client) | choices(one, amount="12.345") | choices(two) | picked(one, two)
    response = post(client, data)
    page = response.content.decode()
    assert response.status_code == 422 and "超过两位小数" in page and 'value="12.345"' in page
    assert statuses(one, two) == [Status.DRAFT, Status.SUBMITTED] and one.lines.get().use == ""


def test_date_supplier_product_and_amount_are_changed_in_place(client, clerk, school):
    one = draft(school, line("100.00", use="", region=None, quantity="2.5", measure="袋"))
    one.note = "原来的备注"
    one.save()
    data = shown(client) | choices(one, amount="90", product_name="糙米") | picked(one)
    data |= {f"d{one.pk}-day": "2021-07-01", f"d{one.pk}-supplier": "昭觉商行"}
    post(client, data)
    one.refresh_from_db()
    kept = one.lines.get()
    assert (str(kept.amount), kept.product_name, str(kept.quantity.normalize()), kept.measure) == (
        "90.00",
        "糙米",
        "2.5",
        "袋",
    )
    assert (str(one.date), one.supplier.name, one.note) == ("2021-07-01", "昭觉商行", "原来的备注")
    assert one.invoice_date is not None, "the receipt is an invoice, so the day is its own"


def test_saving_keeps_what_was_changed_anywhere_and_submits_nothing(client, clerk, school):
    one, two = draft(school), draft(school)
    page = post(client, shown(client) | choices(two), save="1").content.decode()
    assert statuses(one, two) == [Status.DRAFT, Status.DRAFT] and "已保存" in page
    assert two.lines.get().use == Use.CANTEEN and Purchase.objects.get(pk=one.pk).version == 1
    page = post(client, shown(client) | choices(one)).content.decode()
    assert "请先勾选要提交的采购；填写的内容已保存" in page and one.lines.get().use == Use.CANTEEN


def test_a_choice_for_all_fills_what_is_blank_in_the_picked_ones(client, clerk, school):
    one, two, other = draft(school, blank(), line("5.00", use=Use.PERSONAL)), draft(school), draft(school)
    data = shown(client) | picked(one, two)
    data |= {"all-channel": Channel.DIRECT, "all-use": Use.UNION_HOLIDAY, "all-holiday": Holiday.SPRING}
    post(client, data | {"all-region": str(make_region("常山县").pk)})
    assert statuses(one, two, other) == [Status.SUBMITTED, Status.SUBMITTED, Status.DRAFT]
    uses = [(each.use, each.holiday, each.region.name) for each in one.lines.all()]
    assert uses == [(Use.UNION_HOLIDAY, Holiday.SPRING, "常山县"), (Use.PERSONAL, "", "布拖县")]
    assert other.lines.get().use == "" and Purchase.objects.get(pk=other.pk).channel == ""


def test_all_on_the_page_are_picked_with_one_box_without_scripts(client, clerk, school):
    drafts = [draft(school) for _ in range(3)]
    data = shown(client) | {"pick_all": "1", "all-channel": Channel.DIRECT, "all-use": Use.OFFICE}
    post(client, data | {"all-region": str(make_region().pk)})
    assert statuses(*drafts) == [Status.SUBMITTED] * 3


def test_as_above_copies_the_line_before_without_scripts_and_stores_nothing(client, clerk, school):
    one, two = draft(school), draft(school, blank(), blank("3.00"))
    data = shown(client) | choices(one, use=Use.UNION_HOLIDAY, holiday=Holiday.SPRING)
    page = client.post(ADDRESS, data | {"same": f"d{two.pk}-l1"}).content.decode()
    after = fields(page)
    for name, value in {
        "use": Use.UNION_HOLIDAY,
        "holiday": Holiday.SPRING,
        "region": str(make_region().pk),
    }.items():
        assert after[f"d{two.pk}-l1-{name}"] == value
        assert after[f"d{two.pk}-l2-{name}"] == ""
    assert after[f"d{two.pk}-channel"] == Channel.PLATFORM_832
    assert one.lines.get().use == ""


class TestProposals:
    @pytest.fixture
    def remembered(self, school):
        make_purchase(
            school,
            line(use=Use.CANTEEN, region="昭觉县", product="大米"),
            supplier="布拖合作社",
            channel=Channel.PLATFORM_832,
        )

    def test_a_proposal_is_marked_and_becomes_part_of_what_is_picked(self, client, clerk, school, remembered):
        one = draft(school)
        page = client.get(ADDRESS).content.decode()
        assert page.count("is-proposed") == 3 and "建议：本单位 2021-06-01 买“大米”" in page
        assert "有 3 处是系统建议" in page
        post(client, fields(page) | picked(one))
        assert statuses(one) == [Status.SUBMITTED]
        assert (one.lines.get().use, one.lines.get().region.name) == (Use.CANTEEN, "昭觉县")

    def test_a_proposal_that_nobody_took_is_not_stored(self, client, clerk, school, remembered):
        one, two = draft(school), draft(school, blank(product="别的"), supplier="别的商行")
        data = shown(client)
        assert data[f"d{one.pk}-l1-use"] == Use.CANTEEN
        post(client, data | choices(two), save="1")
        assert (one.lines.get().use, one.lines.get().region) == ("", None)
        assert Purchase.objects.get(pk=one.pk).version == 1
        data = shown(client) | {f"d{one.pk}-l1-region": str(make_region("常山县").pk)}
        post(client, data, save="1")
        assert (one.lines.get().use, one.lines.get().region.name) == ("", "常山县"), "only what was chosen"

    def test_another_units_purchases_are_not_named(self, client, clerk, school):
        other = make_unit("S02", Kind.SCHOOL, "别的学校")
        make_purchase(
            other, line(region="昭觉县", product="大米"), supplier="布拖合作社", number="别人的编号"
        )
        draft(school)
        page = client.get(ADDRESS).content.decode()
        assert "已核准的都是此地" in page and "别的学校" not in page and "别人的编号" not in page
        assert "2021-06-01 买" not in page


def test_a_draft_of_many_lines_is_one_row_whose_choices_fill_its_blank_lines(client, clerk, school):
    one = draft(school, *[blank(product=f"产品{number}") for number in range(13)])
    page = client.get(ADDRESS).content.decode()
    assert "共 13 行" in page and "产品5" not in page
    data = fields(page) | {f"d{one.pk}-channel": Channel.DIRECT} | picked(one)
    data |= {f"d{one.pk}-all-use": Use.OFFICE, f"d{one.pk}-all-region": str(make_region().pk)}
    post(client, data)
    assert statuses(one) == [Status.SUBMITTED] and one.lines.filter(use=Use.OFFICE).count() == 13


def test_a_paper_is_split_off_and_what_was_typed_is_kept(client, clerk, school):
    one = draft(school)
    slip = make_receipt(one, b"%PDF-1.4 slip", kind=ReceiptKind.PAYMENT, together="金额同为 100.00 元")
    page = client.get(ADDRESS).content.decode()
    assert "金额同为 100.00 元" in page
    post(client, fields(page) | choices(one), split=str(slip.pk))
    assert Receipt.objects.get(pk=slip.pk).purchase is None and one.lines.get().use == Use.CANTEEN


def test_a_draft_whose_receipt_is_being_read_is_kept_back(client, clerk, school):
    one = draft(school)
    make_receipt(one, b"%PDF-1.4", name="运单.pdf", reading=Reading.READING)
    page = client.get(ADDRESS).content.decode()
    assert "还在识别" in page
    page = post(client, fields(page) | choices(one) | picked(one)).content.decode()
    assert "“运单.pdf”还在识别" in page and statuses(one) == [Status.DRAFT]


def test_only_the_persons_drafts_are_there_and_no_other_is_taken(client, clerk, school):
    mine = draft(school)
    foreign = draft(make_unit("S02", Kind.SCHOOL), number="别人的")
    for status in set(Status) - {Status.DRAFT}:
        make_purchase(school, status=status, number=f"状态{status}")
    page = client.get(ADDRESS).content.decode()
    assert mine.number in page and "别人的" not in page and "状态" not in page
    data = fields(page) | choices(mine) | picked(mine)
    response = client.post(ADDRESS, data | {f"d{foreign.pk}-version": "1", "submit": "1"})
    assert response.status_code == 404 and statuses(mine, foreign) == [Status.DRAFT, Status.DRAFT]
    receipt = foreign.receipts.get()
    assert client.post(ADDRESS, {"split": str(receipt.pk)}).status_code == 404


def test_what_somebody_submitted_in_the_meantime_is_told(client, clerk, school):
    one, two = draft(school), draft(school)
    data = shown(client) | choices(one) | choices(two) | picked(one, two)
    Purchase.objects.filter(pk=one.pk).update(status=Status.VOID)
    page = post(client, data).content.decode()
    assert "目前为“已作废”，不能修改" in page and statuses(two) == [Status.SUBMITTED]


def test_an_empty_page_leads_to_the_inbox(client, clerk):
    page = client.get(ADDRESS).content.decode()
    assert "没有草稿" in page and "/inbox/" in page
    assert client.post(ADDRESS, {"submit": "1"}, follow=True).status_code == 200


def test_more_drafts_than_fit_are_on_the_next_page(client, clerk, school, monkeypatch):
    monkeypatch.setattr("procurement.views.drafts.PER_PAGE", 2)
    drafts = [draft(school) for _ in range(3)]
    page = client.get(ADDRESS).content.decode()
    assert drafts[1].number in page and drafts[2].number not in page
    page = client.get(f"{ADDRESS}?after={drafts[1].pk}").content.decode()
    assert drafts[2].number in page and drafts[1].number not in page
    assert client.get(f"{ADDRESS}?after=x{'9' * 30}").status_code == 200


def test_it_asks_the_database_at_most_twelve_times_however_many_drafts(client, clerk, school):
    def fill(count):
        for number in range(count):
            one = draft(
                school,
                blank(product=f"产品{number}"),
                supplier=f"商行{number}",
                date=f"2021-06-{number + 1:02}",
            )
            make_receipt(one, b"%PDF-1.4 x", kind=ReceiptKind.PAYMENT)

    make_purchase(school, line(product="产品1"), supplier="商行1")
    returned = make_purchase(school, status=Status.RETURNED)
    fill(2)
    client.get(ADDRESS)
    with CaptureQueriesContext(connection) as few:
        client.get(ADDRESS)
    fill(20)
    with CaptureQueriesContext(connection) as many:
        page = client.get(ADDRESS).content.decode()
    assert page.count("data-sheet ") == 22
    assert re.search(r"采购台账.{0,200}>1<", page, re.DOTALL), f"{returned} is counted in the menu"
    assert len(many) == len(few) <= 12, "\n".join(query["sql"][:150] for query in many)

"""The clerk's pages: list, form, submission, withdrawal, by hand."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from procurement.choices import Channel, ReceiptKind, Status, Use
from procurement.models import Purchase, Receipt
from tests.factories import line, make_policy, make_purchase, make_receipt, make_region, make_unit, make_user
from tests.services import ROOT
from units.kinds import Kind

pytestmark = pytest.mark.django_db

HOTEL = (ROOT / "tests" / "samples" / "e-invoice-2020-hotel.ofd").read_bytes()


@pytest.fixture
def unit():
    make_policy()
    return make_unit("S01", Kind.SCHOOL)


@pytest.fixture
def clerk(client, unit):
    user = make_user("clerk", "clerk", unit)
    client.force_login(user)
    return user


def form(purchase=None, *lines, **values):
    """What the page's form would post; each line a dict."""
    data = {
        "version": purchase.version if purchase else "",
        "invoice_date": "2021-06-01",
        "purchase_date": "",
        "supplier": "凉山供应链公司",
        "channel": Channel.PLATFORM_832,
        "original": "",
        "note": "",
        "all-use": "",
        "all-region": "",
        "all-holiday": "",
        "lines-TOTAL_FORMS": len(lines),
        "lines-INITIAL_FORMS": 0,
        "lines-MIN_NUM_FORMS": 0,
        "lines-MAX_NUM_FORMS": 1000,
    }
    for index, each in enumerate(lines):
        data |= {f"lines-{index}-{name}": value for name, value in each.items()}
    for receipt in purchase.receipts.all() if purchase else []:
        data |= {
            f"receipt-{receipt.pk}-kind": receipt.kind,
            f"receipt-{receipt.pk}-code": receipt.invoice_code,
            f"receipt-{receipt.pk}-number": receipt.invoice_number,
        }
    return data | values


def rice(**values):
    return {
        "product_name": "大米",
        "amount": "1,234.50",
        "use": Use.CANTEEN,
        "region": make_region().pk,
    } | values


def test_it_saves_what_was_typed_and_submits_it(client, clerk, unit):
    draft = make_purchase(unit, status=Status.DRAFT)
    response = client.post(f"/purchases/{draft.pk}/", form(draft, rice(), submit="next"))
    draft.refresh_from_db()
    assert response.status_code == 302 and draft.status == Status.SUBMITTED
    assert draft.lines.get().amount == Decimal("1234.50")


def test_it_saves_but_does_not_submit_what_is_incomplete_and_says_where(client, clerk, unit):
    draft = make_purchase(unit, status=Status.DRAFT)
    response = client.post(f"/purchases/{draft.pk}/", form(draft, rice(use=""), submit="next"), follow=True)
    page = response.content.decode()
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT and draft.lines.get().product_name == "大米"
    assert "还没有提交" in page and "请选择用途" in page


def test_it_fills_blank_lines_from_the_choice_for_all(client, clerk, unit):
    draft = make_purchase(unit, status=Status.DRAFT)
    region = make_region("常山县")
    data = form(draft, rice(use="", region=""), rice(), **{"all-use": Use.OFFICE, "all-region": region.pk})
    client.post(f"/purchases/{draft.pk}/", data)
    first, second = draft.lines.all()
    assert (first.use, first.region) == (Use.OFFICE, region)
    assert (second.use, second.region) == (Use.CANTEEN, make_region())


def test_it_marks_a_wrong_amount_at_its_field_and_stores_nothing(client, clerk, unit):
    draft = make_purchase(unit, status=Status.DRAFT)
    response = client.post(f"/purchases/{draft.pk}/", form(draft, rice(amount="12.345")))
    assert response.status_code == 422 and "超过两位小数" in response.content.decode()
    assert "12.345" in response.content.decode()
    assert draft.lines.get().product_name == "苦荞茶"


def test_it_adds_a_line_without_scripts_and_passes_over_blank_ones(client, clerk, unit):
    draft = make_purchase(unit, status=Status.DRAFT)
    response = client.post(f"/purchases/{draft.pk}/", form(draft, rice(), add_line="1"))
    assert response.status_code == 200 and "lines-1-amount" in response.content.decode()
    client.post(f"/purchases/{draft.pk}/", form(draft, rice(), {"amount": " "}, rice(DELETE="on")))
    assert draft.lines.count() == 1


def test_it_tells_of_somebody_elses_change_instead_of_overwriting_it(client, clerk, unit):
    draft = make_purchase(unit, status=Status.DRAFT)
    stale = form(draft, rice())
    client.post(f"/purchases/{draft.pk}/", form(draft, rice(amount="5")))
    response = client.post(f"/purchases/{draft.pk}/", stale)
    assert response.status_code == 409 and "刚刚被他人改动" in response.content.decode()


def test_it_corrects_removes_and_adds_receipts_with_the_form(client, clerk, unit):
    draft = make_purchase(unit, status=Status.DRAFT)
    receipt = draft.receipts.get()
    data = form(draft, rice(), **{f"receipt-{receipt.pk}-number": "１２３４ ５６７８"})
    data["files"] = SimpleUploadedFile("凭证.ofd", HOTEL)
    client.post(f"/purchases/{draft.pk}/", data)
    receipt.refresh_from_db()
    assert receipt.invoice_number == "12345678" and draft.receipts.count() == 2
    draft.refresh_from_db()
    client.post(f"/purchases/{draft.pk}/", form(draft, rice(), remove_receipt=str(receipt.pk)))
    assert not Receipt.objects.filter(pk=receipt.pk).exists()


def test_it_does_not_submit_while_a_receipt_is_being_read(client, clerk, unit):
    draft = make_purchase(unit, status=Status.DRAFT)
    data = form(draft, rice(), submit="next")
    data["files"] = SimpleUploadedFile("凭证.ofd", HOTEL)
    page = client.post(f"/purchases/{draft.pk}/", data, follow=True).content.decode()
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT and "还在识别" in page


def test_it_takes_a_submission_back_and_voids_it(client, clerk, unit):
    purchase = make_purchase(unit, status=Status.SUBMITTED)
    assert "撤回" in client.get(f"/purchases/{purchase.pk}/").content.decode()
    client.post(f"/purchases/{purchase.pk}/withdraw/")
    client.post(f"/purchases/{purchase.pk}/void/")
    purchase.refresh_from_db()
    assert purchase.status == Status.VOID
    page = client.post(f"/purchases/{purchase.pk}/withdraw/", follow=True).content.decode()
    assert "不能撤回" in page


def test_it_changes_nothing_by_get(client, clerk, unit):
    purchase = make_purchase(unit, status=Status.SUBMITTED)
    for address in (f"/purchases/{purchase.pk}/withdraw/", f"/purchases/{purchase.pk}/void/"):
        assert client.get(address).status_code == 405


def test_it_hides_what_belongs_to_others(client, clerk):
    foreign = make_purchase(make_unit("S02", Kind.SCHOOL), receipt=HOTEL)
    receipt = foreign.receipts.get()
    for address in (
        f"/purchases/{foreign.pk}/",
        f"/purchases/{foreign.pk}/counted/",
        f"/receipts/{receipt.pk}/file/",
        f"/receipts/{receipt.pk}/page/1/",
        f"/purchases/new/?original={foreign.pk}",
        "/purchases/new/?unit=S02",
        "/unit/?unit=S02",
    ):
        assert client.get(address).status_code == 404, address
    for address in (f"/purchases/{foreign.pk}/", f"/purchases/{foreign.pk}/void/"):
        assert client.post(address).status_code == 404, address
    assert client.post("/inbox/", {"unit": "S02"}).status_code == 404
    assert foreign.number not in client.get("/purchases/").content.decode()


def test_a_supervisor_reads_but_does_not_change_a_draft(client, unit):
    bureau = make_unit("D09")
    unit.supervisor = bureau
    unit.save()
    draft = make_purchase(unit, status=Status.DRAFT)
    client.force_login(make_user("lead", "lead", bureau))
    page = client.get(f"/purchases/{draft.pk}/").content.decode()
    assert "提交审核" not in page and draft.number in page
    client.post(f"/purchases/{draft.pk}/", form(draft, rice()))
    client.post(f"/purchases/{draft.pk}/void/")
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT and draft.version == 1


def test_it_says_what_an_approved_purchase_counted_towards_and_why_not(client, clerk, unit):
    purchase = make_purchase(
        unit,
        line("120.00", use=Use.CANTEEN),
        line("80.00", use=Use.OFFICE, region="其他地区"),
        channel=Channel.PLATFORM_832,
    )
    page = client.get(f"/purchases/{purchase.pk}/counted/").content.decode()
    assert page.count("计入 120.00 元") == 2
    assert "不在当年结对范围内" in page and "不属于" in page


def test_it_records_a_purchase_by_hand(client, clerk, unit):
    assert client.get("/purchases/new/").status_code == 200
    data = form(None, rice(), unit="S01")
    data["files"] = SimpleUploadedFile("凭证.ofd", HOTEL)
    response = client.post("/purchases/new/", data)
    purchase = Purchase.objects.get()
    assert response.url == f"/purchases/{purchase.pk}/"
    assert (purchase.number, purchase.lines.count(), purchase.receipts.count()) == ("2021-S01-0001", 1, 1)


def test_it_proposes_a_refund_with_the_opposite_amounts(client, clerk, unit):
    original = make_purchase(unit, line("120.00"))
    page = client.get(f"/purchases/new/?original={original.pk}").content.decode()
    assert 'value="-120.00"' in page and f'value="{original.number}"' in page
    data = form(None, rice(amount="-20", use=Use.OFFICE), original=original.number, unit="S01")
    client.post(f"/purchases/new/?original={original.pk}", data)
    assert original.refunds.get().lines.get().amount == Decimal("-20.00")


def test_it_finds_purchases_by_state_day_unit_and_words(client, unit, clerk):
    kept = make_purchase(unit, line(product="山羊肉"), date="2021-03-05", supplier="布拖合作社")
    make_purchase(unit, date="2021-04-05", status=Status.SUBMITTED)
    union = make_unit("U01", Kind.UNION, host=unit)
    of_union = make_purchase(union, date="2021-05-05")
    number = kept.receipts.get().invoice_number

    def found(**query):
        return {purchase.number for purchase in client.get("/purchases/", query).context["page"]}

    assert len(found()) == 3
    assert found(status="approved") == {kept.number, of_union.number}
    assert found(since="2021-03-01", until="2021-03-31") == {kept.number}
    assert found(text="羊肉") == found(text="布拖合作") == found(text=number) == {kept.number}
    assert of_union.number not in found(unit="S01") and of_union.number in found(unit="S01", below="on")
    assert found(since="not a day") == found()


def test_whom_the_unit_has_bought_from_is_there_to_choose_from(client, clerk, unit):
    make_purchase(unit, number="A", supplier="布拖合作社")
    make_purchase(unit, number="B", supplier="昭觉商行", status=Status.DRAFT)
    make_purchase(make_unit("S02", Kind.SCHOOL), number="C", supplier="别家商行")
    page = client.get("/purchases/suggestions/?unit=S01").content.decode()
    assert 'value="布拖合作社"' in page and 'value="昭觉商行"' in page and "别家商行" not in page
    originals, drafts = page.split('id="originals"')[1].split('id="open-purchases"')
    assert 'value="A"' in originals and 'value="B"' not in originals, (
        "only what is approved can be taken back"
    )
    assert 'value="B"' in drafts and 'value="A"' not in drafts, "only what is open takes a receipt"


def test_what_happened_to_a_draft_is_told_in_the_form(client, clerk, unit):
    draft = make_purchase(unit, status=Status.DRAFT)
    client.post(f"/purchases/{draft.pk}/", form(draft, rice()))
    assert f"/purchases/{draft.pk}/trail/" in client.get(f"/purchases/{draft.pk}/").content.decode()
    page = client.get(f"/purchases/{draft.pk}/trail/").content.decode()
    assert "修改" in page and "clerk" in page


def test_the_clerks_pages_ask_the_database_little(client, clerk, unit, django_assert_max_num_queries):
    union = make_unit("U01", Kind.UNION, host=unit)
    for day in range(1, 6):
        draft = make_purchase(
            union,
            line(use=Use.UNION_WELFARE, quantity=2, measure="千克"),
            line("9.00"),
            date=f"2021-06-{day:02}",
            status=Status.DRAFT,
            receipt=b"<xml %d" % day,
        )
    approved = make_purchase(union, line("7.00"), receipt=b"<xml")
    client.get("/unit/")  # the session's own first write
    for address in (
        f"/purchases/{draft.pk}/",
        f"/purchases/{approved.pk}/",
        "/purchases/new/",
        "/purchases/",
    ):
        with django_assert_max_num_queries(12):
            client.get(address)


def many_lines(unit, count):
    lines = [line("1.00", product=f"产品{number}", use="", region=None) for number in range(1, count + 1)]
    return make_purchase(unit, *lines, status=Status.DRAFT)


def test_a_purchase_of_a_thousand_lines_is_edited_a_part_at_a_time_and_loses_none(client, clerk, unit):
    draft = many_lines(unit, 1000)
    page = client.get(f"/purchases/{draft.pk}/?part=3").content.decode()
    assert page.count("data-line>") == 100 and "产品201" in page and "产品301" not in page
    shown = [rice(product_name=f"改过{number}", amount="2.00") for number in range(201, 301)]
    data = form(draft, *shown, part="3", go_part="10", **{"all-use": Use.OFFICE})
    response = client.post(f"/purchases/{draft.pk}/", data)
    assert response.url == f"/purchases/{draft.pk}/?part=10"
    names = list(draft.lines.values_list("product_name", flat=True))
    assert (
        len(names) == 1000
        and names[199:201] == ["产品200", "改过201"]
        and names[299:301] == ["改过300", "产品301"]
    )
    assert {each.use for each in draft.lines.all()} == {Use.OFFICE, Use.CANTEEN}, (
        "blank ones filled in every part"
    )


def test_a_wrong_part_is_the_nearest_there_is(client, clerk, unit):
    draft = many_lines(unit, 101)
    for asked, product in {"0": "产品1", "99": "产品101", "x": "产品1", "-3": "产品1"}.items():
        page = client.get(f"/purchases/{draft.pk}/?part={asked}").content.decode()
        assert f'value="{product}"' in page, asked


def test_marks_of_a_later_part_stand_at_their_own_lines(client, clerk, unit):
    draft = many_lines(unit, 120)
    draft.lines.filter(position=110).update(product_name="")
    page = client.get(f"/purchases/{draft.pk}/?part=2").content.decode()
    assert page.count("请填写产品名称") == 1 + ("第 110 行：请填写产品名称" in page)


def test_a_thousand_lines_typed_at_once_are_kept(client, clerk, unit):
    lines = [rice(quantity="1", measure="袋", holiday="", overlap="") for _ in range(1000)]
    client.post("/purchases/new/", form(None, *lines, unit="S01"))
    assert Purchase.objects.get().lines.count() == 1000


def test_more_than_a_form_may_hold_is_refused_with_a_sentence(client, clerk, unit):
    response = client.post("/purchases/new/", {f"lines-{number}-amount": "1" for number in range(10_001)})
    assert response.status_code == 400 and "没有保存" in response.content.decode()
    files = [SimpleUploadedFile(f"{number}.pdf", b"%PDF-1.4") for number in range(101)]
    response = client.post("/inbox/", {"unit": "S01", "files": files})
    assert response.status_code == 400 and "没有保存任何一个" in response.content.decode()
    assert not Purchase.objects.exists() and not Receipt.objects.exists()


def test_a_paper_that_the_system_put_there_says_why_and_is_split_off_with_one_click(client, clerk, unit):
    draft = make_purchase(unit, status=Status.DRAFT)
    slip = make_receipt(
        draft, b"%PDF-1.4 slip", kind=ReceiptKind.PAYMENT, name="回单.pdf", together="金额同为 5.00 元"
    )
    page = client.get(f"/purchases/{draft.pk}/").content.decode()
    assert "系统归入本采购：金额同为 5.00 元" in page and f'name="split_receipt" value="{slip.pk}"' in page
    data = form(draft, rice(amount="7.00"), split_receipt=str(slip.pk))
    page = client.post(f"/purchases/{draft.pk}/", data, follow=True).content.decode()
    slip.refresh_from_db()
    assert slip.purchase is None and "已移回收件箱" in page
    assert draft.lines.get().amount == Decimal("7.00"), "what was typed is kept"


def test_a_receipt_is_moved_to_another_purchase_by_its_number(client, clerk, unit):
    draft, other = make_purchase(unit, status=Status.DRAFT), make_purchase(unit, status=Status.DRAFT)
    receipt = draft.receipts.get()
    to = f"receipt-{receipt.pk}-to"
    page = client.post(f"/purchases/{draft.pk}/", form(draft, rice(), **{to: "没有的"})).content.decode()
    assert "没有编号为“没有的”的采购" in page
    page = client.post(f"/purchases/{draft.pk}/", form(draft, rice(), **{to: other.number}), follow=True)
    receipt.refresh_from_db()
    assert receipt.purchase == other and f"已归入采购 {other.number}" in page.content.decode()
    assert other.number in client.get("/purchases/suggestions/?unit=S01").content.decode()


@pytest.fixture
def remembered(unit):
    return make_purchase(
        unit,
        line(use=Use.CANTEEN, region="昭觉县", product="粳米"),
        supplier="昭觉商行",
        channel=Channel.PLATFORM_832,
    )


def blank_draft(unit, *products):
    lines = [line("5.00", use="", region=None, product=product) for product in products]
    return make_purchase(unit, *lines, status=Status.DRAFT, supplier="昭觉商行", channel="")


def blank(product="粳米", **values):
    return {"product_name": product, "amount": "5.00", "use": "", "region": ""} | values


def test_proposals_stand_beside_blank_fields_and_saving_does_not_take_them(client, clerk, unit, remembered):
    draft = blank_draft(unit, "粳米")
    page = client.get(f"/purchases/{draft.pk}/").content.decode()
    assert "建议：昭觉县（本单位 2021-06-01 买“粳米”）" in page and "建议：832平台" in page
    assert "采用 3 处建议" in page
    client.post(f"/purchases/{draft.pk}/", form(draft, blank(), channel="", supplier="昭觉商行", save="1"))
    draft.refresh_from_db()
    assert (draft.channel, draft.lines.get().use, draft.lines.get().region) == ("", "", None)


def test_one_click_takes_what_is_proposed_where_nothing_else_was_chosen(client, clerk, unit, remembered):
    draft = blank_draft(unit, "粳米", "粳米", "没买过的东西", "粳米")
    chosen = make_region("常山县").pk
    lines = [blank(), blank(region=chosen), blank("没买过的东西"), blank(DELETE="on")]
    data = form(draft, *lines, channel="", supplier="昭觉商行", accept="1")
    client.post(f"/purchases/{draft.pk}/", data)
    draft.refresh_from_db()
    kept = [(each.use, each.region and each.region.name) for each in draft.lines.all()]
    assert draft.channel == Channel.PLATFORM_832
    assert kept == [(Use.CANTEEN, "昭觉县"), (Use.CANTEEN, "常山县"), (Use.CANTEEN, "昭觉县")]


def test_nothing_is_proposed_or_asked_for_where_all_is_chosen(
    client, clerk, unit, remembered, django_assert_max_num_queries
):
    draft = make_purchase(unit, line(product="粳米"), status=Status.DRAFT, supplier="昭觉商行")
    lacking = blank_draft(unit, "粳米")
    assert "建议：" not in client.get(f"/purchases/{draft.pk}/").content.decode()
    with django_assert_max_num_queries(12):
        client.get(f"/purchases/{lacking.pk}/")


def test_as_above_copies_the_line_before_that_stays_and_stores_nothing(client, clerk, unit):
    draft = make_purchase(unit, status=Status.DRAFT)
    lines = [rice(use=Use.OFFICE), rice(use=Use.PERSONAL, DELETE="on"), blank()]
    response = client.post(f"/purchases/{draft.pk}/", form(draft, *lines, same_line="lines-2"))
    third = response.context["editor"].rows[2].form
    assert (third["use"].value(), third["region"].value()) == (Use.OFFICE, str(make_region().pk))
    assert draft.lines.get().product_name == "苦荞茶"
    for asked in ("lines-0", "lines-x", "lines--1", "lines-99999999"):
        assert (
            client.post("/purchases/new/", form(None, *lines, same_line=asked, unit="S01")).status_code == 200
        )
    assert Purchase.objects.count() == 1

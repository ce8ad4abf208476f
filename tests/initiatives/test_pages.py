"""帮扶工作 as people meet it: the list, a record, its form, its purchases and files."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cixi_xiezuo.audit import AuditEvent
from initiatives import records
from initiatives.models import Record
from initiatives.records import Content
from procurement.choices import Status
from tests.factories import line, make_policy, make_purchase, make_unit, make_user
from units.kinds import Kind
from units.models import Role

pytestmark = pytest.mark.django_db
DAY = datetime.date(2021, 5, 1)
FORM = {"title": "农博会", "starts": "2021-06-01", "own_sort": "农博会"}


@pytest.fixture
def city():
    make_policy()
    units = {code: make_unit(code, Kind.TOWN, name) for code, name in (("T01", "临江镇"), ("T02", "远山镇"))}
    units["D01"] = make_unit("D01", name="市商务局")
    return units


def as_clerk(client, unit, name="clerk"):
    user = make_user(name, Role.CLERK, unit)
    client.force_login(user)
    return user


def test_a_record_is_made_with_who_leads_and_supports(client, city):
    as_clerk(client, city["T01"])
    form = client.get("/initiatives/kinds/activity/new/").content.decode()
    assert (
        'list="all-units"' in form and 'value="T02 远山镇" data-letters="t02 ysz"' in form
    )  # without scripts too
    data = FORM | {"unit": "T01", "part_lead": "市商务局", "part_support": "临江镇、T02", "own_booths": "3"}
    data["own_regions"] = "昭觉县、金阳县"
    response = client.post("/initiatives/kinds/activity/new/", data)
    record = Record.objects.get()
    assert response.url == f"/initiatives/{record.pk}/"
    page = client.get(response.url).content.decode()
    assert "媒体报道填什么" in page and "怎样分解任务" not in page  # 帮助 of its kind
    assert (
        "牵头单位" in page
        and "市商务局" in page
        and "临江镇、远山镇" in page
        and "昭觉县、金阳县" in page
        and "登记工作" in page
    )
    assert record.data["booths"] == 3 and record.year == 2021


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"ends": "2021-05-01"}, "不能早于开始日期"),
        ({"part_lead": "没有这家"}, "没有编码或名称为“没有这家”的单位"),
        ({"part_lead": "T02", "part_support": "远山镇"}, "已列在牵头单位中"),
    ],
)
def test_a_wrong_entry_is_told_at_its_field(client, city, wrong, sentence):
    as_clerk(client, city["T01"])
    response = client.post("/initiatives/kinds/activity/new/", FORM | {"unit": "T01"} | wrong)
    assert response.status_code == 422 and sentence in response.content.decode()
    assert not Record.objects.exists()


def test_an_office_that_has_a_part_sees_the_record_and_changes_nothing(client, city):
    content = Content("农博会", DAY, parts={city["T02"]: "support"})
    record = records.create_record("activity", city["T01"], content, by=None)
    hidden = records.create_record("activity", city["T01"], Content("别的", DAY), by=None)
    as_clerk(client, city["T02"])
    assert client.get(f"/initiatives/{record.pk}/").status_code == 200
    assert client.get(f"/initiatives/{record.pk}/edit/").status_code == 404
    assert client.get(f"/initiatives/{hidden.pk}/").status_code == 404


def test_a_linked_purchase_of_others_is_shown_without_its_number(client, city):
    content = Content("农博会", DAY, parts={city["T02"]: "support"})
    record = records.create_record("activity", city["T01"], content, by=None)
    purchase = make_purchase(city["T01"], line("88.00"), number="机密-1")
    records.link(record, purchase, by=None)
    as_clerk(client, city["T02"])
    records.link(record, make_purchase(city["T01"], line("7.00")), by=None)
    page = client.get(f"/initiatives/{record.pk}/").content.decode()
    assert "95.00" in page and '<td data-label="核定" class="num">88.00</td>' in page and "机密-1" not in page


def test_a_purchase_counts_for_one_record_of_a_kind(client, city):
    as_clerk(client, city["T01"])
    one, two = (records.create_record("activity", city["T01"], Content(x, DAY), by=None) for x in "甲乙")
    outlet = records.create_record("outlet", city["T01"], Content("专柜", DAY), by=None)
    make_purchase(city["T01"], number="P1", status=Status.APPROVED)
    for record in (one, two, outlet):
        client.post(f"/initiatives/{record.pk}/link/", {"number": "P1"})
    assert [record.links.count() for record in (one, two, outlet)] == [1, 0, 1]
    assert "同一类中只能算一次" in client.get(f"/initiatives/{two.pk}/").content.decode()


def test_evidence_is_handed_out_as_a_download_only(client, city):
    as_clerk(client, city["T01"])
    record = records.create_record("activity", city["T01"], Content("甲", DAY), by=None)
    files = [SimpleUploadedFile("纪要.pdf", b"%PDF-1.4 x"), SimpleUploadedFile("表.docx", b"plain words")]
    client.post(f"/initiatives/{record.pk}/attach/", {"files": files})
    [kept] = record.evidence.all()
    response = client.get(f"/initiatives/evidence/{kept.pk}/")
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(response.streaming_content) == b"%PDF-1.4 x"
    event = AuditEvent.objects.get(action="下载附件")
    assert (event.detail["name"], event.detail["sha256"]) == ("纪要.pdf", kept.file_id)
    assert "下载附件" not in client.get(f"/initiatives/{record.pk}/").content.decode()


def test_the_pages_ask_the_database_little(client, city, django_assert_max_num_queries):
    for number in range(20):
        content = Content(f"活动{number}", DAY, parts={city["T02"]: "support"}, data={"sort": "展销会"})
        record = records.create_record("activity", city["T01"], content, by=None)
        records.link(record, make_purchase(city["T01"]), by=None)
    others = [
        records.create_record(kind, city["T01"], Content(kind, DAY, parts={city["T02"]: "lead"}), by=None)
        for kind in ("task", "outlet", "pledge", "trade")
    ]
    addresses = ["", "kinds/activity/", "kinds/activity/new/", f"{record.pk}/", f"{record.pk}/edit/"]
    addresses += [f"{each.pk}/" for each in others]
    outlet = next(f"{each.pk}/" for each in others if each.kind == "outlet")
    for unit in ("T01", "T02"):
        as_clerk(client, city[unit], unit)
        client.get("/initiatives/")  # the session learns its year
        for address in addresses:
            reporting = (unit, address) == ("T01", outlet)  # its form of a month's sales lists the regions
            with django_assert_max_num_queries(13 if reporting else 12):
                answer = client.get(f"/initiatives/{address}")
            assert answer.status_code == (404 if (unit, address) == ("T02", f"{record.pk}/edit/") else 200)


def test_the_list_is_exported_as_filtered(client, city):
    as_clerk(client, city["T01"])
    for title in ("甲展", "乙展"):
        records.create_record("activity", city["T01"], Content(title, DAY, data={"sort": "展销会"}), by=None)
    response = client.post("/exports/initiatives/?kind=activity&year=2021&text=甲", {"format": "csv"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert "甲展" in text and "乙展" not in text and "免费展位" in text


def test_pictures_are_seen_on_the_page_drawn_anew_and_links_can_be_followed(client, city, png):
    as_clerk(client, city["T01"])
    content = Content("农博会", DAY, data={"sort": "农博会", "media": "晚报 https://news.example.cn/1"})
    record = records.create_record("activity", city["T01"], content, by=None)
    files = [SimpleUploadedFile("现场.png", png), SimpleUploadedFile("签到.pdf", b"%PDF-1.4 names")]
    client.post(f"/initiatives/{record.pk}/attach/", {"files": files})
    picture, paper = record.evidence.order_by("pk")
    page = client.get(f"/initiatives/{record.pk}/").content.decode()
    assert f'src="/initiatives/evidence/{picture.pk}/photo/"' in page and f"{paper.pk}/photo/" not in page
    assert 'href="https://news.example.cn/1"' in page
    response = client.get(f"/initiatives/evidence/{picture.pk}/photo/")
    assert response["Content-Type"] == "image/jpeg" and response.content[:3] == b"\xff\xd8\xff"
    assert client.get(f"/initiatives/evidence/{paper.pk}/photo/").status_code == 404


def test_a_list_offers_the_units_that_it_has_and_finds_the_chosen_one(client, city):
    make_unit("T03", Kind.TOWN, "无事镇")
    first, second = (
        records.create_record("activity", city[code], Content(f"{code}的活动", DAY), by=None)
        for code in ("T01", "T02")
    )
    first.parts.create(unit=city["D01"], part="lead")
    client.force_login(make_user("office", Role.OVERSIGHT, city["D01"]))
    page = client.get("/initiatives/kinds/activity/?year=2021").content.decode()
    assert 'list="listed-units"' in page and 'value="T02 远山镇"' in page and 'value="D01 市商务局"' in page
    assert "无事镇" not in page
    page = client.get("/initiatives/kinds/activity/", {"unit": "T02 远山镇"}).content.decode()
    assert second.title in page and first.title not in page
    page = client.get("/initiatives/kinds/activity/", {"unit": "D01 市商务局"}).content.decode()
    assert first.title in page and second.title not in page

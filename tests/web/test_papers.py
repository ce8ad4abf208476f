"""What is handed on: the unit's 考核表 as a PDF, and the year's receipts in zips."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import zipfile

import pypdfium2
import pytest
from django.test import Client

from assessment import pack, sealing
from assessment.sentences import exact, yuan
from assessment.standing import YearStanding
from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.sheettext import csv_text
from procurement.choices import Status, Use
from procurement.models import StoredFile
from tests.factories import line, make_base, make_policy, make_purchase, make_receipt, make_unit, make_user
from units.kinds import Kind
from units.models import BaseStatus, Role, Unit, YearBase

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 an invoice"


@pytest.fixture
def town() -> Unit:
    make_policy()
    town = make_unit("T01", Kind.TOWN, "临江镇")
    make_base(town, target="1000.00", canteen_budget="5000.00")
    make_purchase(town, line("400.00", use=Use.OFFICE), number="P1", receipt=PDF, invoice_number="99990007")
    return town


@pytest.fixture
def school(town: Unit) -> Unit:
    school = make_unit("S01", Kind.SCHOOL, "=1+1/../小学", town=town)
    bought = make_purchase(school, line("7.00"), number="P2", receipt=b"<?xml version='1.0'?><a/>")
    StoredFile.objects.filter(receipts__purchase=bought).update(media_type="application/xml")
    make_receipt(bought, b"%PDF-1.4 payment", kind="payment", invoice_code="", invoice_number="")
    make_purchase(school, line("7.00"), number="P3", receipt=b"%PDF-1.4 waiting", status=Status.SUBMITTED)
    make_purchase(school, line("7.00"), number="P4", receipt=b"%PDF-1.4 late", date="2021-12-31")
    return school


def signed_in(role: str, *units: Unit) -> Client:
    client = Client()
    client.force_login(make_user(f"{role}-1", role, *units))
    return client


def zip_of(response) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def text_of(data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    return [page.get_textpage().get_text_range().replace("\r\n", "") for page in document]


class TestSheet:
    def test_it_says_on_one_page_what_the_unit_s_page_says(self, town: Unit) -> None:
        client = signed_in(Role.CLERK, town)
        response = client.post("/units/T01/sheet/?year=2021&as_of=2021-12-31")
        (page,) = text_of(response.content)
        for words in ("2021年度消费帮扶采购考核表", "临江镇（T01，镇）", "2021年12月31日"):
            assert words in page, words
        for amount in ("1,000.00", "400.00", "40.00%", "600.00", "0.00%"):
            assert amount in page, amount
        assert "尚未封账" in page
        event = AuditEvent.objects.get(action="导出考核表")
        assert (event.actor, event.detail["units"]) == ("clerk-1", ["T01"])

    def test_a_base_that_waits_for_confirmation_is_not_called_missing(self, town: Unit) -> None:
        YearBase.objects.update(status=BaseStatus.FILED)
        (page,) = text_of(signed_in(Role.CLERK, town).post("/units/T01/sheet/?year=2021").content)
        assert "食堂采购预算已填报，等待确认" in page

    def test_a_closed_year_carries_its_digest(self, town: Unit) -> None:
        snapshot = sealing.lock(2021, by=None)
        (page,) = text_of(signed_in(Role.CLERK, town).post("/units/T01/sheet/?year=2021").content)
        assert snapshot.digest in page

    def test_all_that_a_person_sees_come_in_one_file(self, school: Unit) -> None:
        lead = make_unit("D02", Kind.DEPARTMENT, "市商务局")
        pages = text_of(signed_in(Role.BUREAU, lead).post("/standings/sheets/?year=2021").content)
        assert ["（D02，" in pages[0], "（S01，" in pages[1], "（T01，" in pages[2]] == [True] * 3
        assert len(text_of(signed_in(Role.CLERK, school).post("/standings/sheets/?year=2021").content)) == 1


class TestPack:
    def test_every_original_is_there_to_the_byte_with_index_and_checksums(self, school: Unit) -> None:
        office = make_unit("D02", Kind.DEPARTMENT)
        client = signed_in(Role.BUREAU, office)
        assert "共 3 份" in client.get("/packs/2021/?as_of=2021-12-30").content.decode()
        archive = zip_of(client.post("/packs/2021/1/?as_of=2021-12-30"))
        assert archive.testzip() is None
        names = archive.namelist()
        assert names[:2] == ["清单.csv", "SHA256SUMS"]
        assert "T01 临江镇/P1/01-发票-99990007.pdf" in names
        assert [name.rsplit(".", 1)[1] for name in names if "/P2/" in name] == ["xml", "pdf"]
        assert not [name for name in names if name.startswith(("/", "..")) or "/../" in name]
        for row in archive.read("SHA256SUMS").decode().splitlines():
            digest, path = row.split("  ", 1)
            assert hashlib.sha256(archive.read(path)).hexdigest() == digest
        rows = list(csv.DictReader(io.StringIO(archive.read("清单.csv").decode("utf-8-sig"))))
        assert [row["采购编号"] for row in rows] == ["P2", "P2", "P1"]
        assert rows[0]["单位名称"] == csv_text(school.name) != school.name
        assert AuditEvent.objects.get(action="导出票据包").detail["files"] == 3

    def test_a_clerk_gets_their_own_unit_s_alone(self, school: Unit) -> None:
        names = zip_of(signed_in(Role.CLERK, school).post("/packs/2021/1/")).namelist()
        assert not [name for name in names if name.startswith("T01")]
        assert [name for name in names if "/P4/" in name]

    def test_it_is_split_by_size_in_order(self, school: Unit) -> None:
        papers = list(pack.papers(2021, datetime.date(2021, 12, 31), Unit.objects.all()))
        one = max(paper.file.size for paper in papers)
        made = pack.parts(iter(papers), size=one)
        assert [paper for part in made for paper in part.papers] == papers
        assert [part.number for part in made] == list(range(1, len(made) + 1))
        assert all(part.papers for part in made)
        assert all(part.size <= one or len(part.papers) == 1 for part in made)

    def test_an_infected_original_stays_out(self, town: Unit) -> None:
        StoredFile.objects.update(scan="infected")
        client = signed_in(Role.CLERK, town)
        assert "还没有可以打包的票据" in client.get("/packs/2021/").content.decode()
        assert client.post("/packs/2021/1/").status_code == 302

    def test_the_list_asks_few_queries(self, school: Unit, django_assert_max_num_queries) -> None:
        client = signed_in(Role.CLERK, school)
        with django_assert_max_num_queries(12):
            client.get("/packs/2021/")


class TestCitySummary:
    def test_it_says_what_the_standing_says_to_those_who_see_the_city(self, school: Unit) -> None:
        bureau = signed_in(Role.BUREAU, make_unit("D09", name="市商务局"))
        response = bureau.post("/workbook/2021/summary/?as_of=2021-12-31")
        text = "".join(text_of(response.content))
        standing = YearStanding.read(2021, datetime.date(2021, 12, 31))
        total = standing.city_total
        for words in (
            "2021年度消费帮扶采购考核情况汇总",
            "临江镇",
            "尚未封账",
            "四、分产地",
            yuan(total.value),
            yuan(total.threshold),
        ):
            assert words in text, words
        (row,) = [row for row in standing.ranking if row.unit.name == "临江镇"]
        assert yuan(row.attributed) in text and exact(row.completion) in text
        assert AuditEvent.objects.filter(action="导出情况汇总").exists()
        assert signed_in(Role.CLERK, school).post("/workbook/2021/summary/").status_code == 404

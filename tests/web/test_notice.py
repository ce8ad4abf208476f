"""通报: the year's figures in official wording, as they stand on the pages, of the asker's own units alone."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal

import pypdfium2
import pytest
from django.core.files.storage import storages
from django.test import Client
from docx import Document
from docx.shared import Mm

from assessment.notice import work as notices
from assessment.standing import YearStanding
from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.jobs import work
from cixi_xiezuo.jobs.models import Job
from procurement.choices import Channel, Use
from tests.factories import line, make_base, make_policy, make_purchase, make_unit, make_user
from units.kinds import Affiliation, Kind
from units.models import BaseStatus, Role

pytestmark = pytest.mark.django_db
DAY = datetime.date(2021, 12, 31)
ADDRESS = "/standings/notice/?year=2021&as_of=2021-12-31"


@pytest.fixture
def city():
    make_policy()
    units = {
        "D01": make_unit("D01", Kind.DEPARTMENT, "市商务局"),
        "D06": make_unit("D06", Kind.DEPARTMENT, "市教育局"),
        "T01": make_unit("T01", Kind.TOWN, "临江镇"),
        "T02": make_unit("T02", Kind.TOWN, "远山镇"),
    }
    trade = {"supervisor": units["D06"], "affiliation": Affiliation.CITY}
    units["S01"] = make_unit("S01", Kind.SCHOOL, "临江小学", town=units["T01"], **trade)
    units["S02"] = make_unit("S02", Kind.SCHOOL, "远山民办小学", town=units["T02"])
    units["S03"] = make_unit("S03", Kind.SCHOOL, "滨海小学", town=units["T01"], **trade)
    for code, target in (("D01", "300.00"), ("D06", "9000.00"), ("T01", "12345.67"), ("T02", "50.00")):
        make_base(units[code], target=target, canteen_budget="1000.00")
    for code in ("S01", "S02"):
        make_base(units[code], canteen_budget="5000.00")
    make_base(units["S03"], status=BaseStatus.RETURNED)
    for code, amount in (("D01", "100.10"), ("S01", "333.33"), ("S02", "77.77"), ("T01", "1234.56")):
        make_purchase(units[code], line(amount, use=Use.CANTEEN), channel=Channel.PLATFORM_832)
    return units


def signed_in(role, *units) -> Client:
    client = Client()
    client.force_login(make_user(f"{role}-1", role, *units))
    return client


def taken(client, form="docx") -> bytes:
    response = client.post(ADDRESS, {"format": form})
    assert response.status_code == 200, response
    return response.content


def words_of(data: bytes) -> str:
    document = Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([each.text for each in document.paragraphs] + cells)


def yuan(fen):
    return "—" if fen is None else f"{Decimal(fen) / 100:,.2f}"


def percent(ratio):
    return "—" if ratio is None else f"{Decimal(ratio) / 100:.2f}%"


def test_every_figure_of_the_document_is_that_of_the_standings(city):
    data = taken(signed_in(Role.BUREAU, city["D01"]))
    standing = YearStanding.read(2021, DAY)
    ranking, canteen = Document(io.BytesIO(data)).tables
    assert [tuple(cell.text for cell in row.cells) for row in ranking.rows][1:] == [
        (
            str(row.rank or "—"),
            row.unit.name,
            yuan(row.target),
            yuan(row.attributed),
            percent(row.completion),
            yuan(row.gap),
        )
        for row in standing.ranking
    ]
    behind = [row for row in standing.units if row.rule == "canteen_share" and row.gap]
    shown = {tuple(cell.text for cell in row.cells)[1:] for row in canteen.rows[1:]}
    assert len(behind) > 2
    assert shown == {
        (row.unit.name, yuan(row.denominator), yuan(row.numerator), percent(row.ratio), yuan(row.gap))
        for row in behind
    }
    words = words_of(data)
    assert f"已完成{yuan(standing.city_total.value)}元" in words
    assert f"共差{yuan(sum(row.gap for row in standing.ranking))}元" in words
    assert "退回后尚未重新填报的单位1个：滨海小学。" in words
    assert "关于2021年度消费帮扶采购进展情况的通报" in words and words.index("市商务局") > 0


@pytest.mark.parametrize(("role", "code"), [(Role.LEAD, "D06"), (Role.TOWN, "T01")])
def test_who_leads_others_reads_of_its_own_units_and_of_no_others(city, role, code):
    client, own = signed_in(role, city[code]), city[code].name
    assert "通报</a>" in client.get("/standings/canteen_share/?year=2021").content.decode()
    page = client.get(ADDRESS).content.decode()
    for words in (words_of(taken(client)), page[page.index("<article") : page.index("</article>")]):
        assert "临江小学" in words and "333.33" in words and own in words
        others = {"远山民办小学", "临江镇", "远山镇", "市商务局", "市教育局"} - {own}
        assert not [name for name in others if name in words]
        assert (
            "66,000,000.00" not in words and yuan(YearStanding.read(2021, DAY).city_total.value) not in words
        )


def test_it_is_laid_out_as_official_papers_are_and_can_be_edited(city):
    document = Document(io.BytesIO(taken(signed_in(Role.OVERSIGHT, city["D01"]))))
    section = document.sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(each / Mm(1)) for each in margins] == [37, 35, 28, 26]
    title, text = document.paragraphs[0].runs[0], document.paragraphs[3].runs[0]
    assert (title.font.size.pt, text.font.size.pt) == (22, 16)
    assert "方正小标宋简体" in title._r.xml and "仿宋_GB2312" in text._r.xml


def test_the_pdf_has_the_same_words_and_taking_either_is_on_the_trail(city):
    data = taken(signed_in(Role.BUREAU, city["D01"]), "pdf")
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data))
    for row in YearStanding.read(2021, DAY).ranking:
        assert yuan(row.attributed) in text and yuan(row.target) in text
    event = AuditEvent.objects.get(action="起草通报")
    assert (event.actor, event.detail["format"], event.detail["as_of"]) == ("bureau-1", "pdf", "2021-12-31")


def test_a_long_one_is_made_in_the_background_as_the_person_sees_it_then(city, monkeypatch):
    monkeypatch.setattr(notices, "SHORT", 1)
    client = signed_in(Role.LEAD, city["D06"])
    assert client.post(ADDRESS, {"format": "docx"})["Location"] == "/tasks/"
    job = Job.objects.get()
    work.run(job.pk)
    job.refresh_from_db()
    assert job.file_name.endswith(".docx"), job.words
    words = words_of(storages["work"].open(job.file).read())
    assert "临江小学" in words and "远山民办小学" not in words


def test_an_unknown_format_is_refused_in_words(city):
    client = signed_in(Role.BUREAU, city["D01"])
    page = client.post(ADDRESS, {"format": "\x00"}, follow=True).content.decode()
    assert "请选择下载 Word 文档或 PDF" in page


def test_reading_it_takes_as_many_queries_whatever_the_number_of_units(
    city, django_assert_max_num_queries, django_assert_num_queries
):
    client = signed_in(Role.BUREAU, city["D01"])
    client.get(ADDRESS)  # the first page of a session writes it
    with django_assert_max_num_queries(12) as few:
        client.get(ADDRESS)
    for number in range(30):
        make_base(make_unit(f"S1{number:02}", Kind.SCHOOL), canteen_budget="100.00")
    with django_assert_num_queries(len(few)):
        client.get(ADDRESS)

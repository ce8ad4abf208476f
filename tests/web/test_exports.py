"""Every list out as it stands on the screen: the same rows in the same order, and nobody else's."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from django.core.files.storage import storages
from django.urls import reverse
from openpyxl import load_workbook

from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.exports import work as exports
from cixi_xiezuo.jobs import work
from cixi_xiezuo.jobs.models import Job
from procurement.choices import Channel, Status, Use
from procurement.imports import load_bases, load_purchases, load_units
from procurement.models import Purchase
from tests.factories import line, make_base, make_policy, make_purchase, make_unit, make_user
from units.kinds import Kind
from units.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(client):
    make_policy()
    school = make_unit("S01", Kind.SCHOOL, "实验中学", town=make_unit("T01", Kind.TOWN, "观海卫镇"))
    other = make_unit("S02", Kind.SCHOOL, "=别的学校")
    make_base(school, canteen_budget="1000.00", headcount=30)
    make_purchase(
        school,
        line("120.50", use=Use.CANTEEN),
        line("0.10", region="常山县"),
        number="P1",
        channel=Channel.PLATFORM_832,
        supplier="=cmd|'/c calc'!A1",
        invoice_number="00987654",
    )
    make_purchase(other, line("7"), number="P2", date="2021-07-01", status=Status.SUBMITTED)
    user = make_user("bureau", Role.BUREAU, make_unit("D01", name="市商务局"))
    client.force_login(user)
    return user


def export(client, slug: str, query: str = "", form: str = "xlsx"):
    return client.post(reverse("export", args=[slug]) + (f"?{query}" if query else ""), {"format": form})


def content(response) -> bytes:
    return b"".join(response.streaming_content)


def rows_of(response) -> list[list]:
    sheet = load_workbook(io.BytesIO(content(response))).worksheets[0]
    return [[cell.value for cell in row] for row in sheet]


def test_the_purchases_come_out_as_filtered_and_sorted_on_screen(client, city) -> None:
    head, *rows = rows_of(export(client, "purchases"))
    assert head[:4] == ["采购编号", "单位编码", "单位名称", "计入日期"]
    assert [row[0] for row in rows] == ["P2", "P1"], "the newest first, as on the page"
    amounts = {row[0]: (row[6], row[7], row[8]) for row in rows}
    assert amounts == {"P1": (120.6, 120.6, "已核准"), "P2": (7, None, "待审核")}
    assert [row[0] for row in rows_of(export(client, "purchases", "status=approved"))[1:]] == ["P1"]
    assert [row[0] for row in rows_of(export(client, "purchases", "unit=S02&page=9"))[1:]] == ["P2"]


def test_lines_come_out_in_the_words_of_the_template_and_can_be_loaded_again(client, city) -> None:
    response = export(client, "lines", "text=P1")
    data = content(response)
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    assert sheet.max_row == 3
    assert sheet["R2"].value == "033002100211"
    assert (sheet["S2"].value, sheet["S2"].data_type, sheet["S2"].number_format) == ("00987654", "s", "@")
    assert (sheet["F2"].value, sheet["F2"].data_type, sheet["F2"].quotePrefix) == (
        "=cmd|'/c calc'!A1",
        "s",
        True,
    )
    assert sheet["D2"].is_date
    report = load_purchases(data, by=None)
    assert (report.created, report.updated, report.unchanged) == (0, 0, 1)


def test_units_and_bases_can_be_loaded_again(client, city) -> None:
    assert load_units(content(export(client, "units")), by=None).unchanged == 4
    report = load_bases(content(export(client, "bases", "year=2021&unit=S01")), by=None)
    assert (report.created, report.updated, report.unchanged) == (0, 0, 1)


def test_a_clerk_gets_the_own_units_rows_alone(client, city) -> None:
    school = Purchase.objects.get(number="P1").unit
    client.force_login(make_user("clerk", Role.CLERK, school))
    for slug in ("purchases", "lines"):
        assert {row[0] for row in rows_of(export(client, slug))[1:]} == {"P1"}
    assert {row[0] for row in rows_of(export(client, "units"))[1:]} == {"S01"}
    assert export(client, "review").status_code == 404
    assert "别的学校" not in str(rows_of(export(client, "standings", "rule=canteen_share&year=2021")))


def test_the_queue_and_the_standings_come_out(client, city) -> None:
    assert [row[:2] for row in rows_of(export(client, "review"))[1:]] == [["P2", "S02"]]
    ranking = rows_of(export(client, "standings", "rule=dept_town_total&year=2021"))
    assert ranking[0][:3] == ["名次", "单位编码", "单位名称"]
    assert {row[1]: row[4] for row in ranking[1:]} == {"T01": 120.6, "D01": 0}
    shares = rows_of(export(client, "standings", "rule=canteen_share&year=2021&as_of=2021-12-31&unit=S01"))
    assert shares[1][:2] == ["S01", "实验中学"]
    assert shares[1][3:6] == [120.5, 1000, 0.1205]
    assert export(client, "standings", "rule=nonsense&year=2021").status_code == 404
    assert export(client, "nonsense").status_code == 404


def test_a_day_or_year_that_makes_no_sense_is_told(client, city) -> None:
    for query in (
        "rule=canteen_share&year=abc",
        "rule=canteen_share&year=2021&as_of=2021-02-30",
        "rule=canteen_share&year=2001",
    ):
        response = client.post(
            reverse("export", args=["standings"]) + f"?{query}", {"format": "xlsx"}, follow=True
        )
        assert response.status_code == 200
        assert "alert-danger" in response.content.decode()


def test_csv_has_the_mark_that_excel_needs_and_guards_formulas(client, city) -> None:
    response = export(client, "lines", form="csv")
    assert response["Content-Disposition"].endswith(".csv")
    data = content(response)
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert data[:3] == b"\xef\xbb\xbf"
    assert {row[5] for row in rows[1:]} == {"'=cmd|'/c calc'!A1", "凉山供应链公司"}
    assert "120.50" in rows[2]
    assert load_purchases(data, by=None).unchanged == 2


def test_a_long_list_is_made_in_the_background_and_fetched_from_the_tasks(client, city, monkeypatch) -> None:
    monkeypatch.setattr(exports, "SHORT", 1)
    response = export(client, "lines")
    assert response["Location"] == reverse("tasks")
    job = Job.objects.get()
    assert "导出采购明细（3 行）" in client.get(reverse("tasks")).content.decode()
    work.run(job.pk)
    job.refresh_from_db()
    assert (job.words, job.file_name[:4]) == ("共 3 行", "采购明细")
    book = load_workbook(io.BytesIO(storages["work"].open(job.file).read()))
    assert [row[13].value for row in book["采购明细"].iter_rows(min_row=2)] == [7, 120.5, 0.1]
    assert "共 3 行" in book["说明"]["A2"].value


def test_whoever_loses_the_right_before_the_background_gets_to_it_gets_nothing(
    client, city, monkeypatch
) -> None:
    monkeypatch.setattr(exports, "SHORT", 0)
    export(client, "lines")
    city.memberships.all().delete()
    job = Job.objects.get()
    work.run(job.pk)
    job.refresh_from_db()
    assert (job.file, job.words) == ("", "您没有导出采购明细的权限")


def test_each_export_is_on_the_trail(client, city) -> None:
    export(client, "purchases", "status=approved")
    event = AuditEvent.objects.get(action="导出")
    assert (event.subject, event.actor) == ("采购台账", "bureau")
    assert (event.detail["query"], event.detail["rows"], event.detail["format"]) == (
        "status=approved",
        1,
        "xlsx",
    )


def test_amounts_in_the_file_are_exact_to_the_fen(client, city) -> None:
    sheet = load_workbook(io.BytesIO(content(export(client, "lines")))).worksheets[0]
    cells = [row[13] for row in sheet.iter_rows(min_row=2)]
    assert [Decimal(str(cell.value)) for cell in cells] == [Decimal(7), Decimal("120.5"), Decimal("0.1")]
    assert {cell.number_format for cell in cells} == {"#,##0.00"}
    assert {cell.data_type for cell in cells} == {"n"}


@pytest.mark.parametrize(
    ("page", "slug"),
    [
        ("purchases", "purchases"),
        ("purchases", "lines"),
        ("review_queue", "review"),
        ("units", "units"),
        ("bases", "bases"),
    ],
)
def test_each_page_offers_its_export_with_its_filters(client, city, page, slug) -> None:
    text = client.get(reverse(page) + "?unit=S01").content.decode()
    assert f'action="{reverse("export", args=[slug])}?unit=S01' in text


def test_the_standings_page_exports_its_year_and_rule(client, city) -> None:
    text = client.get(reverse("standings", args=["canteen_share"]) + "?status=met").content.decode()
    assert 'action="/exports/standings/?status=met&amp;year=2021&amp;rule=canteen_share"' in text

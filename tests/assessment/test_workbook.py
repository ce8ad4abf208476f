"""The year's workbook, read back by another library, says what `assess --json` says."""

from __future__ import annotations

import datetime
import io
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from assessment import workbook
from assessment.words import STATUS
from cixi_xiezuo.columns import Column
from cixi_xiezuo.sheets import Book
from cixi_xiezuo.sheettext import cell_text, triggers
from procurement.choices import Channel, Status, Use
from procurement.models import Purchase
from tests.factories import line, make_base, make_policy, make_purchase, make_unit
from units.kinds import Kind

CASES = Path(__file__).parent.parent / "cases"
SHEETS = {
    "canteen_share": "食堂10%",
    "union_holiday_share": "工会20%",
    "union_welfare_cap": "工会500元",
    "financial_share": "金融机构",
}
TRIGGERS = [
    "=1+1",
    "==1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    " =1+1",
    "=cmd|'/c calc'!A1",
]
pytestmark = pytest.mark.django_db


def read(data: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def table(rows: list[list[Any]], key: str) -> list[dict[str, Any]]:
    """The rows under the head that begins with `key`, up to the sums, by column name."""
    start = next(place for place, row in enumerate(rows) if row and row[0] == key)
    found = []
    for row in rows[start + 1 :]:
        if row[0] in ("合计", ""):
            break
        found.append(dict(zip(rows[start], row, strict=True)))
    return found


def ranking(rows: list[list[Any]]) -> dict[str, dict[str, Any]]:
    start = next(place for place, row in enumerate(rows) if row[0] == "名次")
    body = [dict(zip(rows[start], row, strict=True)) for row in rows[start + 1 :] if row[0] != "合计"]
    return {row["单位编码"]: row for row in body}


def money(value: Any) -> str | None:
    return None if value == "" else f"{value:.2f}"


def ratio(value: Any) -> str | None:
    return None if value == "" else f"{value:.4f}"


def assess(year: int, as_of: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("assess", str(year), "--as-of", as_of, "--json", stdout=out)
    return json.loads(out.getvalue())


def expect_same(book: dict[str, list[list[Any]]], expected: dict[str, Any]) -> None:
    rows = {
        rule: {row["单位编码"]: row for row in table(book[name], "单位编码")} for rule, name in SHEETS.items()
    }
    assert sum(map(len, rows.values())) == len(expected["units"])
    for each in expected["units"]:
        row = rows[each["rule"]][each["unit"]]
        assert money(row["分子（元）"]) == each["numerator"]
        assert money(row["分母（元）"]) == each["denominator"]
        assert ratio(row["占比"]) == each["ratio"]
        assert money(row["差额（元）"]) == each["gap"]
        assert row["状态"] == STATUS[each["status"]]
    places = ranking(book["责任单位排名"])
    assert len(places) == len(expected["responsible"])
    for each in expected["responsible"]:
        row = places[each["unit"]]
        assert money(row["完成额（元）"]) == each["attributed"]
        assert money(row["目标（元）"]) == each["target"]
        assert ratio(row["完成率"]) == each["completion"]
        assert (row["名次"] or None) == each["rank"]
        assert row["状态"] == STATUS[each["status"]]
    totals = table(book["汇总"], "指标")
    for row, rule in ((totals[0], "city_total"), (totals[-1], "dept_town_total")):
        city = expected["city"][rule]
        shown = [money(row[name]) for name in ("数值（元）", "标准（元）", "差额（元）")]
        assert shown == [city["value"], city["threshold"], city["gap"]]
        assert row["状态"] == STATUS[city["status"]]
    parts = [
        expected["city"]["city_total"][part] for part in ("direct", "commerce", "east_west", "mountain_sea")
    ]
    assert [money(row["数值（元）"]) for row in totals[1:5]] == parts
    counties = next(row for row in book["汇总"] if row[0] == "合计")
    assert money(counties[3]) == expected["city"]["city_total"]["value"]
    sums = dict(zip(head(book["采购明细"]), book["采购明细"][-1], strict=True))
    assert money(sums[next(name for name in sums if name.endswith("销售总额计入金额"))]) == money(
        totals[0]["数值（元）"]
    )
    assert money(sums[next(name for name in sums if name.endswith("采购总额计入金额"))]) == money(
        totals[-1]["数值（元）"]
    )


def head(rows: list[list[Any]]) -> list[str]:
    return next(row for row in rows if row[0] == "采购编号")


@pytest.mark.parametrize("case", ["worked", "random-1"])
def test_every_figure_of_a_whole_year_is_in_the_workbook(case: str) -> None:
    call_command("load", "reference", stdout=io.StringIO())
    for what, name in (("units", "单位"), ("bases", "年度基数"), ("purchases", "采购")):
        call_command("load", what, str(CASES / case / f"{name}.xlsx"), stdout=io.StringIO())
    for expected in json.loads((CASES / case / "expected.json").read_text()):
        as_of = datetime.date.fromisoformat(expected["as_of"])
        book = read(workbook.build(expected["year"], as_of))
        expect_same(book, assess(expected["year"], expected["as_of"]))
        in_year = Purchase.objects.filter(date__year=expected["year"])
        assert {row["采购编号"] for row in table(book["采购明细"], "采购编号")} == set(
            in_year.values_list("number", flat=True)
        )


@pytest.fixture
def small_year() -> None:
    make_policy()
    town = make_unit("T01", Kind.TOWN, "观海卫镇")
    school = make_unit("S01", Kind.SCHOOL, town=town)
    union = make_unit("G01", Kind.UNION, host=school)
    shop = make_unit("E01", Kind.ENTERPRISE, town=town)
    make_base(town, target="5000.00", canteen_budget="1000.00")
    make_base(school, canteen_budget="3000.00")
    make_base(union, headcount=3, holiday_gifts="900.00")
    make_purchase(
        school,
        line("299.99", Use.CANTEEN),
        number="A1",
        channel=Channel.PLATFORM_832,
        date="2021-03-01",
        invoice_number="83089647",
        receipt=b"invoice one",
        name="一.pdf",
    )
    bought = make_purchase(
        union,
        line("100.00", Use.UNION_HOLIDAY, "常山县", holiday="spring"),
        line("1600.00", Use.UNION_WELFARE, "其他地区"),
        number="A2",
        date="2021-02-01",
        invoice_code="",
        invoice_number="25332000000104411967",
    )
    make_purchase(
        union,
        line("-40.00", Use.UNION_HOLIDAY, "常山县", holiday="spring"),
        number="A3",
        date="2021-06-30",
        original=bought,
    )
    make_purchase(shop, line("70.00", Use.COMMERCE, overlap="70.00"), number="A4")
    make_purchase(town, line("88.00"), number="A5", status=Status.SUBMITTED, date="2021-12-01")


def year_end() -> dict[str, list[list[Any]]]:
    return read(workbook.build(2021, datetime.date(2021, 12, 31)))


def test_it_shows_each_line_with_what_counts_it_or_why_nothing_does(small_year: None) -> None:
    rows = {(row["采购编号"], row["行"]): row for row in table(year_end()["采购明细"], "采购编号")}
    assert rows["A1", 1]["食堂采购占比"] == rows["A1", 1]["全市总额"] == "是"
    assert rows["A1", 1]["工会节日慰问占比"] == "—"
    assert rows["A1", 1]["责任单位"] == "观海卫镇"
    assert rows["A1", 1]["计入日期"] == datetime.date(2021, 3, 1)
    assert rows["A2", 2]["全市总额"] == "否：产地未结对"
    assert rows["A2", 2]["工会福利限额"] == "是"
    assert rows["A2", 1]["工会福利限额"] == "否：用途不符"
    assert rows["A3", 1]["全市总额计入金额"] == -40
    assert rows["A3", 1]["原采购编号"] == "A2"
    assert rows["A4", 1]["全市总额"] == "否：已由单位登记"
    assert rows["A5", 1]["全市总额"] == "否：未核准"
    assert rows["A5", 1]["核定金额（元）"] == ""


def test_it_lists_the_receipts_with_invoice_numbers_as_text_and_digests(small_year: None) -> None:
    rows = {row["采购编号"]: row for row in table(year_end()["票据清单"], "采购编号")}
    assert rows["A1"]["发票代码"] == "033002100211"
    assert rows["A1"]["发票号码"] == "83089647"
    assert rows["A1"]["文件名"] == "一.pdf"
    assert len(rows["A1"]["SHA-256"]) == 64
    assert rows["A1"]["大小（字节）"] == len(b"invoice one")
    assert rows["A2"]["发票号码"] == "25332000000104411967"


def test_sums_and_shares_are_formulas(small_year: None) -> None:
    book = load_workbook(io.BytesIO(workbook.build(2021, datetime.date(2021, 12, 31))))
    formulas = {
        name: [cell.value for row in book[name] for cell in row if cell.data_type == "f"]
        for name in book.sheetnames
    }
    assert any(text.startswith("=SUM(") for text in formulas["食堂10%"])
    assert any(text.startswith("=TRUNC(") for text in formulas["食堂10%"])
    assert any(text.startswith("=COUNTIF('食堂10%'!") for text in formulas["汇总"])
    assert "='责任单位排名'!E5" not in formulas["汇总"]  # the sum below the one ranked unit, not the unit
    sheet = book["采购明细"]
    assert sheet.freeze_panes == "C4"
    assert sheet.auto_filter.ref.startswith("A3:")
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.page_setup.paperSize == 9


def all_formulas(data: bytes) -> list[str]:
    book = load_workbook(io.BytesIO(data))
    return [cell.value for sheet in book for row in sheet for cell in row if cell.data_type == "f"]


def test_an_empty_year_makes_a_workbook_too() -> None:
    make_policy()
    book = year_end()
    assert table(book["汇总"], "指标")[0]["数值（元）"] == 0
    assert table(book["采购明细"], "采购编号") == []


def test_a_year_without_a_policy_says_by_which_it_is_assessed(small_year: None) -> None:
    book = read(workbook.build(2022, datetime.date(2022, 12, 31)))
    said = [row[0] for row in book["汇总"] if "没有自己的政策" in str(row[0])]
    assert said == ["2022 年度没有自己的政策，按 2021 年度政策考核"]


def test_text_never_becomes_a_formula(small_year: None) -> None:
    unit = make_unit("=U", Kind.TOWN, "=HYPERLINK(1)")
    for place, text in enumerate(TRIGGERS):
        make_purchase(
            unit,
            line(product=text, measure=text),
            number=f"{text.strip()}{place}",
            supplier=f"{text}{place}",
            name=text,
        )
    data = workbook.build(2021, datetime.date(2021, 12, 31))
    sheet = load_workbook(io.BytesIO(data))["采购明细"]
    names = [cell.value for cell in next(row for row in sheet.iter_rows() if row[0].value == "采购编号")]
    found = {}
    for row in sheet.iter_rows(min_row=4):
        product = row[names.index("产品名称")]
        if product.value and product.value != "苦荞茶":
            assert {cell.data_type for cell in row[:12]} <= {"s", "n", "d"}
            assert product.data_type == "s"
            assert product.quotePrefix or not triggers(product.value)
            found[product.value] = row[names.index("供应商")].value
    assert not [text for text in all_formulas(data) if "1+1" in text or "HYPERLINK" in text]
    plain = {text.replace("\t", " ").replace("\r", "") for text in TRIGGERS}
    assert set(found) == plain


@pytest.mark.parametrize(
    "text", ["a\x00b", "a\x0bb\x1f", "a\x7fb", "a\ud800b\uffff", "<b>&amp;\"'", "长" * 200]
)
def test_odd_characters_do_not_break_the_book(text: str) -> None:
    target = io.BytesIO()
    with Book(target, title=f"&{text}") as book:
        sheet = book.sheet("一")
        rows = sheet.table([Column("文字")])
        rows.add([text])
        rows.close()
    assert load_workbook(io.BytesIO(target.getvalue())).active["A2"].value == cell_text(text)
    assert read(target.getvalue())["一"][1] == [cell_text(text)]


ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


@pytest.mark.nodb
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed")
def test_libreoffice_recalculates_every_value_to_ours(tmp_path: Path) -> None:
    call_command("load", "reference", stdout=io.StringIO())
    for what, name in (("units", "单位"), ("bases", "年度基数"), ("purchases", "采购")):
        call_command("load", what, str(CASES / "random-1" / f"{name}.xlsx"), stdout=io.StringIO())
    year = json.loads((CASES / "random-1" / "expected.json").read_text())[-1]["year"]
    data = workbook.build(year, datetime.date(year + 1, 1, 31))
    profile, source = tmp_path / "profile", tmp_path / "year.xlsx"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS_RECALCULATE)
    source.write_bytes(data)
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(tmp_path / "out"),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    ours, theirs = read(data), read((tmp_path / "out" / "year.xlsx").read_bytes())
    assert list(ours) == list(theirs)
    for name, rows in ours.items():
        for row, again in zip(rows, theirs[name], strict=True):
            assert [shown(value) for value in row] == [shown(value) for value in again], name


def shown(value: Any) -> Any:
    return round(value, 6) if isinstance(value, float) else value

"""Workbooks as offices really make them: every format, odd heads, titles, formulas, hidden rows, and hostile ones."""

from __future__ import annotations

import datetime
import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from cixi_xiezuo.errors import Refused
from procurement.imports import Rejected, load_bases, load_purchases
from procurement.models import Purchase
from procurement.tablefile import limits
from procurement.tablefile.run import read_table
from tests.workbooks import BASES, PURCHASES, purchase, records, workbook

FILES = Path(__file__).parent / "files"
ROW = purchase(状态="待审核", 数量="2.5", 发票代码="033002100211", 发票号码="00000001")


def text_table(separator: str = ",", encoding: str = "utf-8") -> bytes:
    return f"{separator.join(ROW)}\r\n{separator.join(map(str, ROW.values()))}\r\n".encode(encoding)


def sheet_with(change) -> bytes:
    """A good workbook after `change(sheet)`."""
    book = load_workbook(io.BytesIO(records(PURCHASES, ROW)))
    change(book.active)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def rewritten(data: bytes, old: bytes, new: bytes) -> bytes:
    """The same workbook with its sheet's XML changed, as programs other than Excel write it."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(result, "w") as target:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == "xl/worksheets/sheet1.xml":
                assert old in content
                content = content.replace(old, new)
            target.writestr(info, content)
    return result.getvalue()


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(
    "data",
    [
        records(PURCHASES, ROW),
        text_table(),
        text_table(encoding="utf-8-sig"),
        text_table(encoding="gb18030"),
        text_table(encoding="utf-16"),
        text_table("\t"),
        text_table(";"),
    ],
    ids=["xlsx", "csv", "csv with a mark", "csv of Excel in China", "csv in utf-16", "tabs", "semicolons"],
)
def test_every_format_says_the_same(data) -> None:
    assert load_purchases(data, by=None).created == 1
    found = Purchase.objects.get()
    assert (found.date, found.supplier.name) == (datetime.date(2021, 5, 1), "凉山合作社")
    assert found.lines.get().quantity == Decimal("2.5")
    assert found.receipts.get().identity == "033002100211-00000001"


@pytest.mark.usefixtures("city")
def test_an_old_xls_with_a_title_and_numbers_for_codes_is_read() -> None:
    report = load_purchases((FILES / "采购.xls").read_bytes(), by=None)
    assert report.created == 1
    assert Purchase.objects.get().receipts.get().identity == "033002100211-00000001"
    assert report.notices == ["列名在第 2 行，上面的 1 行是标题，没有读取"]


@pytest.mark.usefixtures("city")
def test_a_title_merged_over_the_heads_moves_every_row_number_with_it() -> None:
    def change(sheet) -> None:
        sheet.insert_rows(1, 2)
        sheet["A1"] = "慈溪市2021年度采购情况登记表"
        sheet.merge_cells("A1:Q1")
        sheet["L4"] = "很多"

    with pytest.raises(Rejected) as caught:
        load_purchases(sheet_with(change), by=None)
    (problem,) = caught.value.problems
    assert (problem.row, problem.column) == (4, "金额")


@pytest.mark.usefixtures("city")
def test_heads_forgive_brackets_blanks_marks_and_other_words() -> None:
    names = {
        "采购编号": "*采购单号",
        "单位编码": "单位　编码（必填）",
        "采购日期": "采购 日期",
        "供应商": "供应商名称",
        "产地": "产地(县)",
        "金额": "金额（元）",
    }
    row = purchase()
    assert (
        load_purchases(
            workbook([names.get(each, each) for each in row], [list(row.values())]), by=None
        ).created
        == 1
    )


@pytest.mark.usefixtures("city")
def test_a_column_that_bears_the_name_itself_goes_before_one_that_means_it() -> None:
    row = purchase() | {"采购金额": "不是数"}
    assert load_purchases(workbook(list(row), [list(row.values())]), by=None).notices == [
        "未识别的列已忽略：采购金额"
    ]


@pytest.mark.usefixtures("city")
def test_the_same_column_twice_is_refused() -> None:
    row = purchase()
    with pytest.raises(Refused, match="列名重复：金额"):
        load_purchases(workbook([*row, "金额"], [[*row.values(), 5]]), by=None)


@pytest.mark.usefixtures("city")
def test_hidden_rows_are_read_and_said() -> None:
    def change(sheet) -> None:
        sheet.row_dimensions[2].hidden = True

    assert load_purchases(sheet_with(change), by=None).notices == ["有 1 行是隐藏的（如第 2 行），也一并读取"]


@pytest.mark.usefixtures("city")
def test_a_formula_counts_with_the_value_it_was_saved_with() -> None:
    data = rewritten(
        sheet_with(lambda sheet: sheet.__setitem__("L2", "=50*2+0.5")), b"<v></v>", b"<v>100.5</v>"
    )
    load_purchases(data, by=None)
    assert Purchase.objects.get().lines.get().amount == Decimal("100.50")


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            sheet_with(lambda sheet: sheet.__setitem__("L2", "=50*2")),
            "第 2 行“金额”：是公式但没有计算结果",
        ),
        (
            rewritten(
                sheet_with(lambda sheet: sheet.__setitem__("L2", 7)),
                b't="n"><v>7</v>',
                b't="e"><f>1/0</f><v>#DIV/0!</v>',
            ),
            "第 2 行“金额”：是公式错误 #DIV/0!",
        ),
        (sheet_with(lambda sheet: sheet.__setitem__("C2", 44377)), "可能是 2021-06-30"),
        (sheet_with(lambda sheet: sheet.__setitem__("P2", "2.33E+19")), "按数字存放会丢失末位"),
        (sheet_with(lambda sheet: sheet.__setitem__("B2", "市教育局")), "填的是单位名称，应填编码 D01"),
        (sheet_with(lambda sheet: sheet.__setitem__("B2", "D01 实验中学")), "编码 D01 是“市教育局”"),
    ],
    ids=[
        "not calculated",
        "in error",
        "a day as a number",
        "a rounded number",
        "a name",
        "code and name differ",
    ],
)
def test_a_cell_that_cannot_be_read_says_what_to_do(data, said) -> None:
    with pytest.raises(Rejected, match="第 2 行") as caught:
        load_purchases(data, by=None)
    assert said in str(caught.value)


@pytest.mark.usefixtures("city")
def test_blank_rows_blank_columns_and_far_formats_cost_nothing() -> None:
    def change(sheet) -> None:
        sheet.insert_rows(2, 3)
        sheet["XFD3"].number_format = "0.00"
        sheet["A1048576"].number_format = "0.00"
        sheet["A4"], sheet["B4"] = "  ", "\u3000"

    assert load_purchases(sheet_with(change), by=None).created == 1


@pytest.mark.usefixtures("city")
def test_the_sheet_with_the_columns_is_found_behind_a_cover() -> None:
    book = Workbook()
    book.active.title = "封面"
    book.active["A1"] = "2021 年度采购"
    sheet = book.create_sheet("数据")
    sheet.append(list(ROW))
    sheet.append(list(ROW.values()))
    stream = io.BytesIO()
    book.save(stream)
    report = load_purchases(stream.getvalue(), by=None)
    assert (report.created, report.notices) == (1, ["读取的是工作表“数据”"])


@pytest.mark.usefixtures("city")
def test_an_example_row_is_passed_over() -> None:
    report = load_purchases(records(PURCHASES, purchase("示例-0001"), purchase()), by=None)
    assert (report.created, report.notices) == (1, ["“示例”开头的示例行没有导入"])


@pytest.mark.usefixtures("city")
def test_another_workbook_is_named_in_the_refusal() -> None:
    with pytest.raises(Refused, match=r"不是“采购”模板：缺少列 采购编号.*看起来是“年度基数”模板"):
        load_purchases(records(BASES, {"年度": 2021, "单位编码": "D01", "人数": 3}), by=None)
    with pytest.raises(Refused, match=r"不是“年度基数”模板：缺少列 年度.*看起来是“采购”模板"):
        load_bases(records(PURCHASES, purchase()), by=None)


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (30 * 2**20))
    return stream.getvalue()


def with_member(name: str, content: bytes = b"x") -> bytes:
    stream = io.BytesIO(records(PURCHASES, ROW))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(name, content)
    return stream.getvalue()


def sparse() -> bytes:
    book = Workbook()
    book.active["A1"], book.active["XFD1048576"] = 1, 2
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.nodb
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "文件是空的"),
        (b"%PDF-1.7 no table", "文件不是 .xlsx 工作簿"),
        (b"\x00\x01\x02" * 100, "文件不是 .xlsx 工作簿"),
        (b"PK\x03\x04 broken", "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "读不出来"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页格式的表格"),
        (bomb(), "解压后异常地大"),
        (sparse(), "工作表过大"),
        (sparse().replace(b"XFD1048576", b"XFD104857"), "读不出来|已损坏|过大"),
        (with_member("xl/vbaProject.bin"), "含有宏"),
        ("采购编号,单位编码\n".encode() + b'"' + b"1" * 2_000_000 + b'"', "文本表格读不出来"),
    ],
    ids=[
        "empty", "pdf", "binary", "broken zip", "broken xls", "html", "bomb", "sparse", "damaged", "macros", "long field",
    ],
)  # fmt: skip
def test_what_is_no_table_or_too_large_a_one_is_refused_in_a_sentence(data, said) -> None:
    with pytest.raises(Refused, match=said):
        read_table(data)


@pytest.mark.nodb
@pytest.mark.own_start
def test_single_quotes_and_other_prefixes_hide_no_far_cell() -> None:
    """The reader would lay out every cell up to the farthest: it runs out of its own memory, not of ours."""
    data = rewritten(sparse(), b'r="XFD1048576"', b"r='XFD1048576'")
    with pytest.raises(Refused, match="过大"):
        read_table(data)


@pytest.mark.nodb
def test_entities_are_not_expanded_and_nothing_outside_is_read(tmp_path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("机密")
    head = f'<!DOCTYPE x [<!ENTITY a "{"a" * 1000}"><!ENTITY f SYSTEM "file://{secret}">]>'.encode()
    data = rewritten(records(PURCHASES, ROW), b"<worksheet", head + b"<worksheet")
    try:
        table = read_table(data)
    except Refused:
        return
    assert "机密" not in str(list(table.rows))


@pytest.mark.nodb
@pytest.mark.own_start
def test_more_rows_than_allowed_are_refused(monkeypatch) -> None:
    rows = "\n".join(f"P{n},D01" for n in range(limits.MAX_ROWS + 50))
    with pytest.raises(Refused, match="过大"):
        read_table(f"采购编号,单位编码\n{rows}".encode())

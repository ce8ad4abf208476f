"""Tables as files: text stays text, amounts are numbers, dates dates, and memory does not grow with the rows."""

from __future__ import annotations

import csv
import datetime
import io
import subprocess
import sys
import zipfile
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from cixi_xiezuo.exports import xlsx
from cixi_xiezuo.exports.listing import Column, Kind
from cixi_xiezuo.exports.text import write_csv
from cixi_xiezuo.exports.xlsx import write_xlsx
from cixi_xiezuo.sheettext import triggers
from procurement.tablefile.run import read_table
from tests.services import ROOT

pytestmark = pytest.mark.nodb
TEXT = Column("文字", 20)
ALL = (
    TEXT,
    Column("金额", 12, Kind.FEN),
    Column("日期", 12, Kind.DATE),
    Column("个数", 12, Kind.WHOLE),
    Column("数量", 12, Kind.NUMBER),
    Column("占比", 12, Kind.RATIO),
)
TRICKS = [
    "=1+1", "==cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "＝1", "＋1", "－1", "＠x", "\t=1", "\r=1", "\n=1", " =1", "\u3000=1",
    "=HYPERLINK(\"http://x\",\"y\")", "a\x00b", "a\x0bb", "a\x1fb", "\ud800", "\ufffe", "<b>&amp;</b>", "]]>", "'quoted'", "\"", "a,b",
    "多行\n文字", "  两边  ", "😀", "0012345678901234567890", "1e5", "2021-01-01", "TRUE", "#REF!", "x" * 40_000,
]  # fmt: skip


def sheet(columns, rows, **options):
    stream = io.BytesIO()
    write_xlsx(stream, "表", columns, rows, **options)
    return load_workbook(io.BytesIO(stream.getvalue()))["表"]


def test_every_kind_of_value_is_what_it_is() -> None:
    row = ("文字", -123456, datetime.date(2021, 6, 30), 7, Decimal("2.500000"), 3333)
    found = sheet(ALL, [row, (None,) * 6])
    assert [cell.value for cell in found[1]] == [column.title for column in ALL]
    cells = found[2]
    assert [cell.value for cell in cells] == [
        "文字", -1234.56, datetime.datetime(2021, 6, 30), 7, 2.5, 0.3333,
    ]  # fmt: skip
    assert [cell.data_type for cell in cells] == ["s", "n", "d", "n", "n", "n"]
    assert [cell.number_format for cell in cells] == [
        "@",
        "#,##0.00",
        "yyyy-mm-dd",
        "0",
        "General",
        "0.00%",
    ]
    assert found.max_row == 2
    assert found.freeze_panes == "A2"
    assert found.auto_filter.ref == "A1:F3"


@pytest.mark.parametrize("fen", [0, 1, -1, 99, 100, -100, 10**15, -(10**15) - 1])
def test_amounts_are_exact_in_the_file(fen) -> None:
    stream = io.BytesIO()
    write_xlsx(stream, "表", [Column("金额", 12, Kind.FEN)], [(fen,)])
    with zipfile.ZipFile(stream) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    assert f"<v>{Decimal(fen).scaleb(-2):.2f}</v>" in xml


def test_no_text_becomes_a_formula_or_breaks_the_file() -> None:
    found = sheet([TEXT], [(text,) for text in TRICKS])
    for text, (cell,) in zip(TRICKS, found.iter_rows(min_row=2), strict=True):
        assert cell.data_type in ("s", "n")
        assert (cell.data_type == "n") == (cell.value is None)
        if cell.value is not None and triggers(cell.value):
            assert cell.quotePrefix, f"{text!r} is not marked as text"


def test_no_csv_field_becomes_a_formula() -> None:
    stream = io.BytesIO()
    write_csv(stream, [TEXT, ALL[1]], [(text, -150) for text in TRICKS])
    data = stream.getvalue()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert len(rows) == len(TRICKS) + 1
    for text, amount in rows[1:]:
        assert not triggers(text), text
        assert amount == "-1.50"


def test_what_is_written_is_read_back_the_same() -> None:
    texts = [text for text in TRICKS if len(text) < 1000 and text.isprintable() and text == text.strip()]
    for write in (
        lambda stream: write_xlsx(
            stream, "表", [Column("采购编号"), Column("供应商")], [("P", t) for t in texts]
        ),
        lambda stream: write_csv(stream, [Column("采购编号"), Column("供应商")], [("P", t) for t in texts]),
    ):
        stream = io.BytesIO()
        write(stream)
        back = [values[1] for _, values in read_table(stream.getvalue()).rows]
        assert [str(value) for value in back] == texts


def test_more_rows_than_a_sheet_takes_go_on_in_the_next(monkeypatch) -> None:
    monkeypatch.setattr(xlsx, "LAST_ROW", 5)
    stream = io.BytesIO()
    assert write_xlsx(stream, "采购明细", [TEXT], [(str(n),) for n in range(8)], ["共 8 行"]) == 8
    book = load_workbook(io.BytesIO(stream.getvalue()))
    assert book.sheetnames == ["采购明细", "采购明细 (2)", "采购明细 (3)", "说明"]
    assert [cell.value for cell in book["采购明细 (3)"]["A"]] == ["文字", "6", "7"]


def test_columns_beyond_z_have_their_letters() -> None:
    columns = [Column(str(n)) for n in range(60)]
    found = sheet(columns, [[str(n) for n in range(60)]])
    assert found["BH2"].value == "59"


def test_memory_does_not_grow_with_the_rows() -> None:
    """Three times the rows, hardly more memory: each measured in a process of its own."""
    code = """if True:
        import resource, sys, tempfile
        from cixi_xiezuo.exports.listing import Column, Kind
        from cixi_xiezuo.exports.xlsx import write_xlsx
        columns = [Column(str(n)) for n in range(8)] + [Column("x", 9, Kind.FEN)]
        rows = ([f"{n}-{m}" for m in range(8)] + [n] for n in range(int(sys.argv[1])))
        with tempfile.TemporaryFile() as file:
            write_xlsx(file, "表", columns, rows)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    """

    def peak(rows: int) -> int:
        run = subprocess.run(
            [sys.executable, "-c", code, str(rows)], cwd=ROOT, capture_output=True, text=True, check=True
        )
        return int(run.stdout)

    assert peak(60_000) <= 1.15 * peak(20_000)

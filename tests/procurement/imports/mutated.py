"""Workbooks gone wrong in every way an office knows, and some ways only a machine does: `mutated(kind, seed)` → bytes.

The .xlsx is written by hand, so that it may hold what a proper writer refuses to write.
"""

from __future__ import annotations

import csv
import datetime
import functools
import io
import random
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from tests.workbooks import purchase

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Formula:
    """`cached`: what it was saved with; None for one that nobody calculated."""

    text: str
    cached: str | None = None


@dataclass(frozen=True)
class Raw:
    """A cell's XML as it stands; `ref` is put in."""

    xml: str


@dataclass
class Sheet:
    """`cells`: the rows from the first; `merged`: ranges; `heads_at`: where the column names stand, from 0."""

    cells: list[list[Any]]
    heads_at: int = 0
    merged: list[str] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)


GOOD: dict[str, Rows] = {
    "units": [
        {"单位编码": "D01", "单位名称": "市教育局", "单位类别": "市级部门", "隶属层级": "市直"},
        {"单位编码": "T01", "单位名称": "观海卫镇", "单位类别": "镇"},
        {"单位编码": "S02", "单位名称": "第二中学", "单位类别": "学校", "主管部门编码": "D01", "所在镇街编码": "T01"},
        {"单位编码": "G02", "单位名称": "第二中学工会", "单位类别": "基层工会", "所属单位编码": "S02"},
        {"单位编码": "E02", "单位名称": "海货企业", "单位类别": "企业", "统一社会信用代码": "91330282MA2812345X"},
    ],
    "bases": [
        {"年度": 2021, "单位编码": "D01", "人数": 86, "食堂采购预算": "200,000.00", "采购目标": 1000, "食堂情况": "自营"},
        {"年度": 2021, "单位编码": "S01", "食堂情况": "共用", "共用代表单位编码": "D01", "预留比例": "12.5"},
        {"年度": 2021, "单位编码": "G01", "人数": 40, "节日慰问品总额": 20000.5},
        {"年度": "2021年", "单位编码": "E01", "宁波名单企业": "是"},
    ],
    "purchases": [
        purchase("P1", 数量=2.5, 计量单位="千克", 发票代码="033002100211", 发票号码="00000001"),
        purchase("P2", "S01", 用途="食堂采购", 采购渠道="832平台", 金额="1,200.50"),
        purchase("P2", "S01", 用途="食堂采购", 采购渠道="832平台", 产地="常山县"),
        purchase("P3", "G01", 用途="工会节日慰问", 法定节日="春节", 采购日期=datetime.date(2021, 2, 1)),
        purchase("P4", "E01", 用途="商务帮扶", 其中已登记金额=20),
        purchase("P5", "D01", 原采购编号="P1", 金额=-30),
    ],
    "people": [
        {"用户名": "zhangsan", "姓名": "张三", "单位编码": "S01", "角色": "经办人"},
        {"用户名": "lisi", "姓名": "李四", "单位编码": "D01", "角色": "牵头/主管审核"},
    ],
    "listed": [
        {"年度": 2021, "单位编码": "E01", "单位名称": "山货企业", "宁波名单企业": "是"},
        {"年度": 2021, "单位编码": "S01", "宁波名单企业": "否"},
    ],
    "targets": [
        {"年度": 2021, "单位编码": "D01", "单位名称": "市教育局", "采购目标": 350000},
        {"年度": 2021, "单位编码": "T01", "采购目标": "8,000.00"},
    ],
    "products": [
        {"产品名称": "苦荞茶", "认定编号": "川-1", "认定有效期至": datetime.date(2022, 12, 31)},
        {"产品名称": "胡柚"},
    ],
    "suppliers": [
        {"供应商": "凉山合作社", "统一社会信用代码": "91330282MA2812345X", "认定有效期至": "2022年12月31日"},
        {"供应商": "衢州农业"},
    ],
}  # fmt: skip

ODD: tuple[Any, ...] = (
    None, "", " ", "\u3000", 0, -1, 1, 7.0, 1e9, 1e15, 1e16, 1e308, -1e308, 5e-324, 0.30000000000000004, 99999999999999.99,
    10**15, 2**63, 44377, 36525.5, 3000000, -44377, 0.999999, True, False,
    datetime.date(1900, 1, 1), datetime.date(1999, 12, 31), datetime.date(2021, 6, 30), datetime.date(9999, 12, 31),
    "2021-02-30", "2021/13/1", "二〇二一年", "２０２１-０６-３０", "2021-06-30 00:00:00", "30.6.2021", "0000-00-00",
    "1e5", "1E+400", "-1e-400", "9" * 400, "1" + "0" * 30 + ".5", "１，２００．５０", "¥12", "12元", "1,2,3", "1.005",
    "NaN", "Infinity", "-inf", "0x1F", "½", "²", "٣", "१२३", "一百", "-0", "+5", "--5", "1 000", "12.5%", "１２％",
    "是", "否", "y", "D01", "d01", "S01 实验中学", "S01 别的名", "X99", "T01", "P1", "示例-1", "示例",
    "无食堂", "共用", "自营", "其他", "832平台", "食堂采购", "工会节日慰问", "商务帮扶", "春节", "布拖县", "布施县",
    "已核准", "草稿", "已作废", "管理员", "系统管理员", "经办人", "个人汇总", "基层工会", "镇", "市直",
    "甲" * 33, "乙" * 101, "丙" * 151, "长" * 4001, "a" * 33000, "\u202e倒着写", "a\u200bb", "\ufeff头", "\ufffe", "😀" * 20,
    "e\u0301" * 60, "\u0663\u0664", "\u2028换行", "两\n行", "\t", "a\tb", "\x01E坏", "\x1f", "_x0000_", "a_x0000_b", "_xD800_",
    "_x0001_E假", "_x000D_", "=1+1", "+SUM(A1)", "@cmd", "-2+3", '=cmd|"/c calc"!A1', "'=1", '="0012"', "<b>粗</b>", "&amp;", "]]>",
    "%s%n{0}{x}", "../../etc/passwd", "'; DROP TABLE unit; --", "NULL", "None", "null",
    Formula("1+1"), Formula("1+1", "2"), Formula('"D"&"01"', "D01"), Formula("1/0"), Formula("A1", ""), Formula("TODAY()", "44377"),
    Raw('<c r="{ref}" t="e"><v>#DIV/0!</v></c>'), Raw('<c r="{ref}" t="e"><f>1/0</f><v>#N/A</v></c>'),
    Raw('<c r="{ref}" t="s"><v>99999</v></c>'), Raw('<c r="{ref}" t="b"><v>7</v></c>'), Raw('<c r="{ref}"><v>abc</v></c>'),
    Raw('<c r="{ref}" t="d"><v>2021-06-30T00:00:00</v></c>'), Raw('<c r="{ref}" t="d"><v>昨天</v></c>'),
    Raw('<c r="{ref}" s="1"><v>-5</v></c>'), Raw('<c r="{ref}" s="1"><v>1e300</v></c>'), Raw('<c r="{ref}" s="1"><v>0.5</v></c>'),
    Raw('<c r="{ref}" s="2"><v>1.5</v></c>'), Raw('<c r="{ref}" s="99"><v>3</v></c>'), Raw('<c r="{ref}" t="zz"><v>3</v></c>'),
    Raw('<c r="{ref}"><v>NaN</v></c>'), Raw('<c r="{ref}"><v>1e999</v></c>'), Raw('<c r="{ref}"/>'),
    Raw('<c r="{ref}" t="inlineStr"><is><r><t>D</t></r><r><t>01</t></r><rPh><t>注音</t></rPh></is></c>'),
)  # fmt: skip
HEADS = (
    "",
    "备注",
    "金额",
    "单位编码",
    "年度",
    "产品",
    "问题",
    "甲" * 3000,
    "\x01E",
    "_x0000_",
    "=1+1",
    None,
    5,
    2.5,
    True,
)


def sheet_of(kind: str) -> Sheet:
    heads = list(dict.fromkeys(name for row in GOOD[kind] for name in row))
    return Sheet([list(heads), *([row.get(name) for name in heads] for row in GOOD[kind])])


def place(sheet: Sheet, chance: random.Random) -> tuple[int, int]:
    row = chance.randrange(len(sheet.cells))
    return row, chance.randrange(max(len(sheet.cells[row]), 1))


def odd_cells(sheet: Sheet, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 1, 1, 2, 5, 20))):
        row = chance.randrange(1, len(sheet.cells)) if len(sheet.cells) > 1 else 0
        if sheet.cells[row]:
            sheet.cells[row][chance.randrange(len(sheet.cells[row]))] = chance.choice(ODD)


def odd_head(sheet: Sheet, chance: random.Random) -> None:
    heads = sheet.cells[min(sheet.heads_at, len(sheet.cells) - 1)]
    if heads:
        at = chance.randrange(len(heads))
        dressed = (f" *{heads[at]}：", f"{heads[at]}（必填）", f"{heads[at]}\n", str(heads[at])[::-1])
        heads[at] = chance.choice((*HEADS, *dressed))


def blank_row(sheet: Sheet, chance: random.Random) -> None:
    sheet.cells.insert(chance.randrange(len(sheet.cells) + 1), [None] * chance.randrange(4))


def blank_column(sheet: Sheet, chance: random.Random) -> None:
    at = chance.randrange(6)
    for row in sheet.cells:
        row.insert(at, None)


def twice_a_row(sheet: Sheet, chance: random.Random) -> None:
    row = list(chance.choice(sheet.cells))
    sheet.cells.insert(chance.randrange(len(sheet.cells) + 1), row)


def twice_a_column(sheet: Sheet, chance: random.Random) -> None:
    at = chance.randrange(6)
    for row in sheet.cells:
        if at < len(row):
            row.append(row[at])


def without_a_column(sheet: Sheet, chance: random.Random) -> None:
    at = chance.randrange(6)
    for row in sheet.cells:
        del row[at : at + 1]


def shuffled_rows(sheet: Sheet, chance: random.Random) -> None:
    below = sheet.cells[sheet.heads_at + 1 :]
    chance.shuffle(below)
    sheet.cells[sheet.heads_at + 1 :] = below


def shuffled_columns(sheet: Sheet, chance: random.Random) -> None:
    width = max(map(len, sheet.cells), default=0)
    order = chance.sample(range(width), width)
    sheet.cells = [[row[at] if at < len(row) else None for at in order] for row in sheet.cells]


def crooked_columns(sheet: Sheet, chance: random.Random) -> None:
    """One row pushed a cell to the right, as happens when a cell is inserted."""
    row, at = place(sheet, chance)
    sheet.cells[row].insert(at, None)


def cut_rows(sheet: Sheet, chance: random.Random) -> None:
    row, at = place(sheet, chance)
    del sheet.cells[row][at:]


def merged_cells(sheet: Sheet, chance: random.Random) -> None:
    """As a spreadsheet merges: the first keeps its value, the others lose theirs."""
    row, at = place(sheet, chance)
    last = min(row + chance.randrange(3), len(sheet.cells) - 1)
    for each in range(row, last + 1):
        for other in range(at, min(at + 2, len(sheet.cells[each]))):
            if (each, other) != (row, at):
                sheet.cells[each][other] = None
    sheet.merged.append(f"{letters(at)}{row + 1}:{letters(at + 1)}{last + 1}")


def titled(sheet: Sheet, chance: random.Random) -> None:
    lines = chance.choice((1, 2, 29, 35))
    sheet.cells[:0] = [["慈溪市2021年度登记表"], *([None] for _ in range(lines - 1))]
    sheet.heads_at += lines


def hidden_rows(sheet: Sheet, chance: random.Random) -> None:
    sheet.hidden.add(chance.randrange(len(sheet.cells)))


def no_rows(sheet: Sheet, chance: random.Random) -> None:
    del sheet.cells[sheet.heads_at + chance.randrange(2) :]


def every_cell_text(sheet: Sheet, chance: random.Random) -> None:
    sheet.cells = [[None if cell is None else f" {cell} " for cell in row] for row in sheet.cells]


def a_hundred_columns(sheet: Sheet, chance: random.Random) -> None:
    sheet.cells[0] += [f"列{number}" for number in range(chance.choice((80, 99, 130)))]


def a_total_below(sheet: Sheet, chance: random.Random) -> None:
    sheet.cells.append(["合计", *[None] * chance.randrange(3), Formula("SUM(A1:A9)", "1400.5")])


Change = Callable[[Sheet, random.Random], None]
CHANGES: tuple[Change, ...] = (
    odd_cells, odd_cells, odd_cells, odd_cells, odd_head, blank_row, blank_column, twice_a_row, twice_a_column,
    without_a_column, shuffled_rows, shuffled_columns, crooked_columns, cut_rows, merged_cells, titled, hidden_rows,
    no_rows, every_cell_text, a_hundred_columns, a_total_below,
)  # fmt: skip


def mutated(kind: str, seed: int) -> bytes:
    """A workbook of the kind after one to four changes of chance, in one of the formats that are read."""
    chance = random.Random(f"{kind} {seed}")
    sheet = sheet_of(kind)
    for change in chance.choices(CHANGES, k=chance.choice((1, 1, 2, 3, 4))):
        if sheet.cells:
            change(sheet, chance)
    if chance.random() < 0.2:
        return text_of(sheet, chance)
    before = [Sheet([["封面"], ["2021"]])] if chance.random() < 0.1 else []
    after = [sheet_of(chance.choice(list(GOOD)))] if chance.random() < 0.1 else []
    return xlsx_of([*before, sheet, *after])


def text_of(sheet: Sheet, chance: random.Random) -> bytes:
    """As .csv, in the encodings and with the separators that programs write."""
    stream = io.StringIO(newline="")
    quoting = chance.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    write = csv.writer(stream, delimiter=chance.choice(",,,\t;"), quoting=quoting).writerow
    for row in sheet.cells:
        write(["" if cell is None else said(cell) for cell in row])
    encoding = chance.choice(("utf-8", "utf-8-sig", "gb18030", "utf-16"))
    return stream.getvalue().encode(encoding, "replace")


def said(cell: Any) -> str:
    if isinstance(cell, Formula):
        return cell.cached or f"={cell.text}"
    return "#N/A" if isinstance(cell, Raw) else str(cell)


def letters(place: int) -> str:
    text = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(65 + rest) + text
    return text


_CELLS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_STYLES = (
    f'<styleSheet xmlns="{_CELLS}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1">'
    '<border/></borders><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="46"/></cellXfs></styleSheet>'
)


def xlsx_of(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as an .xlsx, with nothing in it that a reader does not need."""
    stream = io.BytesIO()
    numbers = range(1, len(sheets) + 1)
    with zipfile.ZipFile(stream, "w") as archive:
        names = "".join(f'<sheet name="表{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
        relations = "".join(
            f'<Relationship Id="r{n}" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
        )  # fmt: skip
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{_PACKAGE}/content-types"/>')
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_DOCUMENT}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_CELLS}" xmlns:r="{_DOCUMENT}"><sheets>{names}</sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}'
            f'<Relationship Id="r0" Type="{_DOCUMENT}/styles" Target="styles.xml"/></Relationships>',
        )
        archive.writestr("xl/styles.xml", _STYLES)
        for number, sheet in zip(numbers, sheets, strict=True):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", sheet_xml(sheet).encode("utf-8", "replace"))
    return stream.getvalue()


def sheet_xml(sheet: Sheet) -> str:
    rows = []
    for number, row in enumerate(sheet.cells, start=1):
        cells = "".join(
            cell_xml(value, f"{letters(at)}{number}") for at, value in enumerate(row) if value is not None
        )
        hidden = ' hidden="1"' if number - 1 in sheet.hidden else ""
        rows.append(f'<row{hidden} r="{number}">{cells}</row>')
    merged = "".join(f'<mergeCell ref="{each}"/>' for each in sheet.merged)
    merged = f"<mergeCells>{merged}</mergeCells>" if merged else ""
    return f'<worksheet xmlns="{_CELLS}"><sheetData>{"".join(rows)}</sheetData>{merged}</worksheet>'


@functools.singledispatch
def cell_xml(value: Any, ref: str) -> str:
    text = escape("".join(char for char in str(value) if char in "\t\n" or char >= " "))
    return f'<c r="{ref}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


@cell_xml.register
def _(value: bool, ref: str) -> str:
    return f'<c r="{ref}" t="b"><v>{int(value)}</v></c>'


@cell_xml.register(int)
@cell_xml.register(float)
def _(value: float, ref: str) -> str:
    return f'<c r="{ref}"><v>{value!r}</v></c>'


@cell_xml.register
def _(value: datetime.date, ref: str) -> str:
    return f'<c r="{ref}" s="1"><v>{(value - datetime.date(1899, 12, 30)).days}</v></c>'


@cell_xml.register
def _(value: Formula, ref: str) -> str:
    if value.cached is None:
        return f'<c r="{ref}"><f>{escape(value.text)}</f></c>'
    kind = "" if value.cached.replace(".", "").isdigit() else ' t="str"'
    return f'<c r="{ref}"{kind}><f>{escape(value.text)}</f><v>{value.cached}</v></c>'


@cell_xml.register
def _(value: Raw, ref: str) -> str:
    return value.xml.format(ref=ref)


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The file cut short, or some of its bytes changed."""
    if chance.random() < 0.3:
        return data[: chance.randrange(len(data))]
    changed = bytearray(data)
    for _ in range(chance.choice((1, 4, 40))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)

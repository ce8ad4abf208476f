"""增值税电子普通（专用）发票 as issued up to 2022, with its 清单 pages when the rows do not fit."""

from __future__ import annotations

from collections.abc import Sequence

from assessment.demo.invoice_pen import BROWN, MONO, Pen
from assessment.demo.invoice_spec import InvoiceSpec, ItemSpec, Party
from assessment.demo.invoice_table import Columns, draw_row, draw_sums, draw_titles, draw_total, rows_of

TITLES = {
    "10": "增值税电子普通发票",
    "08": "增值税电子专用发票",
    "04": "增值税普通发票",
    "01": "增值税专用发票",
}
_WORDS = ("规格型号", "单位", "数  量", "单  价", "金  额", "税率", "税  额")
COLUMNS = Columns(4.5, 56, 82, 94.5, 114, 134, 164, 176, 205.5, titles=("货物或应税劳务、服务名称", *_WORDS))
LIST = Columns(14.5, 56, 82, 94.5, 114, 134, 164, 176, 205.5, titles=("货物（劳务）名称", *_WORDS))
ROWS, LIST_ROWS, STEP, LIST_STEP = 7, 22, 4.5, 7.0


def _template(pen: Pen, spec: InvoiceSpec) -> None:
    pen.seal(105, 17)
    pen.text(105, 12.8, spec.province + TITLES[spec.type], size=18, color=BROWN, align="centre")
    pen.line(65, 15.5, 145, 15.5)
    pen.line(65, 16.5, 145, 16.5)
    pen.label(8.5, 26.7, "机器编号：")
    for y, words in ((10.3, "发票代码："), (15.8, "发票号码："), (21.3, "开票日期："), (26.8, "校 验 码：")):
        pen.label(147, y, words)
    pen.box(4.5, 30, 205.5, 124)
    for y in (52, 96, 104):
        pen.line(4.5, y, 205.5, y)
    for x, top, bottom in (
        (10.5, 30, 52),
        (119.5, 30, 52),
        (125.5, 30, 52),
        (10.5, 104, 124),
        (119.5, 104, 124),
    ):
        pen.line(x, top, x, bottom)
    pen.line(125.5, 104, 125.5, 124)
    for x in COLUMNS.edges()[:-1]:
        pen.line(x, 52, x, 96)
    pen.line(56, 96, 56, 104)
    pen.down(5.8, 37, "购买方", 5)
    pen.down(121, 37, "密码区", 5)
    pen.down(5.8, 110, "销售方", 5)
    pen.down(121, 111, "备注", 7)
    for first in (34.5, 108.2):
        for index, words in enumerate(
            ("名        称：", "纳税人识别号：", "地 址、电 话：", "开户行及账号：")
        ):
            pen.label(11.5, first + index * 4.9, words)
    draw_titles(pen, COLUMNS, 55.5)
    for x, words in ((7, "收款人："), (60, "复核："), (107, "开票人："), (160, "销售方：（章）")):
        pen.label(x, 128.3, words)


def _party(pen: Pen, top: float, party: Party) -> None:
    pen.text(36, top, party.name)
    pen.text(36, top + 4.9, party.id, font=MONO, size=12)
    pen.text(36, top + 9.8, party.address)
    pen.text(36, top + 14.7, party.bank)


def _cipher(pen: Pen, spec: InvoiceSpec) -> None:
    """Four rows of the password area, made from the number: nobody can read them anyway."""
    signs = "0123456789+-*/<>"
    seed = int(spec.number)
    for row in range(4):
        chars = []
        for _ in range(28):
            seed = (seed * 1103515245 + 12345) % 2**31
            chars.append(signs[(seed >> 16) % 16])
        pen.text(128, 35.7 + row * 4.5, "".join(chars), font=MONO, size=11)


def _list_page(pen: Pen, spec: InvoiceSpec, rows: Sequence[ItemSpec], number: int, pages: int) -> None:
    pen.page(297)
    pen.text(105, 22, "销售货物或者提供应税劳务、服务清单", size=16, color=BROWN, align="centre")
    pen.label(8, 39.6, "购买方名称：")
    pen.label(8, 46.6, "销售方名称：")
    pen.label(8, 53.9, f"所属{TITLES[spec.type]}代码：")
    pen.label(95, 53.9, "号码：")
    pen.label(165, 53.9, "共      页")
    pen.label(186, 53.9, "第      页")
    pen.box(4.5, 57, 205.5, 270)
    pen.line(4.5, 65, 205.5, 65)
    for x in (14.5, *LIST.edges()[:-1]):
        pen.line(x, 57, x, 256)
    pen.label(9.5, 62, "序号", align="centre")
    draw_titles(pen, LIST, 62)
    pen.text(30, 39.6, spec.buyer.name)
    pen.text(30, 46.6, spec.seller.name)
    pen.text(58, 53.9, spec.code)
    pen.text(105, 53.9, spec.number)
    pen.text(170.5, 53.9, str(pages), align="centre")
    pen.text(191.5, 53.9, str(number), align="centre")
    for index, item in enumerate(rows):
        y = 71.0 + index * LIST_STEP
        pen.text(9.5, y, str((number - 1) * LIST_ROWS + index + 1), align="centre")
        draw_row(pen, LIST, y, item, 3.2)
    draw_sums(pen, LIST, 253, rows, "小      计")
    draw_sums(pen, LIST, 267, spec.items, "总      计")
    pen.label(150, 282, "填开日期：")
    pen.text(168, 282, spec.day)


def draw_classic(pen: Pen, spec: InvoiceSpec, *, qr: bool) -> None:
    """One page of A5 width; more rows than fit go to A4 list pages."""
    _template(pen, spec)
    if qr:
        pen.qr(8.5, 3.5, 20, spec.qr)
    pen.text(24, 26.7, "927000236092")
    check = " ".join(spec.check_code[start : start + 5] for start in range(0, len(spec.check_code), 5))
    for y, words in ((10.3, spec.code), (15.8, spec.number), (21.3, spec.day), (26.8, check)):
        pen.text(164, y, words)
    _party(pen, 108.2, spec.seller)
    _party(pen, 34.5, spec.buyer)
    _cipher(pen, spec)
    fits = sum(len(rows_of(item, COLUMNS)) for item in spec.items) <= ROWS
    y = 60.0
    if fits:
        for item in spec.items:
            y = draw_row(pen, COLUMNS, y, item, STEP)
    else:
        whole = ItemSpec("（详见销货清单）", spec.amount, spec.tax, spec.items[0].rate)
        draw_row(pen, COLUMNS, y, whole, STEP)
    draw_sums(pen, COLUMNS, 94.5, spec.items)
    draw_total(pen, spec, 101.2, 63, 168)
    pen.text(128, 112, spec.remark)
    for x, name in ((20, "收款员"), (70, "复核员"), (119, spec.drawer)):
        pen.text(x, 128.3, name)
    pen.seal(178, 114)
    if fits:
        return
    pages = [spec.items[start : start + LIST_ROWS] for start in range(0, len(spec.items), LIST_ROWS)]
    for index, rows in enumerate(pages):
        pen.next_page()
        _list_page(pen, spec, rows, index + 1, len(pages))

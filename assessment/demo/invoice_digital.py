"""电子发票（普通发票、增值税专用发票）: the fully digital layout, 农产品收购 among it; long ones run over pages."""

from __future__ import annotations

from collections.abc import Sequence

from assessment.demo.invoice_pen import BROWN, MONO, Pen, wrapped
from assessment.demo.invoice_spec import InvoiceSpec, ItemSpec, Party
from assessment.demo.invoice_table import Columns, draw_row, draw_sums, draw_titles, draw_total, rows_of

TITLES = {"31": "电子发票（增值税专用发票）", "32": "电子发票（普通发票）"}
_WORDS = ("规格型号", "单  位", "数  量", "单  价", "金  额", "税率/征收率", "税  额")
COLUMNS = Columns(4.5, 41, 65, 77.5, 102.5, 127.5, 153.5, 179, 205.5, titles=("项目名称", *_WORDS))
ROWS, STEP = 7, 4.5


def _template(pen: Pen, spec: InvoiceSpec, mark: str) -> None:
    pen.seal(105, 20)
    pen.text(105, 14.1, TITLES[spec.type], size=20, color=BROWN, align="centre")
    pen.line(65.5, 18, 138.5, 18)
    pen.line(65.5, 19, 138.5, 19)
    if mark:
        pen.label(29, 12, mark)
    pen.label(154.5, 14, "发票号码：")
    pen.label(154.5, 20, "开票日期：")
    pen.box(4.5, 30, 205.5, 124)
    for y in (52, 96, 104):
        pen.line(4.5, y, 205.5, y)
    for x, top, bottom in ((10.5, 30, 52), (105, 30, 52), (111, 30, 52), (10.5, 104, 124), (56.3, 96, 104)):
        pen.line(x, top, x, bottom)
    pen.down(5.9, 35.5, "购买方信息", 3.5)
    pen.down(106.4, 35.5, "销售方信息", 3.5)
    for x in (11.5, 112):
        pen.label(x, 36.5, "名称：")
        pen.label(x, 47, "统一社会信用代码/纳税人识别号：", size=8)
    draw_titles(pen, COLUMNS, 56)
    pen.down(5.9, 111, "备注", 6)
    pen.label(19, 132.5, "开票人：")


def _party(pen: Pen, x: float, party: Party, identity: float) -> None:
    for index, row in enumerate(wrapped(party.name, 82)):
        pen.text(x, 36.5 + index * 4.2, row)
    pen.text(identity, 47, party.id, font=MONO, size=12)


def _pages(items: Sequence[ItemSpec]) -> list[list[ItemSpec]]:
    pages: list[list[ItemSpec]] = [[]]
    taken = 0
    for item in items:
        height = len(rows_of(item, COLUMNS))
        if pages[-1] and taken + height > ROWS:
            pages.append([])
            taken = 0
        pages[-1].append(item)
        taken += height
    return pages


def draw_digital(pen: Pen, spec: InvoiceSpec, *, qr: bool, mark: str = "") -> None:
    """Every page repeats the head; only the last has 合计 and 价税合计, the others 小计."""
    pages = _pages(spec.items)
    for number, rows in enumerate(pages, start=1):
        if number > 1:
            pen.next_page()
        _template(pen, spec, mark)
        if qr:
            pen.qr(6.5, 6, 20, spec.qr)
        pen.text(171, 14, spec.number)
        pen.text(171, 20, spec.day)
        _party(pen, 121, spec.seller, 157)
        _party(pen, 20.5, spec.buyer, 56.5)
        y = 60.5
        for item in rows:
            y = draw_row(pen, COLUMNS, y, item, STEP)
        if len(pages) > 1:
            pen.label(170, 26, f"共{len(pages)}页 第{number}页")
            draw_sums(pen, COLUMNS, 90.5, rows, "小      计")
        if number == len(pages):
            draw_sums(pen, COLUMNS, 94.7, spec.items)
            draw_total(pen, spec, 101, 63, 156)
        pen.text(11.5, 108, spec.remark)
        pen.text(32, 132.5, spec.drawer)

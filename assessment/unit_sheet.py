"""考核表: how a unit stands, on one page to be printed, signed and sealed (margins as in GB/T 9704)."""

from __future__ import annotations

from collections.abc import Iterable

from reportlab.lib.enums import TA_CENTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, PageBreak, Paragraph, Spacer, Table, TableStyle

from assessment import printed, sentences
from assessment.rules.dept_town_total import Responsible
from assessment.rules.standing import Standing
from assessment.sentences import exact_or_dash, yuan_or_dash
from assessment.standing import YearStanding
from assessment.words import STATUS
from cixi_xiezuo.fonts import chinese
from units.kinds import Kind
from units.models import Unit, YearBase

WIDTHS = [34 * mm, 28 * mm, 28 * mm, 18 * mm, 20 * mm, 28 * mm]
HEAD = ("规则", "已完成（元）", "基数或目标（元）", "占比", "状态", "差额（元）")


def build(standing: YearStanding, units: Iterable[Unit], seal: Iterable[tuple[str, str]]) -> bytes:
    """A PDF with a page for each unit. `seal`: what the year's closing says, as on the workbook's cover."""
    declared = dict(YearBase.objects.filter(year=standing.year).values_list("unit", "status"))
    font = chinese()
    pages: list[Flowable] = []
    seal = list(seal)
    for unit in units:
        if pages:
            pages.append(PageBreak())
        pages += _page(standing, unit, declared.get(unit.pk, ""), seal, font)
    return printed.document(pages, f"{standing.year}年度消费帮扶采购考核表")


def _page(
    standing: YearStanding, unit: Unit, declared: str, seal: list[tuple[str, str]], font: str
) -> list[Flowable]:
    title = ParagraphStyle(
        "title", fontName=font, fontSize=18, leading=26, alignment=TA_CENTER, wordWrap="CJK"
    )
    text = ParagraphStyle("text", fontName=font, fontSize=11, leading=17, wordWrap="CJK")
    small = ParagraphStyle("small", parent=text, fontSize=9, leading=13)

    def words(content: str, style: ParagraphStyle = text) -> Paragraph:
        return printed.words(content, style)

    rows: list[list[object]] = [[words(head, small) for head in HEAD]]
    told = []
    for each, row in sentences.of_unit(standing, unit.pk, declared):
        rule = standing.facts.rules[each.rule]
        rows.append([words(cell, small) for cell in _cells(rule.title, row)])
        told.append(each)
    table = Table(rows, colWidths=WIDTHS, repeatRows=1, style=TableStyle(printed.RULED))
    closing = "；".join(f"{name}：{value}" for name, value in seal)
    return [
        words(f"{standing.year}年度消费帮扶采购考核表", title),
        Spacer(1, 4 * mm),
        words(f"单位：{unit.name}（{unit.code}，{Kind(unit.kind).label}）"),
        words(f"截止日：{standing.as_of:%Y年%m月%d日}"),
        words(f"政策：{standing.policy.title}"),
        Spacer(1, 3 * mm),
        table if len(rows) > 1 else words("按当年方案，没有对这个单位单独考核的比例；采购照常计入全市总额。"),
        Spacer(1, 3 * mm),
        *(
            words(f"{place}．{each.title}：{each.sentence}。依据：{each.clause}。", small)
            for place, each in enumerate(told, 1)
        ),
        Spacer(1, 4 * mm),
        words(closing, small),
        Spacer(1, 14 * mm),
        printed.to_sign(text, ("填报人（签字）：", 78), ("单位负责人（签字）：", 78)),
        Spacer(1, 10 * mm),
        printed.to_sign(text, ("单位（盖章）：", 78), ("日期：", 30), ("年", 16), ("月", 16), ("日", 16)),
    ]


def _cells(title: str, row: Standing | Responsible) -> list[str]:
    if isinstance(row, Responsible):
        done, full, part = row.attributed, row.target, row.completion
    else:
        done, full, part = row.numerator, row.denominator, row.ratio
    return [
        title,
        yuan_or_dash(done),
        yuan_or_dash(full),
        exact_or_dash(part),
        STATUS[row.status],
        yuan_or_dash(row.gap),
    ]

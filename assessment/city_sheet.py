"""全市情况汇总: the year in a few printed pages: findings, totals, each rule, departments and places, where it came from."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

from reportlab.lib.colors import black, whitesmoke
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from assessment import overview, sentences, signing
from assessment.paper_form import BOTTOM, LEFT, RIGHT, TOP
from assessment.rules.city_total import Total
from assessment.rules.standing import ratio
from assessment.words import STATUS
from assessment.workbook import findings
from assessment.workbook.source import Source
from assessment.workbook.summary import paired_regions
from cixi_xiezuo.fonts import chinese
from cixi_xiezuo.money import to_fen
from procurement.region_sums import region_sums_as_of

Cells = Sequence[str]
HEADING, TEXT, SMALL = 14, 12, 9.5  # points


def build(source: Source, seal: Iterable[tuple[str, str]]) -> bytes:
    """A PDF. `seal`: what the year's closing says, as on the workbook's cover. Raises Refused without a Chinese font."""
    standing = source.standing
    font = chinese()
    body = ParagraphStyle("body", fontName=font, fontSize=TEXT, leading=21, wordWrap="CJK")
    paragraph = ParagraphStyle("paragraph", parent=body, firstLineIndent=2 * TEXT)
    heading = ParagraphStyle("heading", parent=body, fontSize=HEADING, leading=26, spaceBefore=4 * mm)
    title = ParagraphStyle("title", parent=body, fontSize=20, leading=30, alignment=TA_CENTER)
    pages: list[Flowable] = [
        _words(f"{source.title}情况汇总", title),
        _words(f"政策：{standing.policy.title}", body),
        *(_words(f"文号：{each}", body) for each in [standing.policy.document_numbers] if each),
        _words(f"截止日：{standing.as_of:%Y年%m月%d日}；表中单位：元", body),
        *(_words(each, paragraph) for each in findings.paragraphs(source)),
    ]
    for name, widths, rows in _tables(source):
        pages += [_words(name, heading), _table(rows, widths, font)]
    pages += [Spacer(1, 6 * mm), _words("；".join(f"{name}：{value}" for name, value in seal), body)]
    pages += [
        Spacer(1, 14 * mm),
        signing.line(body, ("制表（签字）：", 55), ("审核（签字）：", 55), ("（盖章）", 46)),
    ]
    out = io.BytesIO()
    SimpleDocTemplate(
        out,
        pagesize=A4,
        topMargin=TOP * mm,
        bottomMargin=BOTTOM * mm,
        leftMargin=LEFT * mm,
        rightMargin=RIGHT * mm,
        title=f"{source.title}情况汇总",
        author="",
    ).build(pages)
    return out.getvalue()


def _tables(source: Source) -> Iterator[tuple[str, Sequence[float], list[Cells]]]:
    """(heading, widths in mm, rows with the head first)."""
    standing = source.standing
    yield (
        "一、全市合计",
        (40, 33, 33, 26, 24),
        [
            ("指标", "数值", "标准", "完成率", "状态"),
            *(_total(source, total) for total in (standing.city_total, standing.dept_town_total)),
        ],
    )
    counts = overview.rule_counts(standing.facts, standing.units)
    shown = [status for status in overview.ORDER if any(count.count(status) for count in counts)]
    width = 106 / max(len(shown) + 1, 1)
    yield (
        "二、各项规则（单位数）",
        (50, *[width] * (len(shown) + 1)),
        [
            ("规则", "涉及", *(STATUS[status] for status in shown)),
            *(
                (count.rule.title, str(count.units), *(str(count.count(status)) for status in shown))
                for count in counts
            ),
        ],
    )
    yield (
        "三、部门与镇街",
        (12, 50, 32, 32, 16, 14),
        [
            ("名次", "责任单位", "采购目标", "已完成", "完成率", "状态"),
            *(
                (
                    str(row.rank or "—"),
                    row.unit.name,
                    _yuan(row.target),
                    _yuan(row.attributed),
                    _part(row.completion),
                    STATUS[row.status],
                )
                for row in standing.ranking
            ),
        ],
    )
    sums = region_sums_as_of(source.year, standing.as_of)
    regions = [
        (region, sums[region.pk]) for region in paired_regions(source.explainer.terms) if region.pk in sums
    ]
    yield (
        "四、分产地",
        (46, 37, 37, 36),
        [
            ("产地", "直接采购", "商务帮扶", "合计"),
            *(
                (
                    region.name,
                    *(_yuan(to_fen(amount)) for amount in (found.direct, found.commerce, found.total)),
                )
                for region, found in regions
            ),
        ],
    )


def _total(source: Source, total: Total) -> Cells:
    share = ratio(total.value, total.threshold) if total.threshold else None
    name = source.rule(total.rule).title
    return (name, _yuan(total.value), _yuan(total.threshold), _part(share), STATUS[total.status])


def _yuan(fen: int | None) -> str:
    return "—" if fen is None else sentences.yuan(fen)


def _part(share: int | None) -> str:
    return "—" if share is None else sentences.exact(share)


def _words(content: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(content), style)


def _table(rows: list[Cells], widths: Sequence[float], font: str) -> LongTable:
    cell = ParagraphStyle("cell", fontName=font, fontSize=SMALL, leading=13, wordWrap="CJK")
    right = ParagraphStyle("right", parent=cell, alignment=TA_RIGHT)
    middle = ParagraphStyle("middle", parent=cell, alignment=TA_CENTER)
    shown = [[_words(words, middle) for words in rows[0]]]
    shown += [[_words(words, right if words[:1].isdigit() else cell) for words in row] for row in rows[1:]]
    look = [
        ("GRID", (0, 0), (-1, -1), 0.5, black),
        ("BACKGROUND", (0, 0), (-1, 0), whitesmoke),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
    ]
    return LongTable(shown, colWidths=[width * mm for width in widths], repeatRows=1, style=TableStyle(look))

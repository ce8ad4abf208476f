"""全市情况汇总: the year in a few printed pages: findings, totals, each rule, departments and places, where it came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from reportlab.lib.enums import TA_CENTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer

from assessment import overview
from assessment.printed import Cells, document, grid, to_sign, words
from assessment.rules.city_total import Total
from assessment.rules.standing import ratio
from assessment.sentences import exact_or_dash, yuan_or_dash
from assessment.words import STATUS
from assessment.workbook import findings
from assessment.workbook.source import Source
from assessment.workbook.summary import paired_regions
from cixi_xiezuo.fonts import chinese
from cixi_xiezuo.money import to_fen
from procurement.region_sums import region_sums_as_of

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
        words(f"{source.title}情况汇总", title),
        words(f"政策：{standing.policy.title}", body),
        *(words(f"文号：{each}", body) for each in [standing.policy.document_numbers] if each),
        words(f"截止日：{standing.as_of:%Y年%m月%d日}；表中单位：元", body),
        *(words(each, paragraph) for each in findings.paragraphs(source)),
    ]
    for name, widths, rows in _tables(source):
        pages += [words(name, heading), grid(rows[0], rows[1:], widths, font=font, size=SMALL)]
    pages += [Spacer(1, 6 * mm), words("；".join(f"{name}：{value}" for name, value in seal), body)]
    pages += [
        Spacer(1, 14 * mm),
        to_sign(body, ("制表（签字）：", 55), ("审核（签字）：", 55), ("（盖章）", 46)),
    ]
    return document(pages, f"{source.title}情况汇总")


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
                    yuan_or_dash(row.target),
                    yuan_or_dash(row.attributed),
                    exact_or_dash(row.completion),
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
                    *(yuan_or_dash(to_fen(amount)) for amount in (found.direct, found.commerce, found.total)),
                )
                for region, found in regions
            ),
        ],
    )


def _total(source: Source, total: Total) -> Cells:
    share = ratio(total.value, total.threshold) if total.threshold else None
    name = source.rule(total.rule).title
    return (
        name,
        yuan_or_dash(total.value),
        yuan_or_dash(total.threshold),
        exact_or_dash(share),
        STATUS[total.status],
    )

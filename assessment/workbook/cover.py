"""封面: what this book is, on what it rests, and where it is signed and sealed."""

from __future__ import annotations

from assessment.sealing import sealed_words
from assessment.workbook.source import Source
from cixi_xiezuo.columns import Column
from cixi_xiezuo.sheets import Sheet

NAME = "封面"
PAGE = [Column("", width) for width in (22, 64)]


def write(sheet: Sheet, source: Source) -> None:
    sheet.printed(upright=True)
    policy = source.standing.policy
    sheet.widths(column.width for column in PAGE)
    sheet.skip(4)
    sheet.title(f"{source.year}年度慈溪市消费帮扶采购考核表", PAGE)
    sheet.skip(3)
    sheet.pair("依据", policy.title)
    if policy.document_numbers:
        sheet.pair("文号", policy.document_numbers)
    sheet.pair("截止日", f"{source.standing.as_of:%Y年%m月%d日}")
    for name, words in sealed_words(source.year):
        sheet.pair(name, words)
    sheet.skip(4)
    for name in ("编制", "审核", "负责人"):
        sheet.pair(f"{name}（签字）", "")
        sheet.skip()
    sheet.skip(2)
    sheet.pair("单位（盖章）", "")
    sheet.pair("日期", "　　　　年　　月　　日")

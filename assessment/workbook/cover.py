"""封面: what this book is, on what it rests, and where it is signed and sealed."""

from __future__ import annotations

from assessment.models import Snapshot
from assessment.workbook.source import Source
from cixi_xiezuo.sheets import Column, Sheet
from units.years import YearLock

NAME = "封面"
PAGE = [Column("", width) for width in (22, 64)]


def write(sheet: Sheet, source: Source) -> None:
    policy = source.standing.policy
    sheet.widths(column.width for column in PAGE)
    sheet.skip(4)
    sheet.title(f"{source.year}年度慈溪市消费帮扶采购考核表", PAGE)
    sheet.skip(3)
    sheet.pair("依据", policy.title)
    if policy.document_numbers:
        sheet.pair("文号", policy.document_numbers)
    sheet.pair("截止日", f"{source.standing.as_of:%Y年%m月%d日}")
    for name, words in seal(source.year):
        sheet.pair(name, words)
    sheet.skip(4)
    for name in ("编制", "审核", "负责人"):
        sheet.pair(f"{name}（签字）", "")
        sheet.skip()
    sheet.skip(2)
    sheet.pair("单位（盖章）", "")
    sheet.pair("日期", "　　　　年　　月　　日")


def seal(year: int) -> list[tuple[str, str]]:
    """Whether the year is closed, in which version, and the digest that proves it."""
    version = Snapshot.objects.filter(year=year).defer("content").order_by("-version").first()
    if version is None or not YearLock.objects.filter(year=year, locked=True).exists():
        return [("封账", "尚未封账，数字还会变动")]
    taken = f"{version.taken_at:%Y-%m-%d}"
    return [
        ("封账", f"第 {version.version} 版，{version.taken_by} 于 {taken} 封账"),
        ("校验值", version.digest),
    ]

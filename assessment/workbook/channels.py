"""分渠道: by which channels the city's paired goods were bought."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import F, Q, Sum

from assessment.workbook.source import Source
from cixi_xiezuo.columns import Column, Kind
from cixi_xiezuo.money import MoneyField
from cixi_xiezuo.sheets import Formula, Sheet, Table
from procurement.choices import Channel, Use

NAME = "分渠道"
COLUMNS = (
    Column("采购渠道", 18),
    Column("直接采购（元）", 18, Kind.AMOUNT, total=True),
    Column("商务帮扶（元）", 18, Kind.AMOUNT, total=True),
    Column("合计（元）", 18, Kind.AMOUNT, total=True),
)
ZERO = Decimal("0.00")


def write(sheet: Sheet, source: Source) -> Table:
    sheet.printed(upright=True)
    sheet.title(f"{source.year}年度分渠道采购情况", COLUMNS)
    sheet.note(f"{source.as_of_note}　只含结对地区产品；商务帮扶已扣除其中已登记金额", COLUMNS)
    table = sheet.table(COLUMNS)
    sums = by_channel(source)
    for channel in Channel:
        direct, commerce = sums.get(channel, (ZERO, ZERO))
        total = Formula(f"{table.cell(1)}+{table.cell(2)}", direct + commerce)
        table.add([channel.label, direct, commerce, total])
    table.close()
    return table


def by_channel(source: Source) -> dict[str, tuple[Decimal, Decimal]]:
    """Channel → (direct, commerce less its overlap) in 元, of the lines that the city's total counts."""
    commerce = Q(use=Use.COMMERCE)
    rows = (
        source.counted_lines()
        .values_list("purchase__channel")
        .annotate(
            direct=Sum("recognised", filter=~commerce),
            commerce=Sum(F("recognised") - F("overlap"), filter=commerce, output_field=MoneyField()),
        )
    )
    return {channel: (direct or ZERO, other or ZERO) for channel, direct, other in rows}

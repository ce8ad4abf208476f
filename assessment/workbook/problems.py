"""数据问题: what keeps figures from being right, purchase by purchase."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from assessment.workbook.source import Source
from cixi_xiezuo.columns import Column, Kind
from cixi_xiezuo.sheets import Sheet
from procurement.choices import Status
from procurement.models import Purchase, Receipt

NAME = "数据问题"
COLUMNS = (
    Column("问题", 30),
    Column("采购编号", 20),
    Column("单位编码", 12),
    Column("单位名称", 28),
    Column("计入日期", 12, Kind.DATE),
    Column("处理办法", 46),
)


def write(sheet: Sheet, source: Source) -> None:
    sheet.title(f"{source.year}年度数据问题", COLUMNS)
    sheet.note(source.as_of_note, COLUMNS)
    table = sheet.table(COLUMNS, frozen=2)
    table.extend(
        [problem, purchase.number, purchase.unit.code, purchase.unit.name, purchase.date, remedy]
        for problem, purchase, remedy in found(source)
    )
    table.close()


def found(source: Source) -> Iterator[tuple[str, Purchase, str]]:
    """(what is wrong, the purchase, what to do), by kind of problem, then by number."""
    dated = Purchase.objects.filter(date__year=source.year, date__lte=source.standing.as_of)
    dated = dated.select_related("unit").order_by("number")
    numbers = source.standing.unattributed_purchases()
    for start in range(0, len(numbers), 500):
        for purchase in dated.filter(number__in=numbers[start : start + 500]):
            yield "没有责任单位", purchase, "补充该单位的主管部门或所在镇街"
    for purchase in dated.filter(status=Status.SUBMITTED):
        yield "待审核，尚未计入", purchase, "核准或退回"
    for purchase in dated.filter(status=Status.RETURNED):
        yield "已退回，尚未重新提交", purchase, "催促经办人修改后提交，或作废"
    bare = ~Exists(Receipt.objects.filter(purchase=OuterRef("pk"), file__isnull=False))
    for purchase in dated.filter(bare, status=Status.APPROVED).iterator(chunk_size=2000):
        yield "已核准，没有票据原件", purchase, "补传发票、付款凭据、货运凭证或采购合同"
    other = Exists(Receipt.objects.filter(purchase=OuterRef("pk"), data__other_paper=True))
    for purchase in dated.filter(other, status=Status.APPROVED).iterator(chunk_size=2000):
        yield "原件与登记的发票不符", purchase, "核对原件，传错的撤销核准后更正"

"""票据清单: every receipt behind the year's purchases, with the digest of its file."""

from __future__ import annotations

from assessment.workbook.source import Source
from cixi_xiezuo.columns import Column, Kind
from cixi_xiezuo.sheets import Sheet, Table
from procurement.models import Receipt

NAME = "票据清单"
CHUNK = 2000
COLUMNS = (
    Column("采购编号", 18),
    Column("采购状态", 10),
    Column("单位编码", 12),
    Column("单位名称", 28),
    Column("票据类别", 10),
    Column("发票代码", 15),
    Column("发票号码", 23),
    Column("查验", 12),
    Column("文件名", 34),
    Column("SHA-256", 68),
    Column("大小（字节）", 13, Kind.WHOLE),
)


def write(sheet: Sheet, source: Source) -> Table:
    sheet.title(f"{source.year}年度票据清单", COLUMNS)
    sheet.note(f"{source.as_of_note}　SHA-256 为原件校验值，原件改动一字即不符", COLUMNS)
    table = sheet.table(COLUMNS, frozen=1)
    found = (
        Receipt.objects.filter(purchase__date__year=source.year)
        .select_related("purchase", "unit", "file")
        .defer("data")
        .order_by("purchase__number", "pk")
    )
    table.extend(map(_row, found.iterator(chunk_size=CHUNK)))
    table.close()
    return table


def _row(receipt: Receipt) -> list[object]:
    purchase, file = receipt.purchase, receipt.file
    assert purchase is not None
    return [
        purchase.number,
        purchase.get_status_display(),
        receipt.unit.code,
        receipt.unit.name,
        receipt.get_kind_display(),
        receipt.invoice_code or None,
        receipt.invoice_number or None,
        receipt.get_check_result_display(),
        receipt.name or None,
        file.sha256 if file else None,
        file.size if file else None,
    ]

"""E-invoices not yet recorded, to drop into the demo clerk's inbox: in var/demo-invoices/."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

from django.conf import settings

from assessment.demo.data import World
from assessment.demo.invoices import InvoiceSpec, ItemSpec, Party, make_invoice_pdf, make_ofd


def folder() -> Path:
    return Path(settings.VAR_DIR) / "demo-invoices"


def write(world: World) -> list[Path]:
    """Three PDFs, one of each layout, and an OFD; the buyer is the demo clerk's school. The same bytes each time."""
    school = world.units["S01"]
    buyer = Party(school.name, school.uscc)
    sellers = {region: seller for seller in world.sellers for region in seller.regions[:1]}

    def party(region: str) -> Party:
        return Party(sellers[region].name, sellers[region].uscc)

    buckwheat = InvoiceSpec(
        number="60210815",
        issue_date=datetime.date(2021, 12, 20),
        buyer=buyer,
        seller=party("甘洛县"),
        items=[
            ItemSpec("*谷物加工品*黑苦荞粉", Decimal("3840.00"), quantity=Decimal(120), unit="袋"),
            ItemSpec("*水果*薄皮核桃", Decimal("2400.00"), quantity=Decimal(50), unit="公斤"),
        ],
        type="10",
        code="051002000111",
        check_code="20211220083260210815",
        province="四川",
        remark="演示数据",
    )
    pomelo = InvoiceSpec(
        number="21332000000060210816",
        issue_date=datetime.date(2021, 12, 22),
        buyer=buyer,
        seller=party("柯城区"),
        items=[
            ItemSpec("*水果*椪柑", Decimal("5137.61"), Decimal("462.39"), "9%", Decimal(100), "箱"),
        ],
        type="32",
        remark="演示数据",
    )
    lamb = InvoiceSpec(
        number="21512000000060210817",
        issue_date=datetime.date(2021, 12, 24),
        buyer=buyer,
        seller=party("美姑县"),
        items=[ItemSpec("*肉及肉制品*山羊肉", Decimal("8280.00"), quantity=Decimal(90), unit="公斤")],
        type="32",
        remark="演示数据",
    )
    rice = InvoiceSpec(
        number="21512000000060210818",
        issue_date=datetime.date(2021, 12, 27),
        buyer=buyer,
        seller=party("普格县"),
        items=[ItemSpec("*谷物*高原粳米", Decimal("4800.00"), quantity=Decimal(500), unit="公斤")],
        type="32",
        remark="演示数据",
    )
    files = {
        "1-黑苦荞粉与核桃-电子普票.pdf": make_invoice_pdf(buckwheat, "classic"),
        "2-椪柑-数电票.pdf": make_invoice_pdf(pomelo, "digital"),
        "3-山羊肉-农产品收购.pdf": make_invoice_pdf(lamb, "farm"),
        "4-高原粳米-数电票.ofd": make_ofd(rice),
    }
    folder().mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder() / name).write_bytes(data)
    return [folder() / name for name in files]

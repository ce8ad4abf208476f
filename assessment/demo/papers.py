"""The receipts of the invented purchases: invoice identities for all, the e-invoice itself for some."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from assessment.demo.data import World
from assessment.demo.invoice_pen import plain_number
from assessment.demo.invoices import InvoiceSpec, ItemSpec, Party, make_invoice_pdf
from assessment.demo.purchases import Buy, Goods
from cixi_xiezuo.money import from_fen
from procurement import receipts
from procurement.choices import LIVE, Channel, Reading, ReceiptKind
from procurement.extraction import InvoiceData, Item
from procurement.extraction.codec import to_plain
from procurement.models import Purchase, Receipt

CODES = {"四川": "051002000111", "浙江": "033002100211", "贵州": "052002000111"}
TAX = Decimal("1.09")
OTHER_BUYER = "慈溪市后塘文具用品经营部"
PDF = "application/pdf"


@dataclass
class Papers:
    """Hands out invoice numbers, each once, and draws what they are printed on."""

    world: World
    rng: Random
    count: int = 0
    goods: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.sellers = {seller.name: seller for seller in self.world.sellers}
        self.goods = {
            product.name: product.goods for rows in self.world.products.values() for product in rows
        }

    def of(self, buy: Buy, purchase: Purchase) -> Iterator[Receipt]:
        """Not yet saved. Bytes are stored at once."""
        live = buy.status in LIVE
        if not buy.invoice:
            for kind in (ReceiptKind.CONTRACT, ReceiptKind.PAYMENT):
                yield Receipt(unit=purchase.unit, purchase=purchase, kind=kind, live=live)
            return
        spec = self.spec(buy)
        receipt = Receipt(
            unit=purchase.unit,
            purchase=purchase,
            kind=ReceiptKind.INVOICE,
            invoice_code=spec.code,
            invoice_number=spec.number,
            identity=receipts.identity(spec.code, spec.number),
            live=live,
        )
        if buy.paper:
            receipt.name, receipt.reading = f"电子发票_{spec.number}.pdf", Reading.READ
            receipt.data = to_plain(read_from(spec))
            receipt.file = receipts.store(make_invoice_pdf(spec, "classic"), PDF)
        yield receipt

    def spec(self, buy: Buy) -> InvoiceSpec:
        """The invoice of a purchase: its lines, or a larger sum, or another buyer where that is the doubt."""
        seller, unit = self.sellers[buy.seller], self.world.units[buy.unit]
        buyer = Party(OTHER_BUYER) if buy.paper == "other_buyer" else Party(unit.name, unit.uscc)
        ordered = buy.channel == Channel.PLATFORM_832 and buy.paper == "true"
        extra = 260_00 if buy.paper == "other_amount" else 0
        items = [
            self.item(line, seller.taxed, extra if not place else 0) for place, line in enumerate(buy.lines)
        ]
        return InvoiceSpec(
            number=self.number(),
            issue_date=buy.invoiced,
            buyer=buyer,
            seller=Party(seller.name, seller.uscc),
            items=items,
            type="10",
            code=CODES[seller.province],
            check_code="".join(str(self.rng.randint(0, 9)) for _ in range(20)),
            province=seller.province,
            remark=f"演示数据 832平台订单 {buy.day:%Y%m%d}{self.count:05d}" if ordered else "演示数据",
        )

    def item(self, line: Goods, taxed: bool, extra: int = 0) -> ItemSpec:
        total = from_fen(line.amount + extra)
        amount = (total / TAX).quantize(Decimal("0.01"), ROUND_HALF_UP) if taxed else total
        return ItemSpec(
            name=f"*{self.goods[line.product]}*{line.product}",
            amount=amount,
            tax=total - amount,
            rate="9%" if taxed else "免税",
            quantity=Decimal(plain_number(line.quantity)),
            unit=line.measure,
        )

    def number(self) -> str:
        self.count += 1
        return f"{(self.count * 31_415_927 + 271_828) % 100_000_000:08d}"


def read_from(spec: InvoiceSpec) -> InvoiceData:
    """What reading the drawn PDF gives, field by field."""
    code = ("invoice_type", "invoice_code", "invoice_number", "issue_date", "amount", "check_code")
    text = ("total", "tax", "buyer_name", "buyer_id", "seller_name", "seller_id", "items")
    sure = {**dict.fromkeys(code, 1.0), **dict.fromkeys(text, 0.9)}
    if not spec.buyer.id:
        del sure["buyer_id"]
    return InvoiceData(
        format="pdf",
        kind="invoice",
        document="invoice",
        invoice_type=spec.type,
        invoice_code=spec.code,
        invoice_number=spec.number,
        issue_date=spec.issue_date,
        total=spec.total,
        amount=spec.amount,
        tax=spec.tax,
        check_code=spec.check_code,
        buyer_name=spec.buyer.name,
        buyer_id=spec.buyer.id,
        seller_name=spec.seller.name,
        seller_id=spec.seller.id,
        on_832="832平台" in spec.remark,
        items=tuple(Item(item.name, item.quantity, item.unit, item.amount, item.tax) for item in spec.items),
        source={name: "qr" if name in code else "text" for name in sure},
        confidence=sure,
    )

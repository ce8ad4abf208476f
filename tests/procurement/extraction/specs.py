"""Invented invoices that the tests draw, and the comparison of what is read with what was drawn."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from stdnum.cn import ric, uscc

from assessment.demo.invoices import InvoiceSpec, ItemSpec, Layout, Party
from procurement.extraction import InvoiceData


def code(body: str) -> str:
    """A credit code with its check digit."""
    return body + uscc.calc_check_digit(body)


BUYER = Party(
    "慈溪市示范机关食堂", code("12330282MB0X0000A"), "慈溪市三北大街999号0574-63000000", "慈溪银行8201000001"
)
SELLER = Party(
    "昭觉县彝味农产品专业合作社（普通合伙）", code("93513431MA6200001"), "昭觉县新城镇1号", "农信社88010001"
)
FARMER = Party("某农户", "51343119900101001" + ric.calc_check_digit("51343119900101001X"))
ITEMS = (
    ItemSpec("*蔬菜*高山大白菜", Decimal("1000.00"), Decimal("90.00"), "9%", Decimal(500), "公斤", "一级"),
    ItemSpec(
        "*水果*盐源苹果礼盒装特级果十二枚装",
        Decimal("2345.67"),
        Decimal("211.11"),
        "9%",
        Decimal("30.5"),
        "箱",
    ),
    ItemSpec("*水果*盐源苹果礼盒装特级果十二枚装", Decimal("-45.67"), Decimal("-4.11"), "9%"),
)
DIGITAL = InvoiceSpec("24512000000012345678", date(2021, 6, 30), BUYER, SELLER, ITEMS)
CLASSIC = InvoiceSpec(
    "12345678",
    date(2021, 3, 5),
    BUYER,
    SELLER,
    ITEMS,
    type="10",
    code="051002000111",
    check_code="12345678901234567890",
)
FARM = replace(
    DIGITAL,
    seller=FARMER,
    items=(ItemSpec("*蔬菜*洋芋", Decimal("860.00"), quantity=Decimal(430), unit="公斤"),),
)
LONG = tuple(
    ItemSpec(f"*粮食*大米{n}号", Decimal(100 + n), Decimal("9.00"), "9%", Decimal(n + 1), "袋")
    for n in range(30)
)
RED = tuple(replace(item, amount=-item.amount, tax=-item.tax, quantity=None) for item in ITEMS)
LAYOUTS: dict[str, tuple[InvoiceSpec, Layout]] = {
    "classic": (CLASSIC, "classic"),
    "classic_special": (replace(CLASSIC, type="08", code="3300212130", check_code=""), "classic"),
    "classic_list": (replace(CLASSIC, items=LONG), "classic"),
    "digital": (DIGITAL, "digital"),
    "digital_special": (replace(DIGITAL, type="31"), "digital"),
    "digital_pages": (replace(DIGITAL, items=LONG), "digital"),
    "digital_red": (replace(DIGITAL, items=RED), "digital"),
    "farm": (FARM, "farm"),
    "person": (replace(DIGITAL, buyer=Party("个人")), "digital"),
    "long_names": (
        replace(
            DIGITAL, buyer=Party("慈溪市某某某某街道办事处机关后勤服务中心联合工会委员会职工食堂", BUYER.id)
        ),
        "digital",
    ),
}


def differences(data: InvoiceData, spec: InvoiceSpec) -> dict[str, tuple[object, object]]:
    """Field → (read, drawn) wherever they differ."""
    drawn = {
        "invoice_type": spec.type,
        "invoice_code": spec.code,
        "invoice_number": spec.number,
        "issue_date": spec.issue_date,
        "total": spec.total,
        "amount": spec.amount,
        "tax": spec.tax,
        "check_code": spec.check_code,
        "buyer_name": spec.buyer.name,
        "buyer_id": spec.buyer.id,
        "seller_name": spec.seller.name,
        "seller_id": spec.seller.id,
        "identity": spec.code + spec.number,
        "items": [(i.name, i.quantity, i.unit, i.amount, i.tax) for i in spec.items],
    }
    found = {name: getattr(data, name) for name in drawn}
    found["items"] = [(i.name, i.quantity, i.unit, i.amount, i.tax) for i in data.items]
    return {name: (found[name], drawn[name]) for name in drawn if found[name] != drawn[name]}

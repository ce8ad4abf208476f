"""What an invented e-invoice says. Money is Decimal 元 with two decimals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Party:
    name: str
    id: str = ""
    address: str = ""
    bank: str = ""


@dataclass(frozen=True)
class ItemSpec:
    """One row; `rate` as printed (9%, 免税). A free row's tax is 0.00 and printed ***."""

    name: str  # *蔬菜*高山大白菜
    amount: Decimal
    tax: Decimal = Decimal("0.00")
    rate: str = "免税"
    quantity: Decimal | None = None
    unit: str = ""
    spec: str = ""


@dataclass(frozen=True)
class InvoiceSpec:
    """`type` as in the QR code: 10 电子普票, 08 电子专票, 32 数电普票, 31 数电专票."""

    number: str
    issue_date: date
    buyer: Party
    seller: Party
    items: Sequence[ItemSpec]
    type: str = "32"
    code: str = ""
    check_code: str = ""
    remark: str = ""
    drawer: str = "开票员"
    province: str = "浙江"
    crc: str = "74AE"
    qr_text: str = field(default="", repr=False)  # "" is the true one

    @property
    def amount(self) -> Decimal:
        return sum((item.amount for item in self.items), Decimal("0.00"))

    @property
    def tax(self) -> Decimal:
        return sum((item.tax for item in self.items), Decimal("0.00"))

    @property
    def total(self) -> Decimal:
        return self.amount + self.tax

    @property
    def free(self) -> bool:
        """Nothing taxed: sums of tax are printed ***."""
        return all(item.rate == "免税" for item in self.items)

    @property
    def qr(self) -> str:
        """01,TYPE,CODE,NUMBER,AMOUNT,YYYYMMDD,CHECK,CRC, with 不含税 before 2022's types and 价税合计 in 31/32."""
        if self.qr_text:
            return self.qr_text
        amount = self.total if self.type in ("31", "32") else self.amount
        parts = ["01", self.type, self.code, self.number, f"{amount:f}", f"{self.issue_date:%Y%m%d}"]
        return ",".join([*parts, self.check_code, self.crc, ""])

    @property
    def day(self) -> str:
        return f"{self.issue_date:%Y}年{self.issue_date:%m}月{self.issue_date:%d}日"

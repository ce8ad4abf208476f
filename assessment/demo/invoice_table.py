"""The goods table that both layouts share: columns, rows, sums, the total in capitals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import cn2an

from assessment.demo.invoice_pen import MONO, SIZE, Pen, plain_number, wrapped, yuan
from assessment.demo.invoice_spec import InvoiceSpec, ItemSpec


@dataclass(frozen=True)
class Columns:
    """Left edge of the first column, right edges of all nine, in mm; and what stands above them."""

    left: float
    name: float
    spec: float
    unit: float
    quantity: float
    price: float
    amount: float
    rate: float
    tax: float
    titles: tuple[str, str, str, str, str, str, str, str]

    def edges(self) -> tuple[float, ...]:
        return (self.name, self.spec, self.unit, self.quantity, self.price, self.amount, self.rate, self.tax)


def draw_titles(pen: Pen, columns: Columns, y: float) -> None:
    left = columns.left
    for title, right in zip(columns.titles, columns.edges(), strict=True):
        pen.label((left + right) / 2, y, title, align="centre")
        left = right


def rows_of(item: ItemSpec, columns: Columns) -> list[str]:
    return wrapped(item.name, columns.name - columns.left - 1.5)


def draw_row(pen: Pen, columns: Columns, y: float, item: ItemSpec, step: float) -> float:
    """One item; returns the baseline of the next."""
    for index, row in enumerate(rows_of(item, columns)):
        pen.text(columns.left + 0.8, y + index * step, row)
    pen.text(columns.name + 1, y, item.spec)
    pen.text((columns.spec + columns.unit) / 2, y, item.unit, align="centre")
    pen.text(columns.quantity - 1, y, plain_number(item.quantity), align="right")
    pen.text(columns.price - 1, y, _price(item), align="right")
    pen.text(columns.amount - 1, y, f"{item.amount:.2f}", align="right")
    pen.text((columns.amount + columns.rate) / 2, y, item.rate, align="centre")
    pen.text(columns.tax - 1, y, "***" if item.rate == "免税" else f"{item.tax:.2f}", align="right")
    return y + step * len(rows_of(item, columns))


def _price(item: ItemSpec) -> str:
    if not item.quantity:
        return ""
    price = (item.amount / item.quantity).quantize(Decimal("0.00000001"), ROUND_HALF_UP)
    return plain_number(price)


def draw_sums(
    pen: Pen, columns: Columns, y: float, items: Sequence[ItemSpec], words: str = "合      计"
) -> None:
    amount = sum((item.amount for item in items), Decimal("0.00"))
    tax = sum((item.tax for item in items), Decimal("0.00"))
    free = all(item.rate == "免税" for item in items)
    pen.label((columns.left + columns.name) / 2, y, words, align="centre")
    pen.text(columns.amount - 1, y, yuan(amount), font=MONO, align="right")
    pen.text(columns.tax - 1, y, "***" if free else yuan(tax), font=MONO, align="right")


def draw_total(
    pen: Pen, spec: InvoiceSpec, y: float, capital: float, small: float, label: str = "价税合计"
) -> None:
    """价税合计（大写）⊗… （小写）¥…: `capital` and `small` are where the two sums begin."""
    words = cn2an.an2cn(f"{abs(spec.total):.2f}", "rmb").replace("元", "圆")
    words = words if words.endswith(("整", "分")) else words + "整"
    pen.label(capital - 6, y, f"{label}（大写）", align="right")
    pen.crossed_circle(capital - 2.8, y - 1.1)
    pen.text(capital, y, f"（负数）{words}" if spec.total < 0 else words)
    pen.label(small - 1, y, "（小写）", align="right")
    pen.text(small, y, yuan(spec.total), font=MONO, size=SIZE + 2)

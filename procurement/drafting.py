"""What an e-invoice says → the lines of a purchase: tax-inclusive amounts that add up to its 价税合计."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from cixi_xiezuo.money import MAX_FEN, to_fen
from procurement.extraction import InvoiceData, Item

_CATEGORY = re.compile(r"^\s*[*＊][^*＊]{1,40}[*＊]\s*")
_QUANTITY_LIMIT = Decimal(10) ** 14
_STEP = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class DraftLine:
    """`amount` in 分, tax included; never 0."""

    product_name: str
    amount: int
    quantity: Decimal | None = None
    measure: str = ""


def product_name(text: str) -> str:
    """The goods' name without the tax category before it: "*谷物*大米" is "大米"."""
    return (_CATEGORY.sub("", text).strip() or text.strip())[:200]


def lines_of(data: InvoiceData) -> list[DraftLine]:
    """One line a goods row, discount rows taken off the row before. Empty where nothing was read.

    Amounts are the rows' net amount and tax, spread so that they add up to the total exactly. Rows that do not
    lead there, because one has no amount or they add up to something else, become one line of the total.
    """
    total = None if data.total is None else to_fen(data.total)
    if total is not None and (total == 0 or abs(total) > MAX_FEN):
        return []
    rows = _rows(data.items)
    if rows is None or (total is not None and not _near(sum(row.amount for row in rows), total)):
        return [] if total is None else [_whole(data, total)]
    if not rows:
        return [] if total is None else [_whole(data, total)]
    sign = -1 if sum(row.amount for row in rows) < 0 else 1
    rows = _net_of_discounts([replace(row, amount=row.amount * sign) for row in rows])
    if total is not None:
        rows = _spread(rows, abs(total))
    return [replace(row, amount=row.amount * sign) for row in rows if row.amount]


def _rows(items: Iterable[Item]) -> list[DraftLine] | None:
    """Each goods row with its tax-inclusive amount; None where a row's amount is not known."""
    rows = []
    for item in items:
        if item.amount is None:
            return None
        try:
            amount = to_fen(item.amount) + to_fen(item.tax or 0)
        except ValueError:
            return None
        rows.append(DraftLine(product_name(item.name), amount, _quantity(item.quantity), item.unit[:20]))
    return rows


def _quantity(value: Decimal | None) -> Decimal | None:
    if value is None or not value.is_finite() or abs(value) >= _QUANTITY_LIMIT:
        return None
    return value.quantize(_STEP)


def _near(found: int, total: int) -> bool:
    """The rows add up to the total, but for tax that is not written beside them and for rounding."""
    return found * total > 0 and abs(total - found) * 100 <= abs(total) * 20


def _whole(data: InvoiceData, total: int) -> DraftLine:
    names = [product_name(item.name) for item in data.items if item.name.strip()]
    if not names:
        return DraftLine("", total)
    if len(names) == 1:
        only = data.items[0]
        return DraftLine(names[0], total, _quantity(only.quantity), only.unit[:20])
    return DraftLine(f"{names[0][:180]}等{len(names)}项", total)


def _net_of_discounts(rows: list[DraftLine]) -> list[DraftLine]:
    """Take negative rows off the row before (the one after, for a first row); drop what comes to nothing."""
    result: list[DraftLine] = []
    carried = 0
    for row in rows:
        if row.amount < 0 and result:
            result[-1] = replace(result[-1], amount=result[-1].amount + row.amount)
        elif row.amount < 0:
            carried += row.amount
        else:
            result.append(replace(row, amount=row.amount + carried))
            carried = 0
        while len(result) > 1 and result[-1].amount < 0:
            debt = result.pop().amount
            result[-1] = replace(result[-1], amount=result[-1].amount + debt)
        if result and result[-1].amount < 0:
            carried += result.pop().amount
    return [row for row in result if row.amount > 0]


def _spread(rows: list[DraftLine], total: int) -> list[DraftLine]:
    """Scale amounts so that they add up to `total`; the 分 left over go to the largest remainders."""
    found = sum(row.amount for row in rows)
    if found == total or not found:
        return rows
    shares = [divmod(row.amount * total, found) for row in rows]
    left = total - sum(share for share, _ in shares)
    first = sorted(range(len(rows)), key=lambda index: (-shares[index][1], index))[:left]
    return [
        replace(row, amount=share + (index in first))
        for index, (row, (share, _)) in enumerate(zip(rows, shares, strict=True))
    ]

"""采购明细: every line dated in the year, and for each rule whether it counts, else why not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch

from assessment.explain import Reason
from assessment.lines import Line
from assessment.models import RuleKind
from assessment.rules import UNIT_RULES
from assessment.words import REASON
from assessment.workbook.source import Source
from cixi_xiezuo.sheets import Cell, Column, Sheet, Table
from procurement.models import PurchaseLine, Receipt

NAME = "采购明细"
CHUNK = 2000
COLUMNS = (
    Column("采购编号", 18),
    Column("行", 5, Cell.WHOLE),
    Column("单位编码", 12),
    Column("单位名称", 26),
    Column("计入日期", 12, Cell.DATE),
    Column("供应商", 24),
    Column("采购渠道", 12),
    Column("用途", 13),
    Column("法定节日", 9),
    Column("产地", 14),
    Column("产品名称", 20),
    Column("数量", 10, Cell.NUMBER),
    Column("计量单位", 9),
    Column("申报金额（元）", 15, Cell.AMOUNT, total=True),
    Column("核定金额（元）", 15, Cell.AMOUNT, total=True),
    Column("其中已登记金额（元）", 15, Cell.AMOUNT, total=True),
    Column("状态", 10),
    Column("原采购编号", 18),
    Column("发票代码", 15),
    Column("发票号码", 23),
    Column("责任单位", 24),
)
FIRST_PAGE = 11
"""Columns that fit on the first printed page, under the title."""
AMOUNTS = (RuleKind.CITY_TOTAL, RuleKind.DEPT_TOWN_TOTAL)
"""Rules for which a column says how much of the line they count."""


def write(sheet: Sheet, source: Source) -> Table:
    rules = list(source.standing.facts.rules)
    columns = [*COLUMNS]
    columns += [Column(source.rule(kind).title, 18) for kind in rules]
    columns += [
        Column(f"{source.rule(kind).title}计入金额", 18, Cell.AMOUNT, total=True)
        for kind in rules
        if kind in AMOUNTS
    ]
    sheet.title(f"{source.year}年度采购明细", COLUMNS[:FIRST_PAGE])
    sheet.note(
        f"{source.as_of_note}　含未核准和截止日之后的采购；右侧各规则列写明是否计入，不计入的写明原因",
        COLUMNS[:FIRST_PAGE],
    )
    table = sheet.table(columns, frozen=2)
    for line in lines(source):
        table.add(_row(line, rules, source))
    table.close()
    return table


def lines(source: Source) -> Iterator[PurchaseLine]:
    """By purchase number; some thousand at a time in memory."""
    invoices = Receipt.objects.exclude(invoice_number="").only(
        "purchase_id", "invoice_code", "invoice_number"
    )
    return (
        PurchaseLine.objects.filter(purchase__date__year=source.year)
        .select_related("purchase", "purchase__unit", "purchase__supplier", "purchase__original", "region")
        .prefetch_related(Prefetch("purchase__receipts", invoices, to_attr="invoices"))
        .order_by("purchase__number", "position")
        .iterator(chunk_size=CHUNK)
    )


def _row(line: PurchaseLine, rules: list[str], source: Source) -> list[Any]:
    purchase = line.purchase
    invoices: list[Receipt] = purchase.invoices  # type: ignore[attr-defined]
    plain = Line.of(line)
    reasons = {kind: _verdict(kind, line, plain, source) for kind in rules}
    return [
        purchase.number,
        line.position,
        purchase.unit.code,
        purchase.unit.name,
        purchase.date,
        purchase.supplier.name if purchase.supplier else None,
        purchase.get_channel_display() or None,
        line.get_use_display() or None,
        line.get_holiday_display() or None,
        line.region.name if line.region else None,
        line.product_name or None,
        line.quantity,
        line.measure or None,
        line.amount,
        line.recognised,
        line.overlap or None,
        purchase.get_status_display(),
        purchase.original.number if purchase.original else None,
        _joined(invoices, lambda invoice: invoice.invoice_code),
        _joined(invoices, lambda invoice: invoice.invoice_number),
        _answering(line, plain, source),
        *(_words(reason) for reason in reasons.values()),
        *(_counted(line, reasons[kind]) for kind in rules if kind in AMOUNTS),
    ]


NOT_ASKED = object()
"""The rule does not apply to the buyer by its kind."""


def _verdict(kind: str, line: PurchaseLine, plain: Line, source: Source) -> Any:
    if kind in UNIT_RULES and line.purchase.unit.kind not in source.rule(kind).subject_kinds:
        return NOT_ASKED
    reason = source.explainer.reason(kind, plain)
    if reason is None and plain.overlap and plain.amount == plain.overlap:
        return Reason.COMMERCE_OVERLAP
    return reason


def _words(reason: Any) -> str:
    if reason is NOT_ASKED:
        return "—"
    return "是" if reason is None else f"否：{REASON[reason]}"


def _counted(line: PurchaseLine, reason: Any) -> Decimal | None:
    return line.figure - line.overlap if reason is None else None


def _answering(line: PurchaseLine, plain: Line, source: Source) -> str | None:
    """The name of who answers for a posted line, if anybody does."""
    unit = source.explainer.answers(plain) if line.posted else None
    return source.standing.facts.units[unit].name if unit else None


def _joined(invoices: list[Receipt], part: Callable[[Receipt], str]) -> str | None:
    return "、".join(filter(None, map(part, invoices))) or None

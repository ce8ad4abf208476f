"""采购明细: every line dated in the year, and for each rule whether it counts, else why not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from assessment.lines import FIELDS, Line
from assessment.models import RuleKind
from assessment.rules import UNIT_RULES
from assessment.rules.reasons import Reason
from assessment.words import REASON
from assessment.workbook.source import Source
from cixi_xiezuo.columns import Column, Kind
from cixi_xiezuo.money import in_fen
from cixi_xiezuo.sheets import Sheet, Table
from procurement.choices import Channel, Holiday, Status, Use
from procurement.models import PurchaseLine, Receipt

NAME = "采购明细"
CHUNK = 5000
COLUMNS = (
    Column("采购编号", 18),
    Column("行", 5, Kind.WHOLE),
    Column("单位编码", 12),
    Column("单位名称", 26),
    Column("计入日期", 12, Kind.DATE),
    Column("供应商", 24),
    Column("采购渠道", 12),
    Column("用途", 13),
    Column("法定节日", 9),
    Column("产地", 14),
    Column("产品名称", 20),
    Column("数量", 10, Kind.NUMBER),
    Column("计量单位", 9),
    Column("申报金额（元）", 15, Kind.FEN, total=True),
    Column("核定金额（元）", 15, Kind.FEN, total=True),
    Column("其中已登记金额（元）", 15, Kind.FEN, total=True),
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
    sheet.printed(pages_wide=3)
    rules = list(source.standing.facts.rules)
    columns = [*COLUMNS]
    columns += [Column(source.rule(kind).title, 18) for kind in rules]
    columns += [
        Column(f"{source.rule(kind).title}计入金额", 18, Kind.FEN, total=True)
        for kind in rules
        if kind in AMOUNTS
    ]
    sheet.title(f"{source.year}年度采购明细", COLUMNS[:FIRST_PAGE])
    sheet.note(
        f"{source.as_of_note}　含未核准和截止日之后的采购；右侧各规则列写明是否计入，不计入的写明原因",
        COLUMNS[:FIRST_PAGE],
    )
    table = sheet.table(columns, frozen=2)
    table.extend(_rows(rules, source))
    table.close()
    return table


MORE = ("purchase__original__number", "quantity", "measure", in_fen("amount"), in_fen("recognised"))
"""Read beside a line's own fields."""


def _rows(rules: Sequence[str], source: Source) -> Iterator[Sequence[Any]]:
    """By purchase number; some thousand at a time in memory."""
    lines = PurchaseLine.objects.filter(purchase__date__year=source.year)
    values = lines.order_by("purchase__number", "position").values_list(*FIELDS, *MORE)
    row = _row(rules, source)
    stored = values.iterator(chunk_size=CHUNK)
    while part := list(islice(stored, CHUNK)):
        invoices = _invoices({values[0] for values in part})
        yield from (row(values, invoices.get(values[0], NO_INVOICE)) for values in part)


NO_INVOICE = (None, None)


def _invoices(purchases: set[int]) -> dict[int, tuple[str | None, str | None]]:
    """Of each purchase the codes and the numbers of its invoices."""
    found = defaultdict(list)
    rows = Receipt.objects.filter(purchase__in=purchases).exclude(invoice_number="").order_by("pk")
    for purchase, code, number in rows.values_list("purchase", "invoice_code", "invoice_number"):
        found[purchase].append((code, number))
    return {
        purchase: ("、".join(filter(None, (code for code, _ in each))) or None, "、".join(n for _, n in each))
        for purchase, each in found.items()
    }


def _row(rules: Sequence[str], source: Source) -> Callable[..., Sequence[Any]]:
    """Makes a row of what is stored of a line and its purchase's invoices."""
    channels, uses, holidays = dict(Channel.choices), dict(Use.choices), dict(Holiday.choices)
    states = dict(Status.choices)
    words: dict[Any, str] = {reason: f"否：{REASON[reason]}" for reason in Reason} | {
        None: "是",
        NOT_ASKED: "—",
    }
    amounts = [place for place, kind in enumerate(rules) if kind in AMOUNTS]
    width = len(Line._fields)

    def row(values: Sequence[Any], invoices: tuple[str | None, str | None]) -> Sequence[Any]:
        line = Line._make(values[:width])
        original, quantity, measure, amount, recognised = values[width:]
        reasons = [_verdict(kind, line, source) for kind in rules]
        above = line.amount - line.overlap
        return [
            line.number,
            line.position,
            line.unit_code,
            line.unit_name,
            line.date,
            line.supplier,
            channels.get(line.channel),
            uses.get(line.use),
            holidays.get(line.holiday),
            line.region_name,
            line.product,
            quantity,
            measure,
            amount,
            recognised,
            line.overlap or None,
            states[line.status],
            original,
            *invoices,
            _answering(line, source),
            *[words[reason] for reason in reasons],
            *[above if reasons[place] is None else None for place in amounts],
        ]

    return row


NOT_ASKED = object()
"""The rule does not apply to the buyer by its kind."""


def _verdict(kind: str, line: Line, source: Source) -> Any:
    facts = source.standing.facts
    if kind in UNIT_RULES and facts.units[line.unit].kind not in source.rule(kind).subject_kinds:
        return NOT_ASKED
    reason = source.explainer.reason(kind, line)
    if reason is None and line.overlap and line.amount == line.overlap:
        return Reason.COMMERCE_OVERLAP
    return reason


def _answering(line: Line, source: Source) -> str | None:
    """The name of who answers for a posted line, if anybody does."""
    unit = source.explainer.answers(line) if line.status == Status.APPROVED else None
    return source.standing.facts.units[unit].name if unit else None

"""The lists about purchases that can be exported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any

from django.db.models import Count, QuerySet
from django.http import QueryDict

from cixi_xiezuo.exports.listing import Column, Kind, Listing, Rows
from cixi_xiezuo.money import in_fen, to_fen, unit_price
from procurement import filters_prices, found, prices
from procurement.choices import Channel, Holiday, ReceiptKind, Status, Use
from procurement.models import PurchaseLine, Receipt
from units.scope import Scope

CHUNK = 2000
PURCHASE = (
    Column("采购编号", 20),
    Column("单位编码", 12),
    Column("单位名称", 28),
    Column("计入日期", 12, Kind.DATE),
    Column("供应商", 28),
    Column("采购渠道", 12),
    Column("申报金额（元）", 16, Kind.FEN),
    Column("核定金额（元）", 16, Kind.FEN),
    Column("状态", 12),
    Column("原采购编号", 20),
    Column("备注", 30),
)
LINE = (
    Column("采购编号", 20),
    Column("单位编码", 12),
    Column("单位名称", 28),
    Column("采购日期", 12, Kind.DATE),
    Column("开票日期", 12, Kind.DATE),
    Column("供应商", 28),
    Column("采购渠道", 12),
    Column("用途", 14),
    Column("法定节日", 10),
    Column("产地", 16),
    Column("产品名称", 24),
    Column("数量", 12, Kind.NUMBER),
    Column("计量单位", 10),
    Column("金额", 16, Kind.FEN),
    Column("其中已登记金额", 16, Kind.FEN),
    Column("核定金额", 16, Kind.FEN),
    Column("原采购编号", 20),
    Column("发票代码", 16),
    Column("发票号码", 24),
    Column("状态", 12),
)
"""With the names of the import template, so that an export can be corrected and loaded."""
WAITING = (
    Column("采购编号", 20),
    Column("单位编码", 12),
    Column("单位名称", 28),
    Column("计入日期", 12, Kind.DATE),
    Column("供应商", 28),
    Column("采购渠道", 12),
    Column("申报金额（元）", 16, Kind.FEN),
    Column("疑点（项）", 10, Kind.WHOLE),
    Column("提交日期", 12, Kind.DATE),
)


def _purchases(user: Any, asked: QueryDict) -> Rows | None:
    if not Scope.of(user).takes_part:
        return None
    rows = found.purchases(user, asked).qs
    return Rows(rows.count(), _purchase_values(rows))


def _purchase_values(rows: Any) -> Iterator[Sequence[Any]]:
    values = rows.with_total().values_list(
        "number",
        "unit__code",
        "unit__name",
        "date",
        "supplier__name",
        "channel",
        "claimed_total",
        "recognised_total",
        "status",
        "original__number",
        "note",
    )
    channels, states = dict(Channel.choices), dict(Status.choices)
    for number, code, name, day, supplier, channel, claimed, recognised, status, *rest in values.iterator(
        CHUNK
    ):
        yield (
            number,
            code,
            name,
            day,
            supplier,
            channels.get(channel),
            None if claimed is None else to_fen(claimed),
            to_fen(recognised) if recognised is not None and status == Status.APPROVED else None,
            states[status],
            *rest,
        )


def _lines(user: Any, asked: QueryDict) -> Rows | None:
    if not Scope.of(user).takes_part:
        return None
    purchases = found.purchases(user, asked).qs.order_by()
    lines = PurchaseLine.objects.filter(purchase__in=purchases.values("pk"))
    count = purchases.aggregate(count=Count("lines"))["count"]
    return Rows(count, _line_values(lines.order_by("-purchase__date", "-purchase", "position")))


def _line_values(lines: QuerySet[PurchaseLine]) -> Iterator[Sequence[Any]]:
    rows = lines.values_list(
        "purchase",
        "purchase__number",
        "purchase__unit__code",
        "purchase__unit__name",
        "purchase__purchase_date",
        "purchase__invoice_date",
        "purchase__supplier__name",
        "purchase__channel",
        "use",
        "holiday",
        "region__name",
        "product_name",
        "quantity",
        "measure",
        in_fen("amount"),
        in_fen("overlap"),
        in_fen("recognised"),
        "purchase__original__number",
        "purchase__status",
    )
    channels, uses, holidays = dict(Channel.choices), dict(Use.choices), dict(Holiday.choices)
    states = dict(Status.choices)
    for part in _parts(rows.iterator(CHUNK)):
        invoices = _invoices({row[0] for row in part})
        for row in part:
            pk, number, code, name, bought, issued, supplier, channel, use, holiday, *rest = row
            region, product, quantity, measure, amount, overlap, recognised, original, status = rest
            yield (
                number,
                code,
                name,
                bought,
                issued,
                supplier,
                channels.get(channel),
                uses.get(use),
                holidays.get(holiday),
                region,
                product,
                quantity,
                measure,
                amount,
                overlap or None,
                recognised,
                original,
                *invoices.get(pk, ("", "")),
                states[status],
            )


def _parts(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while part := list(islice(rows, CHUNK)):
        yield part


def _invoices(purchases: set[int]) -> dict[int, tuple[str, str]]:
    """Each purchase's first invoice: code and number."""
    rows = Receipt.objects.filter(purchase__in=purchases, kind=ReceiptKind.INVOICE).exclude(invoice_number="")
    values = rows.order_by("-pk").values_list("purchase", "invoice_code", "invoice_number")
    return {pk: (code, number) for pk, code, number in values if pk is not None}


def _waiting(user: Any, asked: QueryDict) -> Rows | None:
    if not Scope.of(user).reviewing:
        return None
    rows = found.waiting(user, asked).qs
    return Rows(rows.count(), _waiting_values(rows))


def _waiting_values(rows: Any) -> Iterator[Sequence[Any]]:
    channels = dict(Channel.choices)
    values = rows.values_list(
        "number",
        "unit__code",
        "unit__name",
        "date",
        "supplier__name",
        "channel",
        "claimed_total",
        "doubts",
        "submitted_at__date",
    )
    for number, code, name, day, supplier, channel, total, *rest in values.iterator(CHUNK):
        fen = None if total is None else to_fen(total)
        yield (number, code, name, day, supplier, channels.get(channel), fen, *rest)


PRICES = (
    Column("产品名称", 24),
    Column("计量单位", 10),
    Column("供应商", 28),
    Column("明细（行）", 10, Kind.WHOLE),
    Column("最低单价（元）", 16, Kind.NUMBER),
    Column("中位单价（元）", 16, Kind.NUMBER),
    Column("最高单价（元）", 16, Kind.NUMBER),
    Column("比中位价（%）", 12, Kind.WHOLE),
    Column("最近采购", 12, Kind.DATE),
)


def _prices(user: Any, asked: QueryDict) -> Rows | None:
    if not Scope.of(user).takes_part:
        return None
    product = asked.get("product", "").strip()
    compared = prices.compare(filters_prices.found(user, asked).qs, product)
    return Rows(len(compared.rows), map(partial(_price_values, product), compared.rows))


def _price_values(product: str, row: prices.Row) -> Sequence[Any]:
    price = row.price
    each = (unit_price(price.least), unit_price(price.median), unit_price(price.most))
    return (product, price.measure, price.supplier, price.lines, *each, row.above, price.last)


LISTS = (
    Listing("purchases", "采购台账", lambda asked: PURCHASE, _purchases),
    Listing("lines", "采购明细", lambda asked: LINE, _lines),
    Listing("prices", "产品比价", lambda asked: PRICES, _prices),
    Listing("review", "待审核", lambda asked: WAITING, _waiting),
)

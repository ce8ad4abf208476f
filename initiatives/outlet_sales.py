"""A month's sales of an outlet, in one short form: 第四部分（三）第一段、（四）第一段.

They become a draft purchase of use 商务帮扶, linked to the outlet; it is submitted with its receipts and reviewed like
any other, so the outlet's figure is the recognised one.
"""

from __future__ import annotations

import calendar
import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from cixi_xiezuo.errors import NotAllowed, Refused
from cixi_xiezuo.money import yuan_text
from initiatives.lasting import value_at
from initiatives.models import Record, RecordPurchase
from initiatives.records import note_act, require_mine
from procurement.choices import Channel, Use
from procurement.editing import Head, Line, create_draft, faults
from procurement.models import Purchase, Region
from units.scope import Scope
from units.years import require_open

KIND = "outlet"
CHANNELS = {
    "智能柜": Channel.SMART_CABINET,
    "农行慈溪专区": Channel.ABC_ZONE,
    "电商平台店铺": Channel.ECOMMERCE,
}
"""By sort of outlet; any other sells as 本地商超."""


@dataclass(frozen=True, slots=True)
class Sales:
    """`month`: its first day; `amount` and `overlap` (the part sold to units that record it themselves) in 元."""

    month: datetime.date
    region: Region
    amount: Decimal
    overlap: Decimal = Decimal("0.00")


def may_report(user: Any, record: Record) -> bool:
    """Of a closed outlet too: its last month is over only after it has closed."""
    return record.kind == KIND and (user is None or Scope.of(user).may_record(record.unit))


@transaction.atomic
def report_sales(record: Record, sales: Sales, *, by: Any) -> Purchase:
    """填报月销售: a draft dated the month's last day. Once a month; again after the first is taken off the outlet.

    The year is the month's, whatever year the outlet was opened in. Refused for a month that is not over, or in which
    the outlet was not open, or of a closed year.
    """
    record = require_mine(record, by)
    if not may_report(by, record):
        raise NotAllowed("只有网点登记单位的经办人可以填报网点的月销售额")
    month = sales.month.replace(day=1)
    last = month.replace(day=calendar.monthrange(month.year, month.month)[1])
    said = f"{month.year} 年 {month.month} 月"
    if last > timezone.localdate():
        raise Refused(f"{said}还没有结束，请在下月填报")
    if last < record.starts or (record.ends and month > record.ends):
        raise Refused(f"{said}不在“{record.title}”的营业时间内，请核对月份")
    require_open([month.year])
    if record.links.filter(month=month).exists():
        raise Refused(f"{said}的销售额已填报；要重填，请作废原采购并取消关联")
    line = Line(sales.amount, "对口地区产品", use=Use.COMMERCE, region=sales.region, overlap=sales.overlap)
    for _, sentence in faults(line):
        raise Refused(sentence)
    sort = record.data.get("sort") or ""
    head = Head(
        purchase_date=last,
        supplier=(value_at(record, "operator", last) or record.title)[:150],
        channel=CHANNELS.get(sort, Channel.RETAIL),
        note=f"{record.title} {said}销售",
    )
    purchase = create_draft(record.unit, by=by, head=head, lines=[line])
    RecordPurchase.objects.create(record=record, purchase=purchase, kind=record.kind, month=month)
    note_act("填报月销售", record, by, number=purchase.number, name=f"{said} {yuan_text(sales.amount)} 元")
    return purchase

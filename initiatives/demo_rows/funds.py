"""A scheme of support with applications from a draft to one that is paid."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.utils import timezone

from assessment.demo.data import YEAR
from initiatives.amounts import counted
from initiatives.funds import applications, deciding, schemes
from initiatives.funds.models import Application, Office
from procurement.choices import Status
from procurement.models import Purchase
from units.models import Unit, User

RULES = "凭已核准的采购或基地、协议申请，按核定金额的一定比例扶持，单个申请不超过 5 万元。"
AMOUNT = Decimal("300.00")


def load(units: dict[str, Unit], users: dict[str, User]) -> None:
    closes = timezone.localdate() + datetime.timedelta(days=90)
    terms = schemes.Terms(
        f"{YEAR} 年消费帮扶采购扶持", RULES, "第五部分（二）", Decimal(500_000), datetime.date(YEAR, 1, 1), closes,
        Decimal(50_000),
    )  # fmt: skip
    scheme = schemes.create_scheme(YEAR, terms, by=users["bureau"])
    mine = Purchase.objects.filter(unit=units["S01"], status=Status.APPROVED, original=None)
    found = list(mine.order_by("number"))
    sums = counted([each.pk for each in found])
    bought = [each for each in found if sums[each.pk] > 0][:4]

    def drafted(title: str) -> Application:
        content = applications.Content(title, "食堂长期定点采购，申请运输和包装补贴。", AMOUNT)
        made = applications.apply(scheme, units["S01"], content, by=users["clerk"])
        applications.link(made, bought.pop(), by=users["clerk"])
        return made

    def submitted(title: str) -> Application:
        return applications.submit(drafted(title), by=users["clerk"])

    def granted(title: str) -> Application:
        made = submitted(title)
        deciding.agree(made, by=users["bureau"], office=Office.COMMERCE, amount=AMOUNT)
        return deciding.agree(made, by=users["finance"], office=Office.FINANCE, amount=AMOUNT)

    drafted("秋季食堂采购补贴")
    submitted("夏季食堂采购补贴")
    granted("春季食堂采购补贴")
    paid = granted("冬季食堂采购补贴")
    deciding.pay(
        paid, by=users["finance"], paid_on=timezone.localdate(), amount=AMOUNT, voucher="演示凭证 001"
    )

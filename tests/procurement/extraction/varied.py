"""Invented invoices without end: the same kind and seed always give the same one."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from stdnum.cn import ric

from assessment.demo.invoices import InvoiceSpec, ItemSpec, Party
from tests.procurement.extraction.specs import code

PLACES = ("昭觉县", "布拖县", "盐源县", "普格县", "西昌市", "兴仁市", "安龙县", "开化县", "衢江区", "慈溪市")
WORDS = ("彝味", "山里红", "云上", "高原蓝", "金沙", "大凉山", "谷雨", "稻香", "百里荷", "青崖")
TRADES = (
    "农产品专业合作社",
    "食品有限公司",
    "商贸有限公司",
    "茶叶经营部",
    "养殖专业合作社（普通合伙）",
    "电子商务有限责任公司",
)
OFFICES = (
    "教育局",
    "人民医院",
    "第三实验小学",
    "机关事务服务中心",
    "总工会",
    "某某街道办事处机关后勤服务中心联合工会委员会职工食堂",
)
GOODS = (
    ("蔬菜", ("高山大白菜", "洋芋", "儿菜", "莲花白", "红皮萝卜")),
    ("水果", ("盐源苹果礼盒装特级果十二枚装", "突尼斯软籽石榴", "青花椒鲜果", "丑苹果")),
    ("谷物加工品", ("苦荞米", "红米", "糙米礼盒（真空包装）")),
    ("肉及肉制品", ("腊肉", "小香猪", "跑山鸡", "牛肉干(五香味)")),
    ("茶及饮料", ("苦荞茶", "高山绿茶", "蜂蜜")),
)
UNITS = ("公斤", "斤", "箱", "袋", "盒", "500g/袋", "")
RATES = (("9%", Decimal("0.09")), ("13%", Decimal("0.13")), ("1%", Decimal("0.01")), ("免税", Decimal(0)))
CENT = Decimal("0.01")


def _digits(pick: Random, count: int) -> str:
    return "".join(str(pick.randrange(10)) for _ in range(count))


def _credit_code(pick: Random, start: str) -> str:
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    return code(
        start
        + pick.choice(("330282", "513431", "522322"))
        + "MA"
        + "".join(pick.choice(signs) for _ in range(7))
    )


def _goods(pick: Random, count: int, *, free: bool) -> list[ItemSpec]:
    items: list[ItemSpec] = []
    for _ in range(count):
        kind, names = pick.choice(GOODS)
        rate, share = ("免税", Decimal(0)) if free else pick.choice(RATES[:3])
        amount = Decimal(pick.randrange(500, 2_000_000)) / 100
        quantity = pick.choice(
            (None, Decimal(pick.randrange(1, 900)), Decimal(pick.randrange(10, 9000)) / 10)
        )
        tax = (amount * share).quantize(CENT, ROUND_HALF_UP)
        spec = pick.choice(("", "", "一级", "2.5kg*4"))
        name = f"*{kind}*{pick.choice(names)}"
        items.append(
            ItemSpec(name, amount, tax, rate, quantity, pick.choice(UNITS) if quantity else "", spec)
        )
        if pick.random() < 0.1 and len(items) < count:  # a discount has a row of its own
            part = (amount / 10).quantize(CENT)
            items.append(ItemSpec(name, -part, -(part * share).quantize(CENT, ROUND_HALF_UP), rate))
    return items


def _buyer(pick: Random, offices: Sequence[str]) -> Party:
    if pick.random() < 0.1:
        return Party("个人")
    return Party(f"慈溪市{pick.choice(offices)}", _credit_code(pick, pick.choice(("11", "12", "91", "81"))))


def _seller(pick: Random, *, farmer: bool) -> Party:
    if farmer:
        body = (
            "513431" + f"{pick.randrange(1955, 1999)}{pick.randrange(1, 13):02d}{pick.randrange(1, 29):02d}"
        )
        body += _digits(pick, 3)
        return Party(f"农户{pick.choice('甲乙丙丁戊己')}", body + ric.calc_check_digit(body + "0"))
    name = pick.choice(PLACES) + pick.choice(WORDS) + pick.choice(TRADES)
    return Party(
        name, _credit_code(pick, pick.choice(("91", "92", "93"))), f"{name[:3]}大道{pick.randrange(1, 999)}号"
    )


def invoice(
    kind: str, seed: int, *, rows: Sequence[int] = (1, 1, 2, 3, 4, 6), farm: bool = False
) -> InvoiceSpec:
    """An invoice of a QR code's type: 31 and 32 with 20 digits, 08 and 10 with a code."""
    pick = Random(f"{kind}-{seed}-{farm}-{max(rows)}")
    free = farm or (kind in ("10", "32") and pick.random() < 0.3)
    day = datetime.date(2020, 1, 1) + datetime.timedelta(days=pick.randrange(2000))
    items = _goods(pick, pick.choice(list(rows)), free=free)
    if not farm and pick.random() < 0.08:  # 红字
        items = [replace(item, amount=-item.amount, tax=-item.tax, quantity=None, unit="") for item in items]
    digital = kind in ("31", "32")
    return InvoiceSpec(
        number=f"{pick.choice('23')}{pick.randrange(1, 6)}{pick.choice(('51', '33', '52'))}2{_digits(pick, 15)}"
        if digital
        else _digits(pick, 8),
        issue_date=day,
        buyer=_buyer(pick, OFFICES if digital else OFFICES[:-1]),  # the old form has one line for it
        seller=_seller(pick, farmer=farm),
        items=items,
        type=kind,
        code=""
        if digital
        else pick.choice(("051002000111", "033002100211"))
        if kind == "10"
        else "3300212130",
        check_code=_digits(pick, 20) if kind == "10" else "",
        remark=pick.choice(("", "", "订单号：20210630-8812", "收款账号 6222020200112233445")),
        province=pick.choice(("浙江", "四川", "贵州")),
    )

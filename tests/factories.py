"""Small years for tests: plain functions that make units, a policy, bases and purchases.

    make_policy()
    town = make_unit("T01", Kind.TOWN)
    make_base(town, canteen_budget="1000.00", target="5000.00")
    make_purchase(town, line("120.00", use=Use.CANTEEN), channel=Channel.PLATFORM_832)

Purchases go through the workflow's own verbs, so sums, audit trail and invoice identities are as in the product.
"""

from __future__ import annotations

import datetime
import itertools
from decimal import Decimal
from typing import Any

from django.utils import timezone

from assessment.models import Policy, PolicyStatus, Rule, RuleKind
from assessment.policies import tell_terms
from cixi_xiezuo.money import parse_yuan
from procurement import receipts, workflow
from procurement.choices import Channel, PairingKind, ReceiptKind, Status, Use
from procurement.models import Pairing, Purchase, PurchaseLine, Receipt, Region, Supplier, YearTerms
from units.kinds import Kind
from units.links import current
from units.models import BaseStatus, Membership, Role, Unit, UnitLink, User, YearBase

YEAR = 2021
_serial = itertools.count(1)

EAST_WEST = {
    "布拖县": "513429", "昭觉县": "513431", "金阳县": "513430", "甘洛县": "513435", "越西县": "513434",
    "喜德县": "513432", "普格县": "513428", "盐源县": "513423", "美姑县": "513436", "雷波县": "513437",
    "木里藏族自治县": "513422", "西昌市": "513401",
}  # fmt: skip
MOUNTAIN_SEA = {
    "常山县": "330822", "柯城区": "330802", "衢江区": "330803", "龙游县": "330825", "江山市": "330881",
    "开化县": "330824",
}  # fmt: skip
UNPAIRED = {"其他832脱贫县": "832000", "其他地区": "000000"}
PRIMARY = ("布拖县", "常山县")

CANTEEN_KINDS = [
    Kind.DEPARTMENT, Kind.INSTITUTION, Kind.TOWN, Kind.SUBDISTRICT, Kind.COMMITTEE, Kind.SCHOOL, Kind.HOSPITAL,
]  # fmt: skip
RULES: dict[str, dict[str, Any]] = {
    RuleKind.CITY_TOTAL: {"amount": Decimal("66000000.00"), "clause": "第三部分"},
    RuleKind.DEPT_TOWN_TOTAL: {"amount": Decimal("35000000.00"), "clause": "第四部分（一）第四段"},
    RuleKind.CANTEEN_SHARE: {
        "percent": Decimal("10.00"), "subject_kinds": CANTEEN_KINDS, "clause": "第四部分（一）第一段",
    },
    RuleKind.UNION_HOLIDAY_SHARE: {
        "percent": Decimal("20.00"), "subject_kinds": [Kind.UNION], "clause": "第四部分（一）第二段",
    },
    RuleKind.UNION_WELFARE_CAP: {
        "amount": Decimal("500.00"), "subject_kinds": [Kind.UNION], "clause": "第四部分（一）第三段",
    },
    RuleKind.FINANCIAL_SHARE: {"subject_kinds": [Kind.FINANCIAL], "clause": "第四部分（一）第一段"},
}  # fmt: skip


def make_region(name: str = "布拖县", code: str = "", *, is_832: bool | None = None) -> Region:
    """The region of that name, made when missing; codes and 832 as they are for those listed above."""
    found = Region.objects.filter(name=name).first()
    if found is None:
        found = _region(name, code, is_832)
        found.save()
    return found


def _region(name: str, code: str = "", is_832: bool | None = None) -> Region:
    known = EAST_WEST | MOUNTAIN_SEA | UNPAIRED
    on_832 = name == "其他832脱贫县" or (name in EAST_WEST and name != "西昌市")
    return Region(
        name=name,
        code=code or known.get(name) or f"9{next(_serial):05d}",
        is_832=on_832 if is_832 is None else is_832,
    )


def _listed_regions() -> dict[str, Region]:
    """The regions listed above, by name, made when missing."""
    names = EAST_WEST | MOUNTAIN_SEA | UNPAIRED
    found = {region.name: region for region in Region.objects.filter(name__in=names)}
    made = Region.objects.bulk_create([_region(name) for name in names if name not in found])
    return found | {region.name: region for region in made}


def make_policy(year: int = YEAR, **rule_changes: dict[str, Any]) -> Policy:
    """A year's policy with its six rules, its regions and pairings.

    `make_policy(financial_share={"percent": Decimal("5")})` changes fields of a rule.
    """
    terms, regions = YearTerms.objects.create(year=year), _listed_regions()
    Pairing.objects.bulk_create(
        Pairing(terms=terms, region=regions[name], kind=kind, primary=name in PRIMARY)
        for names, kind in ((EAST_WEST, PairingKind.EAST_WEST), (MOUNTAIN_SEA, PairingKind.MOUNTAIN_SEA))
        for name in names
    )
    policy = Policy.objects.create(
        year=year,
        title=f"{year}年慈溪市东西部协作消费帮扶实施方案",
        document_numbers=f"慈支援办〔{year}〕1号",
        status=PolicyStatus.IN_FORCE,
        terms=terms,
    )
    Rule.objects.bulk_create(
        Rule(
            policy=policy,
            kind=kind,
            position=position,
            **{"title": RuleKind(kind).label, "quote": "原文", **fields, **rule_changes.get(str(kind), {})},
        )
        for position, (kind, fields) in enumerate(RULES.items(), start=1)
    )
    tell_terms(policy)
    return policy


def make_unit(code: str, kind: str = Kind.DEPARTMENT, name: str = "", **links: Any) -> Unit:
    """A unit whose links (supervisor, town, host, affiliation) hold from the beginning."""
    unit = Unit.objects.create(code=code, kind=kind, name=name or f"{Kind(kind).label}{code}", **links)
    UnitLink.objects.create(unit=unit, **current(unit))
    return unit


def make_user(username: str, role: str = Role.CLERK, *units: Unit) -> User:
    """A person with one role at each of the units; the password is the user name."""
    seen = timezone.now()  # no tour over the pages
    user = User.objects.create_user(username, password=username, display_name=username, tour_seen_at=seen)
    for unit in units:
        Membership.objects.create(user=user, unit=unit, role=role)
    return user


def make_base(unit: Unit, year: int = YEAR, *, status: str = BaseStatus.CONFIRMED, **values: Any) -> YearBase:
    """年度基数; amounts may be given as text."""
    money = {"canteen_budget", "holiday_gifts", "target", "assistance_base"}
    values = {
        name: parse_yuan(value) if name in money and value is not None else value
        for name, value in values.items()
    }
    return YearBase.objects.create(unit=unit, year=year, status=status, **values)


def line(
    amount: Any = "100.00",
    use: str = Use.OFFICE,
    region: str | Region | None = "布拖县",
    *,
    product: str = "苦荞茶",
    overlap: Any = "0.00",
    **fields: Any,
) -> PurchaseLine:
    """A line not yet saved, for `make_purchase`; `holiday`, `quantity`, `measure` as keywords."""
    return PurchaseLine(
        use=use,
        region=make_region(region) if isinstance(region, str) else region,
        product_name=product,
        amount=parse_yuan(amount),
        overlap=parse_yuan(overlap),
        **fields,
    )


def make_receipt(purchase: Purchase, data: bytes = b"", /, **fields: Any) -> Receipt:
    """A receipt of a purchase, an invoice with a number of its own unless told; with stored bytes if given."""
    values = {
        "kind": ReceiptKind.INVOICE,
        "invoice_code": "033002100211",
        "invoice_number": f"{next(_serial):08d}",
        **fields,
    }
    return Receipt.objects.create(
        unit=purchase.unit,
        purchase=purchase,
        identity=receipts.identity(values["invoice_code"], values["invoice_number"]),
        file=receipts.store(data, "application/pdf") if data else None,
        **values,
    )


def make_purchase(
    unit: Unit,
    *lines: PurchaseLine,
    number: str = "",
    date: datetime.date | str = "2021-06-01",
    supplier: str = "凉山供应链公司",
    channel: str = Channel.DIRECT,
    status: str = Status.APPROVED,
    original: Purchase | None = None,
    receipt: bytes = b"",
    by: Any = None,
    reviewer: Any = None,
    **receipt_fields: Any,
) -> Purchase:
    """A purchase brought to `status` by the verbs, with one receipt (an invoice; `receipt`: its bytes).

    `by` records and submits, `reviewer` decides; None is the server's operator.
    """
    day = datetime.date.fromisoformat(date) if isinstance(date, str) else date
    purchase = Purchase.objects.create(
        number=number or f"{unit.code}-{day.year}-{next(_serial):04d}",
        unit=unit,
        purchase_date=day,
        date=day,
        supplier=Supplier.objects.get_or_create(name=supplier)[0],
        channel=channel,
        original=original,
        recorded_by=by,
    )
    for position, each in enumerate(lines or (line(),), start=1):
        each.purchase, each.position = purchase, position
        each.save()
    make_receipt(purchase, receipt, **receipt_fields)
    return _bring_to(purchase, status, by, reviewer)


def _bring_to(purchase: Purchase, status: str, by: Any, reviewer: Any) -> Purchase:
    if status == Status.VOID:
        return workflow.void(purchase, by=by)
    if status == Status.DRAFT:
        return purchase
    purchase = workflow.submit(purchase, by=by)
    if status == Status.RETURNED:
        return workflow.send_back(purchase, by=reviewer, reason="请补充")
    if status in (Status.APPROVED, Status.REVOKED):
        purchase = workflow.approve(purchase, by=reviewer)
    if status == Status.REVOKED:
        purchase = workflow.revoke(purchase, by=reviewer, reason="登记有误")
    return purchase

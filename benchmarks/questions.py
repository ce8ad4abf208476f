"""What is asked at each size: pages, lists with filters, search, verbs, an export and an import.

Seconds of the processors for each, those of the database counted in, so that a busy machine tells the same.
"""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import place, purchases_file

EXPORTED, IMPORTED = 20_000, 400
"""Lines."""


def measured(units: list[int]) -> list[tuple[str, float]]:
    from django.test import Client

    from procurement import workflow
    from procurement.models import Purchase
    from units import tokens
    from units.models import ApiToken, Membership, Role, Unit, User

    office, _ = Unit.objects.get_or_create(code="OFFICE", defaults={"name": "商务局", "kind": "department"})
    people = {}
    for name, role, unit in (("bureau", Role.BUREAU, office.pk), ("clerk", Role.CLERK, units[-1])):
        people[name], _ = User.objects.get_or_create(username=name)
        Membership.objects.get_or_create(user=people[name], unit_id=unit, role=role)
    ApiToken.objects.all().delete()
    token = {"Authorization": f"Bearer {tokens.issue('bench', 30, by=people['bureau'])}"}
    clients = {name: Client() for name in people}
    for name, client in clients.items():
        client.force_login(people[name])
    code = Unit.objects.get(pk=units[-1]).code
    count = Purchase.objects.filter(number__startswith="B").count()
    middle = count // 2

    def page(who: str, address: str, **headers: str) -> Callable[[], Any]:
        def ask() -> None:
            response = clients[who].get(address, headers=headers)
            assert response.status_code == 200, (address, response.status_code)

        return ask

    pages = {
        "全市看板": page("bureau", "/city/?year=2021&as_of=2021-12-31"),
        "完成情况": page("bureau", "/standings/canteen_share/?year=2021&as_of=2021-12-31"),
        "我的单位": page("clerk", "/unit/?year=2021"),
        "待审核": page("bureau", "/review/"),
        "采购台账, first page": page("bureau", "/purchases/"),
        "采购台账, last page": page("bureau", f"/purchases/?page={count // 50}"),
        "采购台账, one unit": page("bureau", f"/purchases/?unit={code}"),
        "采购台账, a clerk's": page("clerk", "/purchases/"),
        "采购台账, a week": page("bureau", "/purchases/?since=2021-06-01&until=2021-06-07"),
        "采购台账, 待审核": page("bureau", "/purchases/?status=submitted"),
        "采购台账, a supplier": page("bureau", "/purchases/?text=供应商777"),
        "采购台账, a product": page("bureau", "/purchases/?text=农产品123"),
        "采购台账, an invoice": page("bureau", f"/purchases/?text={30_000_000 + middle}"),
        "采购台账, nothing": page("bureau", "/purchases/?text=没有这样的"),
        "查找 a number": page("bureau", f"/search/?q=B{middle}"),
        "查找 an invoice": page("bureau", f"/search/?q={30_000_000 + middle}"),
        "查找 a supplier": page("bureau", "/search/?q=供应商777"),
        "查找 a product": page("bureau", "/search/?q=农产品123"),
        "查找, a clerk's": page("clerk", "/search/?q=农产品123"),
        "API, 100 purchases from the middle": page("bureau", f"/api/v1/purchases?after={middle}", **token),
        "API, standings": page("bureau", "/api/v1/standings/2021?as_of=2021-12-31", **token),
    }
    found = [(name, _tried(name, ask)) for name, ask in pages.items()]
    drafts = _drafts(units[-1], 40)
    found.append(("submit", _verb(drafts, lambda each: workflow.submit(each, by=_fresh(people["clerk"])))))
    found.append(("approve", _verb(drafts, lambda each: workflow.approve(each, by=_fresh(people["bureau"])))))
    found.append((f"export, {EXPORTED // 1000},000 lines", _export(people["bureau"], count)))
    found.append((f"import, {IMPORTED} lines", _import()))
    return found


def _fresh(user: Any) -> Any:
    user._scope = None
    return user


def _tried(name: str, ask: Callable[[], Any]) -> float:
    """A question that fails, as by the time-out of statements, is told and left out."""
    from django.db import DatabaseError

    try:
        began = place.processors()
        ask()
        once = place.processors() - began
        return once if once > 5 else place.median(ask, 5, place.processors)
    except (AssertionError, DatabaseError) as error:
        print(f"{name}: {str(error).strip().splitlines()[0]}", flush=True)
        return float("nan")


def _export(user: Any, count: int) -> float:
    """So many days of the year as hold EXPORTED lines, by line."""
    from django.http import QueryDict

    from cixi_xiezuo.exports.listing import listings
    from cixi_xiezuo.exports.xlsx import write_xlsx

    last = datetime.date(2021, 1, 1) + datetime.timedelta(days=min(364, EXPORTED * 365 // count))
    listing, asked = listings()["lines"], QueryDict(f"until={last}")
    with tempfile.TemporaryFile() as target:
        began = place.processors()
        rows = listing.rows(_fresh(user), asked)
        assert rows is not None
        written = write_xlsx(target, "采购明细", listing.columns(asked), rows.values)
        return (place.processors() - began) * EXPORTED / written


def _import() -> float:
    """A workbook of purchases that are not there yet."""
    from procurement.imports import load_purchases
    from procurement.models import Purchase

    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        file = Path(folder, "purchases.xlsx")
        purchases_file.write(file, IMPORTED, first=Purchase.objects.filter(number__startswith="C").count())
        began = place.processors()
        load_purchases(file.read_bytes(), by=None)
        return place.processors() - began


def _drafts(unit: int, count: int) -> list[Any]:
    """Of one line with an invoice, as a clerk leaves them before submitting."""
    from decimal import Decimal

    from procurement import receipts
    from procurement.models import Purchase, PurchaseLine, Receipt, Region, Supplier

    region, supplier = Region.objects.get(name="布拖县"), Supplier.objects.get(name="供应商")
    first, made = Purchase.objects.filter(number__startswith="D").count(), []
    for number in range(first, first + count):
        day = datetime.date(2021, 1, 1) + datetime.timedelta(days=number % 365)
        made.append(
            Purchase.objects.create(
                number=f"D{number}",
                unit_id=unit,
                purchase_date=day,
                date=day,
                supplier=supplier,
                channel="direct",
            )
        )
        PurchaseLine.objects.create(
            purchase=made[-1],
            position=1,
            use="office",
            region=region,
            product_name="茶",
            quantity=3,
            measure="斤",
            amount=Decimal(number + 1),
        )
        identity = receipts.identity("", f"{number:08d}")
        Receipt.objects.create(
            unit_id=unit, purchase=made[-1], kind="invoice", invoice_number=f"{number:08d}", identity=identity
        )
    return made


def _verb(drafts: list[Any], do: Callable[[Any], Any]) -> float:
    taken = []
    for each in drafts:
        began = place.processors()
        do(each)
        taken.append(place.processors() - began)
    return sorted(taken)[len(taken) // 2]

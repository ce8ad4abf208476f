"""How each page and verb grows with the number of purchases: `python -m benchmarks.scale [SIZES]`.

Loads SIZES purchases (10,000, 100,000, 1,000,000) of 600 units, one in two hundred waiting for review, into a database
of its own (SQLite, or the empty PostgreSQL of DATABASE_URL) and asks each page as the bureau does, in-process. Prints
medians in milliseconds and the last size ÷ the first. With --explain also how the database finds the rows of the lists.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks import place

SIZES = (10_000, 100_000, 1_000_000)


def main(sizes: tuple[int, ...], explain: bool) -> None:
    folder = place.prepare()
    from django.conf import settings
    from django.db import connection

    settings.ALLOWED_HOSTS.append("testserver")
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.SLOW_QUERY_MS = 0
    try:
        units = place.make_units()
        done = 0
        rows: dict[str, list[float]] = {}
        for size in sizes:
            began = time.perf_counter()
            place.make_purchases(units, done, size - done)
            loaded = time.perf_counter() - began
            _wait_some(done, size)
            done = size
            began = time.perf_counter()
            from procurement import tallies

            tallies.rebuild()
            rebuilt = time.perf_counter() - began
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
            print(
                f"{connection.vendor} {size:,}: loaded in {loaded:.0f} s, sums rebuilt in {rebuilt:.1f} s",
                flush=True,
            )
            for name, seconds in measured(units):
                rows.setdefault(name, []).append(seconds)
            _table(rows, sizes[: len(next(iter(rows.values())))])
        if explain:
            _explain()
    finally:
        place.clean(folder)


def _wait_some(first: int, size: int) -> None:
    """One new purchase in two hundred waits for review instead of being approved."""
    from procurement.models import Purchase, PurchaseLine

    waiting = list(range(first + 200, size + 1, 200))
    for start in range(0, len(waiting), 500):
        some = waiting[start : start + 500]
        PurchaseLine.objects.filter(purchase__in=some).update(posted=False, recognised=None)
        Purchase.objects.filter(pk__in=some).update(
            status="submitted", submitted_at="2021-12-01T00:00:00+08:00"
        )


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
    token = tokens.issue("bench", 30, by=people["bureau"])
    clients = {name: Client() for name in people}
    for name, client in clients.items():
        client.force_login(people[name])
    code = Unit.objects.get(pk=units[-1]).code
    middle = Purchase.objects.order_by("pk")[Purchase.objects.count() // 2].pk
    last_page = Purchase.objects.count() // 50

    def page(who: str, address: str, **headers: str) -> Callable[[], Any]:
        def ask() -> None:
            response = clients[who].get(address, headers=headers)
            assert response.status_code == 200, (address, response.status_code)

        return ask

    asked: dict[str, Callable[[], Any]] = {
        "全市看板": page("bureau", "/city/?year=2021&as_of=2021-12-31"),
        "我的单位": page("clerk", "/unit/?year=2021"),
        "待审核": page("bureau", "/review/"),
        "采购台账, first page": page("bureau", "/purchases/"),
        "采购台账, last page": page("bureau", f"/purchases/?page={last_page}"),
        "采购台账, one unit": page("bureau", f"/purchases/?unit={code}"),
        "采购台账, a clerk's": page("clerk", "/purchases/"),
        "查找 a number": page("bureau", f"/search/?q=B{middle}"),
        "API, 100 purchases from the middle": page(
            "bureau", f"/api/v1/purchases?after={middle}", Authorization=f"Bearer {token}"
        ),
        "API, standings": page(
            "bureau", "/api/v1/standings/2021?as_of=2021-12-31", Authorization=f"Bearer {token}"
        ),
    }
    found = [(name, _tried(ask)) for name, ask in asked.items()]
    drafts = _drafts(units[-1], 40)
    found.append(("submit", _verb(drafts, lambda each: workflow.submit(each, by=_fresh(people["clerk"])))))
    found.append(("approve", _verb(drafts, lambda each: workflow.approve(each, by=_fresh(people["bureau"])))))
    return found


def _fresh(user: Any) -> Any:
    user._scope = None
    return user


def _tried(ask: Callable[[], Any]) -> float:
    try:
        return place.median(ask, 5)
    except AssertionError as error:
        print(f"left out: {error}", flush=True)
        return float("nan")


def _drafts(unit: int, count: int) -> list[Any]:
    """Of one line with an invoice, as a clerk leaves them before submitting."""
    import datetime
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
        began = time.perf_counter()
        do(each)
        taken.append(time.perf_counter() - began)
    return sorted(taken)[len(taken) // 2]


def _table(rows: dict[str, list[float]], sizes: tuple[int, ...]) -> None:
    print("| | " + " | ".join(f"{size:,}" for size in sizes) + " | ÷ first |")
    print("| --- |" + " ---: |" * (len(sizes) + 1))
    for name, taken in rows.items():
        cells = " | ".join(f"{seconds * 1000:,.1f}" for seconds in taken)
        print(f"| {name} | {cells} | {taken[-1] / taken[0]:.1f} |", flush=True)


def _explain() -> None:
    """The plans of the lists' statements."""
    from procurement.models import Purchase

    lists = {
        "台账": Purchase.objects.order_by("-date", "-pk")[:50],
        "one unit's": Purchase.objects.filter(unit=7).order_by("-date", "-pk")[:50],
        "待审核": Purchase.objects.filter(status="submitted").order_by("submitted_at", "pk")[:50],
        "API": Purchase.objects.filter(pk__gt=5000).order_by("pk")[:100],
    }
    for name, query in lists.items():
        print(f"\n{name}:\n{query.explain()}", file=sys.stdout)


if __name__ == "__main__":
    given = [each for each in sys.argv[1:] if each != "--explain"]
    main(tuple(int(each) for each in given) or SIZES, "--explain" in sys.argv)

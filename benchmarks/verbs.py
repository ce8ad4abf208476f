"""Submitting and approving a purchase of three lines, each ÷ the same rows written by bare SQL.

The bare side writes alone: what a verb must read before it may write (the purchase, who asks, what else was bought) is in
neither of its statements. The last column is against the same reads and writes by bare SQL. All are one transaction a
purchase on the same database and take turns. `cpu` stands for the processors' time of both
this process and its PostgreSQL, which a busy machine does not change.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from benchmarks import place
from benchmarks.ratios import note

COUNT = 200


class Seconds(NamedTuple):
    wall: float
    processor: float


def main(count: int = COUNT) -> None:
    folder = place.prepare()
    from django.db import connection

    from procurement import workflow
    from procurement.models import Purchase
    from units.models import Membership, Role, Unit, User

    try:
        unit = Unit.objects.get(pk=place.make_units()[-1])
        office = Unit.objects.create(code="OFFICE", name="商务局", kind="department")
        clerk, reviewer = User.objects.create(username="clerk"), User.objects.create(username="reviewer")
        Membership.objects.create(user=clerk, unit=unit, role=Role.CLERK)
        Membership.objects.create(user=reviewer, unit=office, role=Role.BUREAU)

        def submit(purchase: Purchase) -> None:
            workflow.submit(purchase, by=_asking(clerk))

        def approve(purchase: Purchase) -> None:
            workflow.approve(purchase, by=_asking(reviewer))

        drafts = _drafts(unit, 3 * count)
        print(f"{connection.vendor}, {count} purchases of three lines, medians")
        print(
            f"{'verb':>8} {'':>5} {'ours':>10} {'writes':>10} {'with reads':>10} {'÷ writes':>9} {'÷ with reads':>12}"
        )
        for verb in (submit, approve):
            taken: list[list[Seconds]] = [[], [], []]
            for mine, *theirs in zip(drafts[::3], drafts[1::3], drafts[2::3], strict=True):
                taken[0].append(_taken(partial(verb, mine)))
                for reads, each, found in zip((False, True), theirs, taken[1:], strict=True):
                    statements = _statements(partial(verb, each), reads=reads)
                    found.append(_taken(partial(_replay, statements)))
            for place_, clock in enumerate(("wall", "cpu")):
                ours, writes, both = (sorted(each[place_] for each in found)[count // 2] for found in taken)
                print(
                    f"{verb.__name__:>8} {clock:>5} {ours * 1000:>8.2f}ms {writes * 1000:>8.2f}ms {both * 1000:>8.2f}ms"
                    f" {ours / writes:>8.1f}× {ours / both:>11.1f}×"
                )
                name = f"{verb.__name__}, {connection.vendor}, {clock}"
                note(name, "the same rows by bare SQL", ours / writes, "≤ 4×")
                note(name, "the same reads and rows by bare SQL", ours / both)
    finally:
        place.clean(folder)


def _asking(user: Any) -> Any:
    """The user as a request brings them: what they may do is not read yet."""
    user._scope = None
    return user


def _taken(work: Callable[[], Any]) -> Seconds:
    wall, processor = time.perf_counter(), place.processors()
    work()
    return Seconds(time.perf_counter() - wall, place.processors() - processor)


def _statements(work: Callable[[], Any], *, reads: bool) -> list[tuple[str, Any, bool]]:
    """The statements by which `work` changes rows, with `reads` also those that read, with their values; nothing is changed."""
    from django.db import connection, transaction
    from django.test import override_settings

    found: list[tuple[str, Any, bool]] = []
    wanted = ("INSERT", "UPDATE", "DELETE", "SELECT") if reads else ("INSERT", "UPDATE", "DELETE")

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.split(None, 1)[0] in wanted:
            found.append((sql, params, many))
        return execute(sql, params, many, context)

    plain = override_settings(PREPARED_STATEMENTS=False)
    with plain, transaction.atomic(), connection.execute_wrapper(note):
        work()
        transaction.set_rollback(True)
    return found


def _replay(statements: list[tuple[str, Any, bool]]) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for sql, params, many in statements:
            (cursor.executemany if many else cursor.execute)(sql, params)
            if sql.startswith("SELECT"):
                cursor.fetchall()


def _drafts(unit: Any, count: int) -> list[Any]:
    """Drafts of three lines with an invoice each, as a clerk leaves them before submitting."""
    import datetime
    from decimal import Decimal

    from procurement import receipts
    from procurement.models import Purchase, PurchaseLine, Receipt, Region, Supplier

    supplier, _ = Supplier.objects.get_or_create(name="供应商")
    region = Region.objects.get(name="布拖县")
    drafts = []
    for serial in range(count):
        day = datetime.date(2021, 1, 1) + datetime.timedelta(days=serial % 365)
        purchase = Purchase.objects.create(
            number=f"B{serial}", unit=unit, purchase_date=day, date=day, supplier=supplier, channel="direct"
        )
        amount = Decimal(serial + 1)
        PurchaseLine.objects.bulk_create(
            PurchaseLine(
                purchase=purchase,
                position=n,
                use="office",
                region=region,
                product_name="茶",
                amount=amount * n,
            )
            for n in (1, 2, 3)
        )
        number = f"{serial:08d}"
        Receipt.objects.create(
            unit=unit,
            purchase=purchase,
            kind="invoice",
            invoice_number=number,
            identity=receipts.identity("", number),
        )
        drafts.append(purchase)
    return drafts


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT)

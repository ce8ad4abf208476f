"""A database of its own for a benchmark, and a city of 600 units with as many purchases as wanted."""

from __future__ import annotations

import datetime
import io
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path


def prepare(settings: str = "cixi_xiezuo.settings") -> Path:
    """Set Django up on a new database (SQLite, or the empty one that DATABASE_URL names). Call before other imports."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    os.environ["DATABASE_URL"] = os.environ.get("DATABASE_URL", f"sqlite:///{folder / 'bench.sqlite3'}")
    os.environ["VAR_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load", "reference", stdout=io.StringIO())
    return folder


def clean(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def median(work: Callable[[], object], times: int = 9) -> float:
    """Seconds of the middle one of several runs, after one that does not count."""
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return sorted(taken)[times // 2]


def make_units(count: int = 600) -> list[int]:
    """Units of all kinds, two in five of them unions; returns their ids."""
    from units.kinds import Kind
    from units.links import current
    from units.models import BaseStatus, Unit, UnitLink, YearBase

    pick = random.Random(1)
    kinds = [
        Kind.SCHOOL,
        Kind.HOSPITAL,
        Kind.INSTITUTION,
        Kind.ENTERPRISE,
        Kind.FINANCIAL,
        Kind.UNION,
        Kind.UNION,
    ]
    answering = [Unit(code=f"A{n:03d}", name=f"部门{n}", kind=Kind.DEPARTMENT) for n in range(30)]
    answering += [Unit(code=f"T{n:03d}", name=f"镇{n}", kind=Kind.TOWN) for n in range(20)]
    Unit.objects.bulk_create(answering)
    rest = [
        Unit(
            code=f"U{n:03d}",
            name=f"单位{n}",
            kind=pick.choice(kinds),
            supervisor=pick.choice(answering[:30]),
            town=pick.choice(answering[30:]),
            affiliation=pick.choice(["city", "town"]),
        )
        for n in range(count - len(answering))
    ]
    Unit.objects.bulk_create(rest)
    units = answering + rest
    UnitLink.objects.bulk_create(UnitLink(unit=unit, **current(unit)) for unit in units)
    YearBase.objects.bulk_create(
        YearBase(
            unit=unit,
            year=2021,
            headcount=100,
            canteen_budget=1_000_000,
            holiday_gifts=200_000,
            target=2_000_000,
            assistance_base=500_000,
            status=BaseStatus.CONFIRMED,
        )
        for unit in units
    )
    return [unit.pk for unit in units]


def make_purchases(unit_ids: list[int], first: int, count: int) -> None:
    """Approved purchases of one line each, written by bare SQL; the sums are rebuilt by the caller."""
    from django.db import connection, transaction

    from procurement.choices import Channel, Use
    from procurement.models import Region, Supplier

    pick = random.Random(first)
    regions = list(Region.objects.values_list("pk", flat=True))
    supplier, _ = Supplier.objects.get_or_create(name="供应商")
    last = connection.cursor()
    last.execute("SELECT COALESCE(MAX(id), 0) FROM procurement_purchase")
    start = last.fetchone()[0] + 1
    day0, uses, channels = datetime.date(2021, 1, 1), list(Use.values), list(Channel.values)
    now = datetime.datetime.now(datetime.UTC).isoformat(" ")
    with transaction.atomic(), connection.cursor() as cursor:
        for block in range(0, count, 20_000):
            size = min(20_000, count - block)
            ids = range(start + block, start + block + size)
            buyers = [pick.choice(unit_ids) for _ in ids]
            days = [(day0 + datetime.timedelta(days=pick.randrange(365))).isoformat() for _ in ids]
            cursor.executemany(
                "INSERT INTO procurement_purchase (id, number, unit_id, status, purchase_date, date, supplier_id,"
                " channel, note, returned_reason, doubts, answers, version, created_at)"
                " VALUES (%s, %s, %s, 'approved', %s, %s, %s, %s, '', '', 0, '{}', 1, %s)",
                [
                    (pk, f"B{pk}", unit, day, day, supplier.pk, pick.choice(channels), now)
                    for pk, unit, day in zip(ids, buyers, days, strict=True)
                ],
            )
            lines = []
            for pk, unit in zip(ids, buyers, strict=True):
                use, amount = pick.choice(uses), pick.randrange(100, 500_000)
                holiday = "spring" if use == Use.UNION_HOLIDAY else ""
                lines.append((pk, pk, use, holiday, pick.choice(regions), amount, amount, unit))
            cursor.executemany(
                "INSERT INTO procurement_purchaseline (id, purchase_id, position, use, holiday, region_id,"
                " product_name, measure, amount, overlap, recognised, recognised_reason, posted, subject_id)"
                " VALUES (%s, %s, 1, %s, %s, %s, '土豆', '', %s, 0, %s, '', true, %s)",
                lines,
            )

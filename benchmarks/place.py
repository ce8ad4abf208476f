"""A database of its own for a benchmark, and a city of 600 units with as many purchases as wanted."""

from __future__ import annotations

import io
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.loading import Loader


def prepare(settings: str = "cixi_xiezuo.settings") -> Path:
    """Set Django up on a new database (SQLite, or the empty one that DATABASE_URL names). Call before other imports."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    os.environ["DATABASE_URL"] = os.environ.get("DATABASE_URL", f"sqlite:///{folder / 'bench.sqlite3'}")
    os.environ["VAR_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    os.environ.setdefault("SLOW_QUERY_MS", "0")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("load", "reference", stdout=io.StringIO())
    return folder


def clean(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def median(
    work: Callable[[], object], times: int = 9, clock: Callable[[], float] = time.perf_counter
) -> float:
    """Seconds of the middle one of several runs, after one that does not count."""
    work()
    taken = []
    for _ in range(times):
        start = clock()
        work()
        taken.append(clock() - start)
    return sorted(taken)[times // 2]


def processors() -> float:
    """Seconds of the processors that this process and its PostgreSQL have used: what else runs does not change it."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return time.process_time()
    connection.ensure_connection()
    backend: Any = connection.connection
    used = Path(f"/proc/{backend.info.backend_pid}/schedstat").read_text().split()[0]
    return time.process_time() + int(used) / 1e9


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


def make_purchases(unit_ids: list[int], count: int, *, waiting: bool = False) -> None:
    """Approved purchases of one line with its invoice; the sums are rebuilt by the caller."""
    Loader(unit_ids, waiting=waiting).load(count)

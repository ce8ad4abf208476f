"""How each page and verb grows with the number of purchases: `python -m benchmarks.scale [SIZES] [--explain]`.

Loads SIZES purchases (10,000 1,000,000; PostgreSQL takes 10,000,000 too) of 600 units in one year, 500 of them
waiting for review, into a database of its own (SQLite, or the empty PostgreSQL of DATABASE_URL) and asks each page as
the bureau or a clerk does, in-process, with the time-out of statements that pages have. Prints medians in milliseconds
of the processors (see questions) and the last size ÷ the first. With --explain also how the database finds the lists.
"""

from __future__ import annotations

import sys
import time

from benchmarks import loading, place
from benchmarks.questions import measured
from benchmarks.ratios import note

SIZES = (10_000, 1_000_000)
TIME_OUT = 30
"""Seconds that a statement may take, as in wsgi.py."""


def main(sizes: tuple[int, ...], explain: bool) -> None:
    folder = place.prepare()
    from django.conf import settings
    from django.db import connection

    settings.ALLOWED_HOSTS.append("testserver")
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    try:
        units = place.make_units()
        done = 0
        rows: dict[str, list[float]] = {}
        for size in sizes:
            began = time.perf_counter()
            place.make_purchases(units, size - done, waiting=True)
            done, loaded = size, time.perf_counter() - began
            began = time.perf_counter()
            loading.rebuild_sums(units)
            rebuilt = time.perf_counter() - began
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
                if connection.vendor == "postgresql":
                    cursor.execute(f"SET statement_timeout = '{TIME_OUT}s'")
            print(
                f"{connection.vendor} {size:,}: loaded in {loaded:.0f} s, sums rebuilt in {rebuilt:.0f} s",
                flush=True,
            )
            for name, seconds in measured(units):
                rows.setdefault(name, []).append(seconds)
            table(rows, sizes[: len(next(iter(rows.values())))])
            with connection.cursor() as cursor:
                if connection.vendor == "postgresql":
                    cursor.execute("SET statement_timeout = 0")
        for name, taken in rows.items():
            note(f"{name}, {connection.vendor}, {done:,} purchases", f"{sizes[0]:,}", taken[-1] / taken[0])
        if explain:
            plans()
    finally:
        place.clean(folder)


def table(rows: dict[str, list[float]], sizes: tuple[int, ...]) -> None:
    print("| | " + " | ".join(f"{size:,}" for size in sizes) + " | ÷ first |")
    print("| --- |" + " ---: |" * (len(sizes) + 1))
    for name, taken in rows.items():
        cells = " | ".join(f"{seconds * 1000:,.1f}" for seconds in taken)
        print(f"| {name} | {cells} | {taken[-1] / taken[0]:.1f} |", flush=True)


def plans() -> None:
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

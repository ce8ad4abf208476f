"""All standings of a 600-unit year, against (a) the bare sum over lines and (b) the bare read of the sums."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable
from typing import Any

from benchmarks import place
from benchmarks.ratios import note

SIZES = (10_000, 100_000, 1_000_000)
BARE_SUM = """
SELECT p.unit_id, l.subject_id, l.responsible_id,
       SUM(CASE WHEN l.use <> 'commerce' AND g.kind = 'east_west' THEN l.recognised ELSE 0 END),
       SUM(CASE WHEN l.use <> 'commerce' AND g.kind = 'mountain_sea' THEN l.recognised ELSE 0 END),
       SUM(CASE WHEN l.use = 'commerce' AND g.kind = 'east_west' THEN l.recognised - l.overlap ELSE 0 END),
       SUM(CASE WHEN l.use = 'commerce' AND g.kind = 'mountain_sea' THEN l.recognised - l.overlap ELSE 0 END),
       SUM(CASE WHEN l.use = 'canteen' AND p.channel = 'platform_832' AND r.is_832 THEN l.recognised ELSE 0 END),
       SUM(CASE WHEN l.use = 'union_holiday' AND g.kind IS NOT NULL THEN l.recognised ELSE 0 END),
       SUM(CASE WHEN l.use = 'union_welfare' THEN l.recognised ELSE 0 END)
  FROM procurement_purchaseline l
  JOIN procurement_purchase p ON p.id = l.purchase_id
  JOIN procurement_region r ON r.id = l.region_id
  LEFT JOIN procurement_pairing g ON g.region_id = r.id
 WHERE l.posted AND p.date BETWEEN '2021-01-01' AND '2021-12-31'
 GROUP BY p.unit_id, l.subject_id, l.responsible_id
"""


def main(sizes: tuple[int, ...] = SIZES) -> None:
    folder = place.prepare()
    from django.db import connection

    from assessment import jsonform
    from assessment.standing import YearStanding
    from procurement import tallies
    from procurement.measures import Measures

    def query(sql: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows

    def standings(as_of: datetime.date) -> dict[str, Any]:
        standing = YearStanding.read(2021, as_of)
        return {"units": standing.units, "city": standing.city_total, "ranked": standing.responsible}

    try:
        units = place.make_units()
        done, first = 0, None
        today, past = datetime.date(2022, 1, 1), datetime.date(2021, 8, 17)
        columns = "unit_id, subject_id, responsible_key, " + ", ".join(Measures._fields)
        print(f"{'purchases':>10} {'bare sum':>10} {'bare read':>10} {'standings':>10} {'past day':>10}"
              f" {'÷ read':>8} {'sum ÷':>8} {'÷ 10k':>8}")  # fmt: skip
        for size in sizes:
            place.make_purchases(units, size - done)
            done = size
            tallies.rebuild()
            bare_sum = place.median(lambda: query(BARE_SUM), 3)
            bare_read = place.median(lambda: _bare_reads(query, columns), 15)
            ours = place.median(lambda: standings(today), 15)
            ours_past = place.median(lambda: standings(past), 15)
            first = first or ours
            assert jsonform.year(YearStanding.read(2021, today))["city"]
            print(f"{size:>10,} {bare_sum * 1000:>8.1f}ms {bare_read * 1000:>8.1f}ms {ours * 1000:>8.1f}ms"
                  f" {ours_past * 1000:>8.1f}ms {ours / bare_read:>7.1f}× {bare_sum / ours:>7.0f}×"
                  f" {ours / first:>7.2f}×")  # fmt: skip
            note(f"standings, {size:,} purchases", "bare read of their rows", ours / bare_read)
            note(f"standings, {size:,} purchases", f"{sizes[0]:,} purchases", ours / first, "≤ 1.5×")
    finally:
        place.clean(folder)


def _bare_reads(query: Callable[[str], object], columns: str) -> None:
    """The rows a year's standings follow from, read by bare SQL and left as they come."""
    query(f"SELECT {columns} FROM procurement_tally WHERE year = 2021 AND period = 0")  # noqa: S608
    query("SELECT id, code, name, kind, supervisor_id FROM units_unit ORDER BY code")
    query(
        "SELECT unit_id, headcount, canteen_budget, holiday_gifts, target, assistance_base, listed, canteen,"
        " canteen_representative_id, reserve_percent FROM units_yearbase WHERE year = 2021 AND status = 'confirmed'"
    )


if __name__ == "__main__":
    main(tuple(int(size) for size in sys.argv[1:]) or SIZES)

"""Purchases by the million: made inside the database, by statements that SQLite and PostgreSQL both take.

Entries of the trail are not made. What a row holds follows from its number, so both databases get the same rows.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

BLOCK = 200_000
"""Purchases in one transaction."""
SUPPLIERS, GOODS = 2000, 300
WAITING, OF_FIRST = 20, 10_000
"""One in so many of the first purchases waits for review: a queue is as long as reviewers let it be, not as all the years."""
TABLES = ("purchase", "purchaseline", "receipt")
_NUMBERS = "WITH RECURSIVE n(id) AS (SELECT CAST(%s AS bigint) UNION ALL SELECT id + 1 FROM n WHERE id < %s)"
_FACTORS = {
    "unit": 2654435761,
    "day": 2246822519,
    "supplier": 3266489917,
    "channel": 668265263,
    "use": 374761393,
    "region": 2869860233,
    "goods": 3624381081,
    "amount": 1597334677,
}


def _spread(name: str, count: int) -> str:
    """A number from 0 to `count` - 1 that follows from the row's own."""
    return f"(n.id * {_FACTORS[name]} %% 4294967296) / 64 %% {count}"


_PURCHASES = """
INSERT INTO procurement_purchase (id, number, unit_id, status, purchase_date, date, submitted_at, created_at,
       supplier_id, channel, note, returned_reason, doubts, answers, version)
{numbers}
SELECT n.id, 'B' || n.id, u.value, CASE WHEN {waits} THEN 'submitted' ELSE 'approved' END, d.value, d.value, d.moment,
       d.moment, s.value, c.value, '', '', 0, '{{}}', 1
  FROM n CROSS JOIN bench_unit u CROSS JOIN bench_day d CROSS JOIN bench_supplier s CROSS JOIN bench_channel c
 WHERE u.place = {unit} AND d.place = {day} AND s.place = {supplier} AND c.place = {channel}
"""
_LINES = """
INSERT INTO procurement_purchaseline (id, purchase_id, position, use, holiday, region_id, product_name, quantity, measure,
       amount, overlap, recognised, recognised_reason, posted, subject_id, responsible_id)
{numbers}
SELECT n.id, n.id, 1, o.value, o.holiday, r.value, g.value, 1 + n.id %% 9, '斤', {amount}, 0,
       CASE WHEN {waits} THEN NULL ELSE {amount} END, '', NOT ({waits}), u.subject, u.responsible
  FROM n CROSS JOIN bench_unit u CROSS JOIN bench_use o CROSS JOIN bench_region r CROSS JOIN bench_goods g
 WHERE u.place = {unit} AND o.place = {use} AND r.place = {region} AND g.place = {goods}
"""
_RECEIPTS = """
INSERT INTO procurement_receipt (id, unit_id, purchase_id, kind, name, invoice_code, invoice_number, identity, live, red_of,
       reading, data, together, settled, check_result, checked_by, uploaded_at)
{numbers}
SELECT n.id, u.value, n.id, 'invoice', '', '', CAST(30000000 + n.id AS text), '-' || CAST(30000000 + n.id AS text), true, '',
       'none', '{{}}', '', false, 'unchecked', '', d.moment
  FROM n CROSS JOIN bench_unit u CROSS JOIN bench_day d
 WHERE u.place = {unit} AND d.place = {day}
"""


class Loader:
    """Approved purchases of one line with its invoice, dated in 2021; with `waiting` some are submitted only."""

    def __init__(self, units: list[int], *, waiting: bool = False) -> None:
        from django.db import connection

        self.cursor: Any = connection.cursor()
        self.counts: dict[str, int] = {}
        self.waiting = waiting
        self._look_ups(units)

    def load(self, count: int) -> None:
        """`count` more."""
        from django.db import connection

        first = max(map(self._last_id, TABLES))
        if connection.vendor != "postgresql":
            self._rows(first, count)
            return
        indexes = self._drop_indexes() if count > BLOCK else []
        self._rows(first, count)
        self.cursor.execute("SET maintenance_work_mem = '512MB'")
        for definition in indexes:
            self.cursor.execute(definition)
        self._move_sequences()

    def _rows(self, first: int, count: int) -> None:
        from django.db import connection, transaction

        for start in range(first + 1, first + count + 1, BLOCK):
            last = min(start + BLOCK - 1, first + count)
            with transaction.atomic():
                if connection.vendor == "postgresql":  # foreign keys are right as they are made
                    self.cursor.execute("SET LOCAL session_replication_role = replica")
                for statement in (_PURCHASES, _LINES, _RECEIPTS):
                    self.cursor.execute(self._written(statement), [start, last])

    def _last_id(self, table: str) -> int:
        self.cursor.execute(f"SELECT COALESCE(MAX(id), 0) FROM procurement_{table}")  # noqa: S608
        last: int = self.cursor.fetchone()[0]
        return last

    def _drop_indexes(self) -> list[str]:
        """PostgreSQL sorts an index of many rows faster than it fills one; how to make them again."""
        self.cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)"
            " AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname)",
            [[f"procurement_{table}" for table in TABLES]],
        )
        found = self.cursor.fetchall()
        for name, _ in found:
            self.cursor.execute(f'DROP INDEX "{name}"')
        return [definition for _, definition in found]

    def _written(self, statement: str) -> str:
        places = {name: _spread(name, count) for name, count in self.counts.items()}
        waits = f"n.id <= {OF_FIRST} AND n.id %% {WAITING} = 0" if self.waiting else "n.id < 0"
        places["amount"] = f"(100 + {_spread('amount', 500_000)})"
        return statement.format(numbers=_NUMBERS, waits=waits, **places)

    def _look_ups(self, units: list[int]) -> None:
        """What the rows choose from, as small tables for this connection alone."""
        from procurement.choices import Channel, Use
        from procurement.models import Region, Supplier
        from units.links import LinkBook

        day0 = datetime.date(2021, 1, 1)
        book = LinkBook.load(units)
        answers = [(unit, book.answer(unit, day0)) for unit in units]
        if not Supplier.objects.filter(name="供应商").exists():
            Supplier.objects.create(name="供应商")
            Supplier.objects.bulk_create(Supplier(name=f"供应商{n}") for n in range(1, SUPPLIERS))
        days = (day0 + datetime.timedelta(days=n) for n in range(365))
        self._table(
            "unit",
            "value bigint, subject bigint, responsible bigint",
            [(unit, each.subject, each.responsible) for unit, each in answers],
        )
        self._table(
            "day",
            "value date, moment timestamp with time zone",
            [(day.isoformat(), f"{day} 04:00:00") for day in days],
        )
        uses = [(use, "spring" if use == Use.UNION_HOLIDAY else "") for use in Use.values]
        self._table("use", "value text, holiday text", uses)
        self._table("channel", "value text", [(each,) for each in Channel.values])
        self._table("supplier", "value bigint", Supplier.objects.order_by("pk").values_list("pk"))
        self._table("region", "value bigint", Region.objects.order_by("pk").values_list("pk"))
        self._table("goods", "value text", [("茶",), *((f"农产品{n}",) for n in range(1, GOODS))])

    def _table(self, name: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
        rows = list(rows)
        self.cursor.execute(f"DROP TABLE IF EXISTS bench_{name}")
        self.cursor.execute(f"CREATE TEMPORARY TABLE bench_{name} (place bigint PRIMARY KEY, {columns})")
        places = ", ".join(["%s"] * (len(rows[0]) + 1))
        self.cursor.executemany(
            f"INSERT INTO bench_{name} VALUES ({places})",  # noqa: S608
            [(place, *row) for place, row in enumerate(rows)],
        )
        self.cursor.execute(f"ANALYZE bench_{name}")
        self.counts[name] = len(rows)

    def _move_sequences(self) -> None:
        for table in TABLES:
            self.cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('procurement_{table}', 'id'),"  # noqa: S608
                f" (SELECT MAX(id) FROM procurement_{table}))"
            )


def rebuild_sums(units: list[int]) -> None:
    """Of some units at a time, so that not all keys of ten million lines are held at once."""
    from procurement import tallies

    for start in range(0, len(units), 100):
        tallies.rebuild(units=units[start : start + 100])

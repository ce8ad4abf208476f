"""The running sums behind every figure: posted with the change that causes them, rebuilt, verified, read.

Each posted line is added to three rows: its year's, its month's, its day's. The figure as of a day is the
year's row less the months after and the days after in that month, so a past day is as exact as today, and
today costs one row a unit. Rows are keyed by the buying unit: two units never wait for the same row.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Model

from cixi_xiezuo.money import from_fen, to_fen, yuan_display
from procurement.measures import NOTHING, Measures, measure
from procurement.models.purchase import PurchaseLine
from procurement.models.tally import YEAR, RegionTally, Tally
from procurement.terms import TermsBook
from units.links import LinkBook
from units.models import Unit
from units.years import hold, locked_years, require_open


class Key(NamedTuple):
    year: int
    period: int
    unit: int
    subject: int
    responsible: int


class Sum(NamedTuple):
    """One row as the rules read it: who bought, for whom, who answers (0: nobody), and the sums in 分."""

    unit: int
    subject: int
    responsible: int
    measures: Measures


def periods(day: datetime.date) -> tuple[int, int, int]:
    return YEAR, day.month * 100, day.month * 100 + day.day


def _sums(
    lines: Iterable[PurchaseLine], sign: int = 1
) -> tuple[dict[tuple[int, ...], list[int]], dict[tuple[int, ...], list[int]]]:
    """Lines → rows of both tables as {key: amounts in 分}. Lines carry purchase, region and who answers."""
    book = TermsBook()
    by_unit: dict[tuple[int, ...], list[int]] = defaultdict(lambda: [0] * len(NOTHING))
    by_region: dict[tuple[int, ...], list[int]] = defaultdict(lambda: [0, 0])
    for line in lines:
        day, unit = line.purchase.date, line.purchase.unit_id
        assert day is not None and line.subject_id is not None and line.region_id is not None
        measures = measure(line, book.of(day.year))
        if not any(measures):
            continue
        for period in periods(day):
            row = by_unit[Key(day.year, period, unit, line.subject_id, line.responsible_id or 0)]
            for index, fen in enumerate(measures):
                row[index] += sign * fen
            if measures.direct or measures.commerce:
                pair = by_region[day.year, period, unit, line.region_id]
                pair[0] += sign * measures.direct
                pair[1] += sign * measures.commerce
    return by_unit, by_region


_KEYS: dict[type[Model], tuple[str, ...]] = {
    Tally: ("year", "period", "unit_id", "subject_id", "responsible_key"),
    RegionTally: ("year", "period", "unit_id", "region_id"),
}
_SUMS: dict[type[Model], tuple[str, ...]] = {
    Tally: Measures._fields,
    RegionTally: ("direct", "commerce"),
}


def _add(model: type[Model], rows: Mapping[tuple[int, ...], list[int]]) -> None:
    """Add amounts to rows, making those that are missing: one statement, atomic in both databases.

    Rows go in key order, so that two writers of one unit never lock them crosswise.
    """
    if not rows:
        return
    keys, sums, table = _KEYS[model], _SUMS[model], model._meta.db_table
    columns = keys + sums
    place = "(" + ", ".join(["%s"] * len(columns)) + ")"
    growth = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in sums)
    ordered = sorted(rows.items())
    with connection.cursor() as cursor:
        for start in range(0, len(ordered), 60):
            part = ordered[start : start + 60]
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([place] * len(part))}"  # noqa: S608
                f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {growth}",
                [value for key, amounts in part for value in (*key, *amounts)],
            )


def post(lines: Iterable[PurchaseLine], *, sign: int = 1) -> None:
    """Add posted lines to the sums (sign 1), or take them out again (sign −1).

    Must run in the transaction of the change itself.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("tallies are posted in the transaction of the change they belong to")
    by_unit, by_region = _sums(lines, sign)
    _add(Tally, by_unit)
    _add(RegionTally, by_region)


def posted_lines(
    *, years: Iterable[int] | None = None, units: Iterable[int] | None = None
) -> Iterator[PurchaseLine]:
    """All posted lines, of some years or units, with what the sums need loaded."""
    lines = PurchaseLine.objects.filter(posted=True).select_related("purchase", "region")
    if years is not None:
        wanted = sorted(set(years))
        lines = lines.filter(purchase__date__year__in=wanted)
    if units is not None:
        lines = lines.filter(purchase__unit__in=list(units))
    return lines.order_by("pk").iterator(chunk_size=5000)


def attribute(lines: Iterable[PurchaseLine], book: LinkBook) -> list[PurchaseLine]:
    """Set subject and responsible of lines from the links of their day; returns those that changed."""
    changed = []
    for line in lines:
        assert line.purchase.date is not None
        answer = book.answer(line.purchase.unit_id, line.purchase.date)
        if (line.subject_id, line.responsible_id) != (answer.subject, answer.responsible):
            line.subject_id, line.responsible_id = answer.subject, answer.responsible
            changed.append(line)
    return changed


@transaction.atomic
def rebuild(*, years: Iterable[int] | None = None, units: Iterable[int] | None = None) -> int:
    """Recompute who answers and the sums, from the lines alone. Returns how many lines answer differently.

    Everything of the years and units given is replaced; both None means all there is. Raises Refused when
    that would change a locked year.
    """
    years = None if years is None else sorted(set(years))
    units = None if units is None else sorted(set(units))
    touched = set(years) if years is not None else _posted_years()
    hold(touched)
    before = {year: _snapshot(year) for year in touched & locked_years()}
    for model in (Tally, RegionTally):
        rows = model._default_manager.all()
        if years is not None:
            rows = rows.filter(year__in=years)
        if units is not None:
            rows = rows.filter(unit__in=units)
        rows.delete()
    changed: list[PurchaseLine] = []
    post(_attributed(posted_lines(years=years, units=units), LinkBook.load(units), changed))
    PurchaseLine.objects.bulk_update(changed, ["subject", "responsible"], batch_size=200)
    require_open(year for year, kept in before.items() if kept != _snapshot(year))
    return len(changed)


def _posted_years() -> set[int]:
    dates = PurchaseLine.objects.filter(posted=True).dates("purchase__date", "year")
    return {date.year for date in dates}


def _attributed(
    lines: Iterable[PurchaseLine], book: LinkBook, changed: list[PurchaseLine]
) -> Iterator[PurchaseLine]:
    """The lines, each attributed as it passes; those that changed are also kept in `changed`."""
    for line in lines:
        changed += attribute([line], book)
        yield line


def _snapshot(year: int) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """All rows of a year that are not zero, by key."""
    found = {}
    for model in (Tally, RegionTally):
        keys = _KEYS[model]
        for row in model._default_manager.filter(year=year).values_list(*keys, *_SUMS[model]):
            if any(row[len(keys) :]):
                found[model.__name__, *row[: len(keys)]] = row[len(keys) :]
    return found


def sums_as_of(year: int, as_of: datetime.date) -> list[Sum]:
    """What each unit's lines of a year add up to on a day: in play, dated in the year, not after the day."""
    if as_of.year < year:
        return []
    table, names = Tally._meta.db_table, Measures._fields
    columns = ["unit_id", "subject_id", "responsible_key"]
    with connection.cursor() as cursor:
        if as_of >= datetime.date(year, 12, 31):
            cursor.execute(
                f"SELECT {', '.join([*columns, *names])} FROM {table} WHERE year = %s AND period = %s",  # noqa: S608
                [year, YEAR],
            )
        else:
            signed = [f"SUM(CASE WHEN period = 0 THEN {name} ELSE -{name} END)" for name in names]
            month = as_of.month * 100
            cursor.execute(
                f"SELECT {', '.join([*columns, *signed])} FROM {table} WHERE year = %s AND ("  # noqa: S608
                "period = 0 OR (period > %s AND period < %s)"
                " OR period IN (100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1100, 1200)"
                f" AND period > %s) GROUP BY {', '.join(columns)}",
                [year, month + as_of.day, month + 100, month],
            )
        return [Sum(row[0], row[1], row[2], Measures(*map(int, row[3:]))) for row in cursor.fetchall()]


def differences() -> Iterator[str]:
    """One Chinese sentence for each sum that is not what its lines add up to; nothing when all is well."""
    by_unit, by_region = _sums(posted_lines())
    codes = dict(Unit.objects.values_list("pk", "code"))
    for model, expected in ((Tally, by_unit), (RegionTally, by_region)):
        stored = {
            row[: len(_KEYS[model])]: list(row[len(_KEYS[model]) :])
            for row in model.objects.values_list(*_KEYS[model], *_SUMS[model])
        }
        for key in sorted(expected.keys() | stored.keys()):
            want = expected.get(key, [0] * len(_SUMS[model]))
            have = [to_fen(amount) for amount in stored.get(key, [from_fen(0)] * len(_SUMS[model]))]
            for name, wanted, found in zip(_SUMS[model], want, have, strict=True):
                if wanted != found:
                    yield (
                        f"合计不符：{key[0]} 年（期 {key[1]}）单位 {codes.get(key[2], key[2])} 的 "
                        f"{model._meta.db_table}.{name} 为 {yuan_display(from_fen(found))}，"
                        f"按明细应为 {yuan_display(from_fen(wanted))}"
                    )
    book = LinkBook.load()
    for line in attribute(posted_lines(), book):
        yield f"责任单位不符：{line.purchase.number} 第 {line.position} 行"
    unposted = PurchaseLine.objects.filter(purchase__status="approved", posted=False)
    stray = PurchaseLine.objects.filter(posted=True).exclude(purchase__status="approved")
    for line in unposted.select_related("purchase"):
        yield f"未入账：{line.purchase.number} 第 {line.position} 行已核准但未计入合计"
    for line in stray.select_related("purchase"):
        yield f"多入账：{line.purchase.number} 第 {line.position} 行未核准却计入合计"

"""The running sums behind every figure: posted with the change that causes them, rebuilt, verified, read.

Each posted line is added to three rows: its year's, its month's, its day's. The figure as of a day is the
year's row less the months after and the days after in that month, so a past day is as exact as today, and
today costs one row a unit. Rows are keyed by the buying unit: two units never wait for the same row.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Model

from cixi_xiezuo.money import from_fen, in_fen, to_fen, yuan_display
from procurement.measures import NOTHING, LineFacts, Measures, measure
from procurement.models.purchase import PurchaseLine
from procurement.models.tally import YEAR, ChannelTally, RegionTally, Tally
from procurement.terms import TermsBook
from units.links import LinkBook
from units.models import Unit
from units.years import hold, locked_years, require_open


class Sum(NamedTuple):
    """One row as the rules read it: who bought, for whom, who answers (0: nobody), and the sums in 分."""

    unit: int
    subject: int
    responsible: int
    measures: Measures


def periods(day: datetime.date) -> tuple[int, int, int]:
    return YEAR, day.month * 100, day.month * 100 + day.day


def facts_of(line: PurchaseLine) -> LineFacts:
    """A line with its purchase and region loaded, as the sums see it."""
    purchase, region = line.purchase, line.region
    assert line.recognised is not None
    assert region is not None
    assert purchase.date is not None
    return LineFacts(
        pk=line.pk,
        day=purchase.date,
        unit=purchase.unit_id,
        channel=purchase.channel,
        use=line.use,
        holiday=line.holiday,
        region=region.pk,
        is_832=region.is_832,
        amount=to_fen(line.recognised),
        overlap=to_fen(line.overlap),
        subject=line.subject_id,
        responsible=line.responsible_id,
    )


Rows = dict[tuple[Any, ...], list[int]]


def _sums(lines: Iterable[LineFacts], sign: int = 1) -> dict[type[Model], Rows]:
    """Lines → rows of each table as {key: amounts in 分}."""
    book = TermsBook()
    by_unit: Rows = defaultdict(lambda: [0] * len(NOTHING))
    by_region: Rows = defaultdict(lambda: [0, 0])
    by_channel: Rows = defaultdict(lambda: [0, 0])
    for line in lines:
        year = line.day.year
        measures = measure(line, book.of(year))
        if not any(measures):
            continue
        assert line.subject is not None
        direct, commerce = measures.direct, measures.commerce
        for period in periods(line.day):
            row = by_unit[year, period, line.unit, line.subject, line.responsible or 0]
            for index, fen in enumerate(measures):
                if fen:
                    row[index] += sign * fen
            if direct or commerce:
                for pair in (
                    by_region[year, period, line.unit, line.region],
                    by_channel[year, period, line.unit, line.channel, line.holiday],
                ):
                    pair[0] += sign * direct
                    pair[1] += sign * commerce
    return {Tally: by_unit, RegionTally: by_region, ChannelTally: by_channel}


_KEYS: dict[type[Model], tuple[str, ...]] = {
    Tally: ("year", "period", "unit_id", "subject_id", "responsible_key"),
    RegionTally: ("year", "period", "unit_id", "region_id"),
    ChannelTally: ("year", "period", "unit_id", "channel", "holiday"),
}
_SUMS: dict[type[Model], tuple[str, ...]] = {
    Tally: Measures._fields,
    RegionTally: ("direct", "commerce"),
    ChannelTally: ("direct", "commerce"),
}


def _add(model: type[Model], rows: Rows) -> None:
    """Add amounts to rows, making those that are missing: one statement, atomic in both databases.

    Rows go in key order, so that two writers of one unit never lock them crosswise.
    """
    if not rows:
        return
    keys, sums, table = _KEYS[model], _SUMS[model], model._meta.db_table
    columns = keys + sums
    place = "(" + ", ".join(["%s"] * len(columns)) + ")"
    growth = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in sums)
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES {{}} ON CONFLICT ({', '.join(keys)})"  # noqa: S608
    statement += f" DO UPDATE SET {growth}"
    ordered = [(*key, *amounts) for key, amounts in sorted(rows.items())]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # no round trips to save
            cursor.executemany(statement.format(place), ordered)
            return
        for start in range(0, len(ordered), 500):
            part = ordered[start : start + 500]
            cursor.execute(
                statement.format(", ".join([place] * len(part))), [value for row in part for value in row]
            )


def post(lines: Iterable[LineFacts], *, sign: int = 1) -> None:
    """Add posted lines to the sums (sign 1), or take them out again (sign −1).

    Must run in the transaction of the change itself.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("tallies are posted in the transaction of the change they belong to")
    for model, rows in _sums(lines, sign).items():
        _add(model, rows)


def posted_facts(
    *,
    years: Iterable[int] | None = None,
    units: Iterable[int] | None = None,
    since: datetime.date | None = None,
) -> Iterator[LineFacts]:
    """All posted lines, of some years or units or from a day on, in the order of their ids."""
    lines = PurchaseLine.objects.filter(posted=True)
    if since is not None:
        lines = lines.filter(purchase__date__gte=since)
    if years is not None:
        lines = lines.filter(purchase__date__year__in=sorted(set(years)))
    if units is not None:
        lines = lines.filter(purchase__unit__in=list(units))
    rows = lines.order_by("pk").values_list(
        "pk",
        "purchase__date",
        "purchase__unit",
        "purchase__channel",
        "use",
        "holiday",
        "region",
        "region__is_832",
        in_fen("recognised"),
        in_fen("overlap"),
        "subject",
        "responsible",
    )
    return map(LineFacts._make, rows.iterator(chunk_size=5000))


def attribute(lines: Iterable[PurchaseLine], book: LinkBook) -> None:
    """Set who answers for lines from the links of their day (not saved here)."""
    for line in lines:
        assert line.purchase.date is not None
        answer = book.answer(line.purchase.unit_id, line.purchase.date)
        line.subject_id, line.responsible_id = answer.subject, answer.responsible


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
    for model in _KEYS:
        rows = model._default_manager.all()
        if years is not None:
            rows = rows.filter(year__in=years)
        if units is not None:
            rows = rows.filter(unit__in=units)
        rows.delete()
    changed: list[LineFacts] = []
    post(_attributed(posted_facts(years=years, units=units), LinkBook.load(units), changed))
    _save_answers(changed)
    require_open(year for year, kept in before.items() if kept != _snapshot(year))
    return len(changed)


def _posted_years() -> set[int]:
    dates = PurchaseLine.objects.filter(posted=True).dates("purchase__date", "year")
    return {date.year for date in dates}


def _attributed(lines: Iterable[LineFacts], book: LinkBook, changed: list[LineFacts]) -> Iterator[LineFacts]:
    """The lines with who answers as the links of their day say; those that change are added to `changed`."""
    for line in lines:
        answer = book.answer(line.unit, line.day)
        if (line.subject, line.responsible) != (answer.subject, answer.responsible):
            line = line._replace(subject=answer.subject, responsible=answer.responsible)
            changed.append(line)
        yield line


def _save_answers(lines: list[LineFacts]) -> None:
    """Write who answers: one statement for the lines that share an answer."""
    by_answer: dict[tuple[int | None, int | None], list[int]] = defaultdict(list)
    for line in lines:
        by_answer[line.subject, line.responsible].append(line.pk)
    for (subject, responsible), ids in by_answer.items():
        for start in range(0, len(ids), 500):
            part = PurchaseLine.objects.filter(pk__in=ids[start : start + 500])
            part.update(subject_id=subject, responsible_id=responsible)


def _snapshot(year: int) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """All rows of a year that are not zero, by key."""
    found = {}
    for model in _KEYS:
        keys = _KEYS[model]
        for row in model._default_manager.filter(year=year).values_list(*keys, *_SUMS[model]):
            if any(row[len(keys) :]):
                found[model.__name__, *row[: len(keys)]] = row[len(keys) :]
    return found


def sums_as_of(year: int, as_of: datetime.date, units: Iterable[int] | None = None) -> list[Sum]:
    """What each unit's lines of a year add up to on a day: in play, dated in the year, not after the day.

    `units`: what those have bought alone.
    """
    if as_of.year < year:
        return []
    table, names = Tally._meta.db_table, Measures._fields
    columns = ["unit_id", "subject_id", "responsible_key"]
    only = [] if units is None else list(units)
    place = "" if units is None else f" AND unit_id IN ({', '.join(['%s'] * len(only)) or 'NULL'})"
    with connection.cursor() as cursor:
        if as_of >= datetime.date(year, 12, 31):
            cursor.execute(
                f"SELECT {', '.join([*columns, *names])} FROM {table} WHERE year = %s AND period = %s{place}",  # noqa: S608
                [year, YEAR, *only],
            )
            return [_summed(row, row[3:]) for row in cursor.fetchall()]
        signed = [f"SUM(CASE WHEN period = 0 THEN {name} ELSE -{name} END)" for name in names]
        month = as_of.month * 100
        cursor.execute(
            f"SELECT {', '.join([*columns, *signed])} FROM {table} WHERE year = %s AND ("  # noqa: S608
            "period = 0 OR (period > %s AND period < %s)"
            " OR period IN (100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1100, 1200)"
            f" AND period > %s){place} GROUP BY {', '.join(columns)}",
            [year, month + as_of.day, month + 100, month, *only],
        )
        return [_summed(row, map(int, row[3:])) for row in cursor.fetchall()]


def _summed(row: tuple[int, ...], amounts: Iterable[int]) -> Sum:
    return Sum(row[0], row[1], row[2], Measures._make(amounts))


def differences() -> Iterator[str]:
    """One Chinese sentence for each sum that is not what its lines add up to; nothing when all is well."""
    sums = _sums(posted_facts())
    codes = dict(Unit.objects.values_list("pk", "code"))
    for model, expected in sums.items():
        stored = {
            row[: len(_KEYS[model])]: list(row[len(_KEYS[model]) :])
            for row in model._default_manager.values_list(*_KEYS[model], *_SUMS[model])
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
    moved: list[LineFacts] = []
    for _ in _attributed(posted_facts(), LinkBook.load(), moved):
        pass
    wrong = PurchaseLine.objects.select_related("purchase").in_bulk([line.pk for line in moved[:1000]])
    for line in wrong.values():
        yield f"责任单位不符：{line.purchase.number} 第 {line.position} 行"
    unposted = PurchaseLine.objects.filter(purchase__status="approved", posted=False)
    stray = PurchaseLine.objects.filter(posted=True).exclude(purchase__status="approved")
    for line in unposted.select_related("purchase"):
        yield f"未入账：{line.purchase.number} 第 {line.position} 行已核准但未计入合计"
    for line in stray.select_related("purchase"):
        yield f"多入账：{line.purchase.number} 第 {line.position} 行未核准却计入合计"

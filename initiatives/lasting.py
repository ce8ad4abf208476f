"""Records that last: an outlet, an agreement, a task of several years. They belong to each year from start to end.

What a closed year shows of one stays as it was: that it was there, its facts as they stood at the end of that year, an
end within that year. Where it stands today (its state, its note, an end in a later year) may go on changing.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone

from cixi_xiezuo.dates import FIRST_YEAR, LAST_YEAR
from cixi_xiezuo.errors import Refused
from initiatives.kinds import KINDS, Kind
from initiatives.models import Record, RecordUnit
from units.years import YearLock, closed_words, hold, locked_years, require_open


def lasts(record: Record) -> bool:
    """Does it belong to more than the year that it begins in? A task does by its days."""
    kind = KINDS[record.kind]
    return kind.lasting or (kind.broken_down and over_years(record.starts, record.ends))


def over_years(starts: datetime.date, ends: datetime.date | None) -> bool:
    return ends is not None and ends.year > starts.year


def lives_in(record: Record, year: int) -> bool:
    """The same as `Record.objects.living_in`, asked of one.

    Without an end it goes on while it is in its first state; one that left it without an end keeps its first year.
    """
    kind = KINDS[record.kind]
    if year == record.starts.year or not lasts(record):
        return year == record.starts.year
    if record.ends is not None:
        return record.starts.year <= year <= record.ends.year
    return record.starts.year < year and record.state == kind.first


def open_in(record: Record, year: int) -> bool:
    """Was it still open when the year ended (or is it, in this year)? One that ended later was."""
    ended_later = record.ends is not None and record.ends.year > year
    return record.state == KINDS[record.kind].first or ended_later


def value_at(record: Record, name: str, day: datetime.date) -> Any:
    """A field of the kind's own as it stood on a day."""
    past = [each for each in record.earlier if each["name"] == name and each["until"] >= day.isoformat()]
    return min(past, key=lambda each: each["until"])["value"] if past else record.data.get(name)


def data_in(record: Record, year: int) -> dict[str, Any]:
    """The kind's own fields as they stood at the end of the year."""
    return {name: value_at(record, name, datetime.date(year, 12, 31)) for name in record.data}


def _years(record: Record) -> Iterator[int]:
    """Those that it lives in and that could be closed."""
    last = timezone.localdate().year + 1
    for year in range(max(record.starts.year, FIRST_YEAR), min(last, LAST_YEAR) + 1):
        if lives_in(record, year):
            yield year


def _closed(record: Record) -> dict[int, Any]:
    """What each closed year shows of it; no other change passes the closing of a year until the transaction ends."""
    hold(_years(record))
    return shown_in_closed(record, dict(RecordUnit.objects.filter(record=record).values_list("unit", "part")))


def shown_in_closed(record: Record, parts: dict[int, str]) -> dict[int, Any]:
    """By closed year that it lives in, what that year shows of it; `parts`: by unit (id)."""
    common = (record.title, record.starts, record.region_id, sorted(parts.items()))
    today = {field.name for field in KINDS[record.kind].fields if field.today}

    def data(year: int) -> dict[str, Any]:
        return {name: value for name, value in data_in(record, year).items() if name not in today}

    return {
        year: (*common, data(year), record.ends if _ends_in(record, year) else None)
        for year in _years(record)
        if year in locked_years()
    }


def _ends_in(record: Record, year: int) -> bool:
    return record.ends is not None and record.ends.year <= year


def require_living(record: Record) -> None:
    """Refused where it is over, and all the years that it lived in are closed: then it is as it was, note and papers too."""
    years = set(_years(record))
    if record.ends is not None and record.ends < timezone.localdate() and years <= locked_years():
        require_open(years)


@contextmanager
def closed_years_keep(record: Record, *, new: bool = False) -> Iterator[None]:
    """Around a change of the record, in its transaction: Refused where a closed year would show something else."""
    before = {} if new else _closed(record)
    yield
    if why := moved(before, _closed(record)):
        raise Refused(why)


def moved(before: dict[int, Any], after: dict[int, Any]) -> str:
    """Which closed year would show something else; "" for none."""
    for year in sorted(before.keys() | after.keys()):
        if before.get(year) != after.get(year):
            said = closed_words(YearLock.objects.get(year=year))
            return f"{said}。以后年度的变化，请用“自某日起变更”，或填该年度以后的日期"
    return ""


def kept_at_closing(record: Record, at: datetime.datetime) -> str:
    """Why what was there at the time can't be taken from the record: a year that it lives in was closed since; else ""."""
    hold(_years(record))
    for lock in YearLock.objects.filter(locked=True, year__in=list(_years(record)), locked_at__gte=at):
        return closed_words(lock)
    return ""


def dated(kind: Kind) -> list[tuple[str, str]]:
    """(name, label) of the kind's fields that may change from a day on."""
    return [(field.name, field.label) for field in kind.fields if field.dated]

"""封账: a locked year's figures never change. Every verb that could change a year asks here first."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, models
from django.utils import timezone

from cixi_xiezuo.errors import Refused
from cixi_xiezuo.written import Written

_ADVISORY = 2021_0832
"""The first half of the PostgreSQL advisory lock's key; the year is the second."""


class YearLock(models.Model):
    """A year that is or was closed. The row stays when the year is opened again."""

    year = models.PositiveSmallIntegerField("年度", unique=True)
    locked = models.BooleanField("已封账", default=True)
    locked_by = models.CharField("封账人", max_length=150)
    locked_at = models.DateTimeField("封账时间")

    class Meta:
        verbose_name = "封账"

    def __str__(self) -> str:
        return f"{self.year} 年度{'已封账' if self.locked else '已启封'}"


def hold(years: Iterable[int], *, alone: bool = False) -> None:
    """Until the transaction ends, keep a lock of these years from passing a change of them.

    Changes hold a year together, `alone` waits for all of them (PostgreSQL; SQLite writes one by one anyway).
    """
    if connection.vendor != "postgresql":
        return
    function = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        for year in sorted(set(years)):
            cursor.execute(f"SELECT {function}(%s, %s)", [_ADVISORY, year])


def require_open(years: Iterable[int]) -> None:
    """Raise Refused, saying who closed it and when, if any of the years is locked.

    Call it inside the transaction of the change: the years are held until that ends.
    """
    years = set(years)
    hold(years)
    for year in sorted(years & locked_years()):
        raise Refused(closed_words(YearLock.objects.get(year=year)))


def closed_words(lock: YearLock) -> str:
    """Who closed the year and when, and what to do."""
    return (
        f"{lock.year} 年度已于 {timezone.localtime(lock.locked_at):%Y-%m-%d} 由 {lock.locked_by} 封账，不能再改动；"
        "确需更正，请向市商务局申请启封"
    )


def locked_years() -> set[int]:
    return {year for (year,) in _LOCKED.rows()}


_LOCKED = Written(lambda: YearLock.objects.filter(locked=True).values_list("year"))

"""封账: a locked year's figures never change. Every verb that could change a year asks here first."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from cixi_xiezuo.errors import Refused


class YearLock(models.Model):
    """A year that is closed. The row stays; `opened_at` is set when the year is opened again."""

    year = models.PositiveSmallIntegerField("年度", unique=True)
    locked = models.BooleanField(default=True)
    locked_by = models.CharField("封账人", max_length=150)
    locked_at = models.DateTimeField("封账时间")

    class Meta:
        verbose_name = "封账"


def require_open(years: Iterable[int]) -> None:
    """Raise Refused, saying who closed it and when, if any of the years is locked.

    The lock's row is read with a row lock, so a lock and a change never pass each other.
    """
    for lock in YearLock.objects.select_for_update().filter(year__in=set(years), locked=True):
        raise Refused(
            f"{lock.year} 年度已于 {lock.locked_at:%Y-%m-%d} 由 {lock.locked_by} 封账，不能再改动；"
            "确需更正，请向市商务局申请启封"
        )

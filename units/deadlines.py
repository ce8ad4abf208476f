"""年度基数 are due by a day of their year; whoever files later is late. Figures do not depend on it."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed, Refused

USUAL = (3, 31)
"""Month and day where the bureau has set none."""


class BaseDeadline(models.Model):
    """The last day for a year's bases, where it is not the usual one."""

    year = models.PositiveSmallIntegerField("年度", unique=True)
    day = models.DateField("填报截止日")

    class Meta:
        verbose_name = "基数填报截止日"

    def __str__(self) -> str:
        return f"{self.year} 年度基数 {self.day} 截止"


def deadline_of(year: int) -> datetime.date:
    """One query."""
    return usual(year, day_set(year).first())


def day_set(year: int) -> models.QuerySet[BaseDeadline, datetime.date]:
    """The day the bureau has set, if it has; to be asked for inside another query."""
    return BaseDeadline.objects.filter(year=year).values_list("day", flat=True)


def usual(year: int, day: datetime.date | None) -> datetime.date:
    return day or datetime.date(year, *USUAL)


@transaction.atomic
def set_deadline(year: int, day: datetime.date, *, by: Any) -> BaseDeadline:
    """The bureau says until when a year's bases are to be filed: a day from a quarter before the year to its end."""
    from units.models import Role
    from units.scope import Scope

    if by is not None and not Scope.of(by).has(Role.BUREAU):
        raise NotAllowed("填报截止日由市商务局设定")
    if not datetime.date(year - 1, 10, 1) <= day <= datetime.date(year, 12, 31):
        raise Refused(f"{year} 年度基数的填报截止日应在 {year - 1}-10-01 到 {year}-12-31 之间，不能是 {day}")
    before = deadline_of(year)
    found, _ = BaseDeadline.objects.update_or_create(year=year, defaults={"day": day})
    if before != day:
        audit.record("设定基数截止日", by=by, subject=f"{year} 年度基数", before=before, after=day)
    return found


def days_late(deadline: datetime.date) -> int:
    """How many days ago it was; 0 until it is over."""
    return max(0, (timezone.localdate() - deadline).days)

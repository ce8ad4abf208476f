"""黑名单: suppliers whom the market's offices warn of, each for a period — 第五部分（三）.

It is kept here, below whoever decides on it, so that a purchase's checks can read it. It warns; no figure depends on it.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.db.models import F, OuterRef, Q
from django.utils import timezone

from procurement.models.catalogue import Supplier


class BlacklistingQuerySet(models.QuerySet["Blacklisting"]):
    def of(self, suppliers: Any, credit_codes: Any) -> BlacklistingQuerySet:
        """Entries about these suppliers (ids), or about another name of one of these 统一社会信用代码."""
        return self.filter(Q(supplier__in=suppliers) | Q(supplier__uscc__in=credit_codes))

    def of_supplier(self, outer: str = "") -> BlacklistingQuerySet:
        """Entries about the supplier that a query around this one calls so ("" where its rows are suppliers), or about
        another name of it."""
        same = Q(supplier=OuterRef(outer or "pk"))
        same |= Q(supplier__uscc=OuterRef(f"{outer}__uscc" if outer else "uscc")) & ~Q(supplier__uscc="")
        return self.filter(same)

    def in_force(self, day: datetime.date | OuterRef) -> BlacklistingQuerySet:
        """Those that hold on a day; it may be one of the query around this one."""
        not_lifted = Q(lifted_on=None) | Q(lifted_on__gt=day)
        return self.filter(not_lifted, since__lte=day, until__gte=day)


class Blacklisting(models.Model):
    """`until` is the last day. From `lifted_on` on it holds no more."""

    supplier = models.ForeignKey(
        Supplier, models.PROTECT, related_name="blacklistings", verbose_name="供应商"
    )
    since = models.DateField("自")
    until = models.DateField("至")
    reason = models.TextField("原因")
    clause = models.CharField("依据", max_length=100)
    listed_by = models.CharField("列入人", max_length=150)
    listed_at = models.DateTimeField("列入时间", default=timezone.now)
    lifted_on = models.DateField("移出日期", null=True, blank=True)
    lifted_reason = models.TextField("移出原因", blank=True)

    objects = BlacklistingQuerySet.as_manager()

    class Meta:
        verbose_name = "黑名单"
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="blacklisting_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(lifted_on=None) | ~Q(lifted_reason=""), name="blacklisting_lifted_with_its_reason"
            ),
        ]

    def __str__(self) -> str:
        return str(self.supplier)

    @property
    def last_day(self) -> datetime.date:
        """The last day on which it holds; before `since` where it was lifted before it began."""
        if self.lifted_on is None:
            return self.until
        return min(self.until, self.lifted_on - datetime.timedelta(days=1))

    def covers(self, day: datetime.date) -> bool:
        return self.since <= day <= self.last_day

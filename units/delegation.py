"""委托代办: a reviewer lets a colleague decide for them from one day to another; the trail says 甲代乙."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def in_force(self, day: datetime.date | None = None) -> DelegationQuerySet:
        """Those that hold on a day, today unless told, given by somebody who may still log in."""
        day = day or timezone.localdate()
        return self.filter(since__lte=day, until__gte=day, ended_at=None, giver__is_active=True)


class Delegation(models.Model):
    """`giver` lets `receiver` decide for them, both days included. A row is never deleted."""

    giver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="delegations_given")
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="delegations_received"
    )
    since = models.DateField("起")
    until = models.DateField("止")
    reason = models.CharField("事由", max_length=200, blank=True)
    given_at = models.DateTimeField("委托时间", auto_now_add=True)
    ended_at = models.DateTimeField("终止时间", null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = "委托代办"
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="delegation_to_another"),
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="delegation_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receiver} 代 {self.giver}（{self.since} 至 {self.until}）"

"""A milestone of a task."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Milestone(models.Model):
    """Something of a task that must be reached by `due`; `done_on` and `done_by` once it is."""

    record = models.ForeignKey("initiatives.Record", models.CASCADE, related_name="milestones")
    name = models.CharField("名称", max_length=150)
    due = models.DateField("期限")
    done_on = models.DateField("完成日", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "里程碑"
        ordering = ["due", "pk"]
        indexes = [models.Index(fields=["record", "done_on", "due"], name="milestone_open")]

    def __str__(self) -> str:
        return self.name

"""A milestone of a task, and what is reported of the task each quarter."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from units.models import Unit


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


class ReportState(models.TextChoices):
    FILED = "filed", "已报送"
    RETURNED = "returned", "已退回"


class Report(models.Model):
    """季度进展 of a task: a quarter (1–4) of a year that the task runs in. `unit`: whose people filed it; `reason`: why it was last
    sent back, kept until it is filed again."""

    record = models.ForeignKey("initiatives.Record", models.CASCADE, related_name="reports")
    year = models.PositiveSmallIntegerField("年度")
    quarter = models.PositiveSmallIntegerField("季度")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="报送单位")
    text = models.TextField("进展")
    state = models.CharField("状态", max_length=16, choices=ReportState.choices, default=ReportState.FILED)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    filed_at = models.DateTimeField("报送时间", default=timezone.now)
    reason = models.TextField("退回原因", blank=True)

    class Meta:
        verbose_name = "季度进展"
        ordering = ["year", "quarter"]
        constraints = [
            models.UniqueConstraint(fields=["record", "year", "quarter"], name="report_once_a_quarter"),
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4), name="report_of_a_quarter"),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(reason=""), name="report_returned_with_its_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} 年第{self.quarter}季度进展"

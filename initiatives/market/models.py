"""A complaint about a supplier or a product, from the unit that found it to what the market's offices made of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from procurement.models import Blacklisting, Purchase
from units.models import Unit


class ComplaintSort(models.TextChoices):
    QUALITY = "quality", "质量"
    PRICE = "price", "价格"
    FALSE = "false", "以假乱真、以次充好"
    OTHER = "other", "其他"


class ComplaintState(models.TextChoices):
    FILED = "filed", "待检查"
    INSPECTED = "inspected", "待认定"
    FOUND = "found", "待办结"
    CLOSED = "closed", "已办结"
    DECLINED = "declined", "不予受理"
    WITHDRAWN = "withdrawn", "已撤回"


WAITING = (ComplaintState.FILED, ComplaintState.INSPECTED, ComplaintState.FOUND)
"""With the market's offices."""


class Finding(models.TextChoices):
    UPHELD = "upheld", "属实"
    PARTLY = "partly", "部分属实"
    UNFOUNDED = "unfounded", "不属实"


class Complaint(models.Model):
    """`unit`: whose people complain. `blacklisting`: what came of it, where the supplier was listed for it."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="投诉单位")
    sort = models.CharField("类别", max_length=16, choices=ComplaintSort.choices)
    supplier = models.CharField("供应商", max_length=150)
    product = models.CharField("产品", max_length=150, blank=True)
    purchase = models.ForeignKey(
        Purchase, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="采购"
    )
    happened_on = models.DateField("发现日期")
    text = models.TextField("情况")
    state = models.CharField(
        "状态", max_length=16, choices=ComplaintState.choices, default=ComplaintState.FILED
    )
    inspected_on = models.DateField("检查日期", null=True, blank=True)
    inspection = models.TextField("检查情况", blank=True)
    finding = models.CharField("认定", max_length=16, choices=Finding.choices, blank=True)
    finding_text = models.TextField("认定说明", blank=True)
    outcome = models.TextField("处理结果", blank=True)
    blacklisting = models.ForeignKey(
        Blacklisting, models.PROTECT, null=True, blank=True, related_name="complaints"
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField("投诉时间", default=timezone.now)
    changed_at = models.DateTimeField("最近处理时间", default=timezone.now)

    class Meta:
        verbose_name = "投诉"
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["state"], name="complaint_state")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["found", "closed"]) | ~Q(finding=""),
                name="complaint_found_before_closed",
            ),
        ]

    def __str__(self) -> str:
        return f"投诉 {self.pk}"

    @property
    def waits(self) -> bool:
        return self.state in WAITING

    @property
    def badge(self) -> str:
        """Its state in templatetags/states.py."""
        if self.waits:
            return "case_open"
        return "case_done" if self.state == ComplaintState.CLOSED else "case_dropped"

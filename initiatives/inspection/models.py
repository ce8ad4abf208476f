"""An inspection of a unit or of one of its purchases: questions and answers, the finding, and a wish to take an approval back."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from procurement.models import Purchase
from units.models import Unit


class InspectionState(models.TextChoices):
    ASKED = "asked", "待答复"
    ANSWERED = "answered", "待核查"
    FOUND = "found", "待整改"
    READY = "ready", "待办结"
    CLOSED = "closed", "已办结"
    CANCELLED = "cancelled", "已撤销"


WITH_UNIT = (InspectionState.ASKED, InspectionState.FOUND)
"""The unit must do something by the deadline."""
WITH_OFFICE = (InspectionState.ANSWERED, InspectionState.READY)
OPEN = (*WITH_UNIT, *WITH_OFFICE)


class Outcome(models.TextChoices):
    NONE = "none", "未发现问题"
    PROBLEM = "problem", "发现问题，须整改"


class Inspection(models.Model):
    """`unit`: the one inspected; `deadline`: the last day for what the unit must do now."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="被督查单位")
    purchase = models.ForeignKey(
        Purchase, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="采购"
    )
    title = models.CharField("事项", max_length=150)
    text = models.TextField("情况", blank=True)
    deadline = models.DateField("期限")
    state = models.CharField(
        "状态", max_length=16, choices=InspectionState.choices, default=InspectionState.ASKED
    )
    outcome = models.CharField("结论", max_length=16, choices=Outcome.choices, blank=True)
    finding = models.TextField("结论说明", blank=True)
    rectification = models.TextField("整改情况", blank=True)
    closing = models.TextField("办结意见", blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField("发起时间", default=timezone.now)
    changed_at = models.DateTimeField("最近办理时间", default=timezone.now)

    class Meta:
        verbose_name = "督查"
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["state", "deadline"], name="inspection_state")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["found", "ready", "closed"]) | ~Q(outcome=""),
                name="inspection_found_before_closed",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def days_late(self) -> int:
        """How long the unit is late with what it must do now; 0 where it is not."""
        if self.state not in WITH_UNIT:
            return 0
        return max(0, (timezone.localdate() - self.deadline) // datetime.timedelta(days=1))

    @property
    def badge(self) -> str:
        """Its state in templatetags/states.py."""
        if self.days_late:
            return "late"
        if self.state in WITH_UNIT:
            return "case_asked"
        if self.state in WITH_OFFICE:
            return "case_open"
        return "case_done" if self.state == InspectionState.CLOSED else "case_dropped"


class Question(models.Model):
    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField("次序")
    text = models.TextField("问题")
    answer = models.TextField("答复", blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        verbose_name = "督查问题"
        ordering = ["inspection", "position"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "position"], name="question_position_once")
        ]

    def __str__(self) -> str:
        return f"问题 {self.position}"

    @property
    def unit(self) -> Unit:
        return self.inspection.unit


class RequestState(models.TextChoices):
    ASKED = "asked", "待市商务局处理"
    DONE = "done", "已撤销核准"
    DECLINED = "declined", "未采纳"


class RevocationRequest(models.Model):
    """市对口支援办 asks that an approval be taken back; 市商务局 does it or says why not."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="revocations")
    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="+")
    reason = models.TextField("理由")
    state = models.CharField("状态", max_length=16, choices=RequestState.choices, default=RequestState.ASKED)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField("提出时间", default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("处理时间", null=True, blank=True)
    decision = models.TextField("处理说明", blank=True)

    class Meta:
        verbose_name = "撤销核准建议"
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["purchase"], condition=Q(state="asked"), name="revocation_asked_once_a_purchase"
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(decision=""), name="revocation_declined_with_its_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"撤销核准建议 {self.pk}"

    @property
    def badge(self) -> str:
        done = {RequestState.DONE: "case_done", RequestState.DECLINED: "case_dropped"}
        return done.get(RequestState(self.state), "case_open")

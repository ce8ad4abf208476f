"""The plan's work that is not buying: one record, many kinds. What a kind adds lies in `data`, by its fields.

A record has no amount of its own: its amount is always that of the purchases linked to it (`amounts`).
"""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from initiatives import rights
from initiatives.funds.models import (
    Application,
    ApplicationPurchase,
    ApplicationRecord,
    Decision,
    Payment,
    Scheme,
)
from initiatives.inspection.models import Inspection, Question, RevocationRequest
from initiatives.kinds import KINDS
from initiatives.market.models import Complaint
from initiatives.paper import Paper
from initiatives.progress.models import Milestone, Report
from initiatives.publicity.models import Story
from initiatives.scoring.models import Criterion, Entry, KeptSheet, ScoreTable
from procurement.models import Purchase, Region
from procurement.models.receipt import StoredFile
from units.models import Unit
from units.scope import Scope

__all__ = [
    "Application",
    "ApplicationPurchase",
    "ApplicationRecord",
    "Complaint",
    "Criterion",
    "Decision",
    "Entry",
    "Evidence",
    "Inspection",
    "KeptSheet",
    "Milestone",
    "Paper",
    "Part",
    "Payment",
    "Question",
    "Record",
    "RecordPurchase",
    "RecordUnit",
    "Report",
    "RevocationRequest",
    "Scheme",
    "ScoreTable",
    "Story",
]


BROKEN_DOWN = [kind.slug for kind in KINDS.values() if kind.broken_down]


class Part(models.TextChoices):
    LEAD = "lead", "牵头"
    RESPONSIBLE = "responsible", "责任"
    SUPPORT = "support", "配合"


class RecordQuerySet(models.QuerySet["Record"]):
    def visible_to(self, user: Any) -> RecordQuerySet:
        """Records of the units in the person's scope, those in which a unit of theirs has a part, and the sub-tasks
        of both."""
        scope = Scope.of(user)
        if scope.everything:
            return self
        units = scope.visible().values("pk")
        taking_part = RecordUnit.objects.filter(unit__in=rights.offices(scope)).values("record")
        above = Q(parent__unit__in=units) | Q(parent__in=taking_part)
        return self.filter(Q(unit__in=units) | Q(pk__in=taking_part) | above)

    def living_in(self, year: int) -> RecordQuerySet:
        """Those of the year: begun in it or, of what lasts, begun before and not over (`lasting.lives_in`)."""
        goes_on = Q(ends__gte=datetime.date(year, 1, 1))
        for kind in KINDS.values():
            goes_on |= Q(ends__isnull=True, kind=kind.slug, state=kind.first)
        slugs = [kind.slug for kind in KINDS.values() if kind.lasting]
        before = Q(goes_on, kind__in=slugs) | Q(ends__gte=datetime.date(year, 1, 1), kind__in=BROKEN_DOWN)
        return self.filter(Q(year=year) | Q(before, year__lt=year))

    def editable_by(self, user: Any) -> RecordQuerySet:
        """Records of the person's units; tasks that a unit of theirs leads; and the sub-tasks of both."""
        mine = rights.recordable(user).values("pk")
        led = RecordUnit.objects.filter(unit__in=mine, part=Part.LEAD, record__kind__in=BROKEN_DOWN)
        leading = led.values("record")
        above = Q(parent__unit__in=mine) | Q(parent__in=leading)
        return self.filter(Q(unit__in=mine) | Q(pk__in=leading) | above)


class Record(models.Model):
    """`kind` and `state` are words of `kinds`; `year` is that of `starts`. `parent`: the task of which it is a sub-task.

    `earlier`: what its own fields were before they changed from a day on: {name, value, until (ISO)}.
    """

    kind = models.CharField("类别", max_length=24, db_index=True)
    year = models.PositiveSmallIntegerField("年度")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级任务"
    )
    title = models.CharField("名称", max_length=150)
    starts = models.DateField("开始日期")
    ends = models.DateField("结束日期", null=True, blank=True)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="地区"
    )
    state = models.CharField("状态", max_length=16)
    note = models.TextField("说明", blank=True)
    data = models.JSONField("内容", default=dict)
    earlier = models.JSONField("此前的内容", default=list)
    version = models.PositiveIntegerField(default=1)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = "工作记录"
        ordering = ["-starts", "-pk"]
        indexes = [models.Index(fields=["kind", "year"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="record_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return self.title


class RecordUnit(models.Model):
    """Who takes part, and as what: 牵头, 责任 or 配合."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="parts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    part = models.CharField("分工", max_length=16, choices=Part.choices)

    class Meta:
        ordering = ["part", "unit__code"]
        constraints = [models.UniqueConstraint(fields=["record", "unit"], name="record_unit_once")]


class RecordPurchase(models.Model):
    """A purchase that came of the record. Within a kind a purchase belongs to one record: no amount counts twice."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="links")
    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24)
    month = models.DateField(null=True, blank=True)
    """The first day of the month whose sales an outlet reported with this purchase."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "purchase"], name="record_purchase_once_a_kind"),
            models.UniqueConstraint(fields=["record", "month"], name="record_month_once"),
        ]


class Evidence(models.Model):
    """A file kept with a record: a photo, minutes, a signed sheet. Its bytes are in the receipts' private store."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="evidence")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField("文件名", max_length=200)
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["record", "file"], name="record_file_once")]

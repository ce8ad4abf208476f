"""A year's criteria, what 市商务局 entered for a unit, and the sheet as it was when the year was closed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from units.models import Unit

WHOLE = 100_00
"""100 points, in hundredths."""


class Measure(models.TextChoices):
    COMPLETION = "completion", "系统计算：目标完成率"
    TIMELINESS = "timeliness", "系统计算：年度基数按时填报"
    QUALITY = "quality", "系统计算：采购数据质量"
    TASKS = "tasks", "系统计算：任务按时完成"
    ENTERED = "entered", "市商务局评定：得分"
    DEDUCTION = "deduction", "市商务局评定：扣分"


COMPUTED = (Measure.COMPLETION, Measure.TIMELINESS, Measure.QUALITY, Measure.TASKS)


class ScoreTable(models.Model):
    """A year's criteria once they were saved. `example`: nobody has said yet that they are the official ones."""

    year = models.PositiveSmallIntegerField("年度", unique=True)
    example = models.BooleanField("示例", default=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField("保存时间", default=timezone.now)

    class Meta:
        verbose_name = "考核指标"

    def __str__(self) -> str:
        return f"{self.year} 年度考核指标"


class Criterion(models.Model):
    """`full`: the most it gives, or takes where it is a deduction, in hundredths of a point."""

    table = models.ForeignKey(ScoreTable, models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField("次序")
    name = models.CharField("指标", max_length=50)
    measure = models.CharField("得分方式", max_length=16, choices=Measure.choices)
    full = models.PositiveIntegerField("满分")
    about = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = "考核指标项"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["table", "name"], name="criterion_name_once_a_year"),
            models.CheckConstraint(
                condition=Q(full__gt=0) & Q(full__lte=WHOLE), name="criterion_full_in_range"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Entry(models.Model):
    """What 市商务局 gives (or takes, for a deduction) a unit for a criterion, with the reason."""

    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="entries")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    points = models.PositiveIntegerField("分数")
    reason = models.TextField("理由")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField("评定时间", default=timezone.now)

    class Meta:
        verbose_name = "考核评定"
        constraints = [
            models.UniqueConstraint(fields=["criterion", "unit"], name="score_entry_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="score_entry_has_a_reason"),
        ]


class KeptSheet(models.Model):
    """The whole sheet as it was at 封账, of the snapshot's version; a row is never changed. `digest` is the SHA-256 of
    `content`, and stands in the trail too."""

    year = models.PositiveSmallIntegerField("年度")
    version = models.PositiveSmallIntegerField("封账版本")
    content = models.TextField("内容")
    digest = models.CharField("校验值", max_length=64)
    kept_at = models.DateTimeField("留存时间", default=timezone.now)

    class Meta:
        verbose_name = "封账评分"
        constraints = [models.UniqueConstraint(fields=["year", "version"], name="kept_sheet_version_once")]

    def __str__(self) -> str:
        return f"{self.year} 年度封账评分第 {self.version} 版"

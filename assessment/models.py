"""What the plan asks of a year: the policy and its rules as data, each with its clause."""

from __future__ import annotations

from django.db import models

from cixi_xiezuo.money import MoneyField
from procurement.models import YearTerms


class PolicyStatus(models.TextChoices):
    DRAFT = "draft", "草拟"
    IN_FORCE = "in_force", "执行"
    SEALED = "sealed", "封存"


class Policy(models.Model):
    """One year's plan. `terms` (pairings, holidays) are kept with purchases, which are read by them."""

    year = models.PositiveSmallIntegerField("年度", unique=True)
    title = models.CharField("标题", max_length=200)
    document_numbers = models.CharField("文号", max_length=200, blank=True)
    status = models.CharField("状态", max_length=16, choices=PolicyStatus.choices, default=PolicyStatus.DRAFT)
    terms = models.OneToOneField(YearTerms, models.PROTECT, related_name="policy", verbose_name="年度口径")

    class Meta:
        verbose_name = "年度政策"
        verbose_name_plural = "年度政策"
        ordering = ["-year"]

    def __str__(self) -> str:
        return self.title


class RuleKind(models.TextChoices):
    CITY_TOTAL = "city_total", "全市总额"
    DEPT_TOWN_TOTAL = "dept_town_total", "部门与镇街"
    CANTEEN_SHARE = "canteen_share", "食堂采购占比"
    UNION_HOLIDAY_SHARE = "union_holiday_share", "工会节日慰问占比"
    UNION_WELFARE_CAP = "union_welfare_cap", "工会福利限额"
    FINANCIAL_SHARE = "financial_share", "金融机构占比"


class Rule(models.Model):
    """One rule of a policy: thresholds, the readings marked as parameters, and the sentence it comes from.

    `amount` is in 元 (a total, or 元 a head for the welfare cap); `percent` has up to two decimals.
    `organisers`: [{"kinds": […], "unit": name, "duty": "组织" …}], who organises which kinds of unit.
    """

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="rules")
    kind = models.CharField("规则", max_length=32, choices=RuleKind.choices)
    position = models.PositiveSmallIntegerField("次序", default=0)
    title = models.CharField("名称", max_length=100)
    subject_kinds = models.JSONField("适用单位类别", default=list)
    amount = MoneyField("金额", null=True, blank=True)
    percent = models.DecimalField("比例（%）", max_digits=5, decimal_places=2, null=True, blank=True)
    parameters = models.JSONField("口径参数", default=dict)
    lead = models.CharField("牵头单位", max_length=200, blank=True)
    organisers = models.JSONField("组织单位", default=list)
    clause = models.CharField("条款", max_length=100)
    quote = models.TextField("原文")

    class Meta:
        verbose_name = "规则"
        ordering = ["policy", "position"]
        constraints = [models.UniqueConstraint(fields=["policy", "kind"], name="rule_once_a_policy")]

    def __str__(self) -> str:
        return f"{self.policy.year} {self.title}"


class Snapshot(models.Model):
    """封账: a year as it was closed. Versions count up; a row is never changed.

    `content` is the canonical text whose SHA-256 is `digest`: policy, confirmed bases, all standings, and the
    numbers and amounts of the lines in play.
    """

    year = models.PositiveSmallIntegerField("年度")
    version = models.PositiveSmallIntegerField("版本")
    content = models.TextField("内容")
    digest = models.CharField("校验值", max_length=64)
    reason = models.TextField("说明", blank=True)
    taken_by = models.CharField("封账人", max_length=150)
    taken_at = models.DateTimeField("封账时间")

    class Meta:
        verbose_name = "封账快照"
        ordering = ["-year", "-version"]
        constraints = [models.UniqueConstraint(fields=["year", "version"], name="snapshot_version_once")]

    def __str__(self) -> str:
        return f"{self.year} 年度封账第 {self.version} 版"


class Opening(models.Model):
    """启封: a request to open a locked year and what became of it."""

    year = models.PositiveSmallIntegerField("年度")
    version = models.PositiveSmallIntegerField("对应封账版本")
    reason = models.TextField("申请原因")
    asked_by = models.CharField("申请人", max_length=150)
    asked_at = models.DateTimeField("申请时间")
    granted = models.BooleanField("同意", null=True)
    decided_by = models.CharField("决定人", max_length=150, blank=True)
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    answer = models.TextField("答复", blank=True)

    class Meta:
        verbose_name = "启封申请"
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"{self.year} 年度启封申请"


class BaseEvidence(models.Model):
    """依据: a document behind a unit's 年度基数 (budget approval, list of members), kept like a receipt; never removed."""

    base = models.ForeignKey("units.YearBase", models.CASCADE, related_name="evidence")
    file = models.ForeignKey("procurement.StoredFile", models.PROTECT, related_name="+")
    name = models.CharField("文件名", max_length=200)
    uploaded_by = models.CharField("上传人", max_length=150)
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        verbose_name = "基数依据"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["base", "file"], name="base_evidence_once")]

    def __str__(self) -> str:
        return self.name

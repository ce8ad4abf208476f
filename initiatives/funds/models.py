"""A scheme and its budget, an application and its evidence, what two offices decided, what was paid. All amounts are 分."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cixi_xiezuo.money import MoneyField
from procurement.models import Purchase
from units.models import Unit


class Scheme(models.Model):
    """`opens` and `closes`: first and last day of applying. `most`: the most that one application may be granted."""

    year = models.PositiveSmallIntegerField("年度")
    name = models.CharField("名称", max_length=100)
    rules = models.TextField("实施细则")
    clause = models.CharField("依据", max_length=100)
    budget = MoneyField("年度预算")
    most = MoneyField("单个申请最高额", null=True, blank=True)
    opens = models.DateField("申请开始")
    closes = models.DateField("申请截止")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("建立时间", default=timezone.now)

    class Meta:
        verbose_name = "扶持政策"
        ordering = ["-year", "opens", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["year", "name"], name="scheme_once_a_year"),
            models.CheckConstraint(condition=Q(budget__gt=0), name="scheme_has_a_budget"),
            models.CheckConstraint(condition=Q(closes__gte=F("opens")), name="scheme_closes_after_it_opens"),
            models.CheckConstraint(
                condition=Q(most__isnull=True) | Q(most__gt=0), name="scheme_most_is_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ApplicationState(models.TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待审定"
    APPROVED = "approved", "待拨付"
    PAID = "paid", "已拨付"
    DECLINED = "declined", "未通过"
    WITHDRAWN = "withdrawn", "已撤回"
    RESCINDED = "rescinded", "已撤销"


GRANTED = (ApplicationState.APPROVED, ApplicationState.PAID, ApplicationState.RESCINDED)
"""What takes from the budget; a rescinded one only what was paid before."""
PUBLIC = (ApplicationState.APPROVED, ApplicationState.PAID)
"""On the publicity list."""


class Application(models.Model):
    """`granted`: the amount both offices agreed to; of a rescinded one what had been paid."""

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="applications", verbose_name="扶持政策")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="申请单位")
    title = models.CharField("项目名称", max_length=150)
    text = models.TextField("申请理由")
    requested = MoneyField("申请金额")
    granted = MoneyField("审定金额", null=True, blank=True)
    state = models.CharField(
        "状态", max_length=16, choices=ApplicationState.choices, default=ApplicationState.DRAFT
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField("建立时间", default=timezone.now)
    decided_at = models.DateTimeField("审定时间", null=True, blank=True)
    changed_at = models.DateTimeField("最近办理时间", default=timezone.now)

    class Meta:
        verbose_name = "资金申请"
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["state"], name="application_state")]
        constraints = [
            models.CheckConstraint(condition=Q(requested__gt=0), name="application_asks_for_something"),
            models.CheckConstraint(
                condition=Q(granted__isnull=True) | Q(granted__gte=0, granted__lte=F("requested")),
                name="application_granted_within_requested",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "paid", "rescinded"]) | Q(granted__isnull=False),
                name="application_approved_with_an_amount",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def badge(self) -> str:
        """Its state in templatetags/states.py."""
        badges = {
            ApplicationState.DRAFT: "draft",
            ApplicationState.SUBMITTED: "submitted",
            ApplicationState.APPROVED: "approved",
            ApplicationState.PAID: "case_done",
            ApplicationState.DECLINED: "case_dropped",
            ApplicationState.WITHDRAWN: "case_dropped",
            ApplicationState.RESCINDED: "revoked",
        }
        return badges[ApplicationState(self.state)]


class ApplicationPurchase(models.Model):
    """A purchase as evidence. While `live` no other application has it: an amount supports one application once."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="links")
    purchase = models.ForeignKey(Purchase, models.PROTECT, related_name="+")
    live = models.BooleanField(default=True)

    class Meta:
        verbose_name = "申请依据的采购"
        constraints = [
            models.UniqueConstraint(
                fields=["purchase"], condition=Q(live=True), name="purchase_supports_one_application"
            ),
            models.UniqueConstraint(fields=["application", "purchase"], name="application_purchase_once"),
        ]


class ApplicationRecord(models.Model):
    """A base or an agreement (认领与协议) as evidence; it adds no amount, its purchases are linked themselves."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="record_links")
    record = models.ForeignKey("initiatives.Record", models.PROTECT, related_name="+")
    live = models.BooleanField(default=True)

    class Meta:
        verbose_name = "申请依据的基地或协议"
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=Q(live=True), name="record_supports_one_application"
            ),
            models.UniqueConstraint(fields=["application", "record"], name="application_record_once"),
        ]


class Office(models.TextChoices):
    COMMERCE = "commerce", "市商务局"
    FINANCE = "finance", "市财政局"


class Decision(models.Model):
    """What one of the two offices decided."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="decisions")
    office = models.CharField("部门", max_length=16, choices=Office.choices)
    agreed = models.BooleanField("同意")
    amount = MoneyField("同意金额", null=True, blank=True)
    reason = models.TextField("意见", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = "审定意见"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "office"], name="decision_once_an_office"),
            models.CheckConstraint(
                condition=Q(agreed=True, amount__gt=0) | Q(agreed=False) & ~Q(reason=""),
                name="decision_with_an_amount_or_a_reason",
            ),
        ]


class Payment(models.Model):
    application = models.ForeignKey(Application, models.PROTECT, related_name="payments")
    paid_on = models.DateField("拨付日期")
    amount = MoneyField("拨付金额")
    voucher = models.CharField("凭证号", max_length=64)
    note = models.CharField("备注", max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField("登记时间", default=timezone.now)

    class Meta:
        verbose_name = "拨付记录"
        ordering = ["paid_on", "pk"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="payment_is_positive")]

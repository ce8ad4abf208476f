"""One act of buying and its lines. Use, origin and amount stand on the line."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum

from cixi_xiezuo.money import MoneyField
from cixi_xiezuo.written import Written
from procurement.choices import LIVE, Channel, Holiday, Status, Use
from procurement.routes import turn_of
from units.models import Unit
from units.scope import Scope


def touched_by(user: Any) -> Q:
    """Purchases that the person recorded, changed or submitted: somebody else must decide on these."""
    return touched_by_any([user.pk])


def touched_by_any(people: Any) -> Q:
    """The same of several people, by their ids or a subquery."""
    hands = Purchase.changed_by.through.objects.filter(user__in=people).values("purchase")
    return Q(recorded_by__in=people) | Q(submitted_by__in=people) | Q(pk__in=hands)


def touched_one(purchase: int, person: int) -> bool:
    """The same of one purchase and one person (ids), asked quickly."""
    return bool(_TOUCHED.rows(purchase, person))


_TOUCHED = Written(
    lambda purchase, person: (
        Purchase.objects.filter(touched_by_any([person]), pk=purchase).order_by().values_list("pk")
    )
)


class PurchaseQuerySet(models.QuerySet["Purchase"]):
    def visible_to(self, user: Any) -> PurchaseQuerySet:
        """Purchases of the units in the person's scope. Everything shown to a person starts here."""
        scope = Scope.of(user)
        return self if scope.everything else self.filter(unit__in=scope.visible())

    def editable_by(self, user: Any) -> PurchaseQuerySet:
        return self.filter(unit__in=Scope.of(user).recordable())

    def reviewable_by(self, user: Any) -> PurchaseQuerySet:
        """Submitted purchases whose next step is the person's: never one they had a hand in themselves."""
        return self.filter(turn_of(user), status=Status.SUBMITTED).exclude(touched_by(user))

    def with_total(self) -> PurchaseQuerySet:
        """Adds `claimed_total` and `recognised_total` (Decimal 元, None without lines).

        Each row's own sum, so that a page of fifty adds up fifty purchases, however many there are.
        """
        return self.annotate(claimed_total=_line_sum("amount"), recognised_total=_line_sum("recognised"))


def _line_sum(field: str) -> models.Subquery:
    lines = PurchaseLine.objects.filter(purchase=models.OuterRef("pk")).order_by().values("purchase")
    return models.Subquery(lines.annotate(total=Sum(field)).values("total"), output_field=MoneyField())


class Purchase(models.Model):
    number = models.CharField("采购编号", max_length=64, unique=True)
    unit = models.ForeignKey(  # its index is the one with the date
        Unit, models.PROTECT, related_name="purchases", db_index=False, verbose_name="单位"
    )
    status = models.CharField("状态", max_length=16, choices=Status.choices, default=Status.DRAFT)
    purchase_date = models.DateField("采购日期", null=True, blank=True)
    invoice_date = models.DateField("开票日期", null=True, blank=True)
    date = models.DateField("计入日期", null=True, blank=True, help_text="开票日期，无则采购日期")
    supplier = models.ForeignKey(
        "procurement.Supplier",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,  # its index is the one with the date
        verbose_name="供应商",
    )
    channel = models.CharField("采购渠道", max_length=16, choices=Channel.choices, blank=True)
    original = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="refunds", verbose_name="原采购"
    )
    note = models.TextField("备注", blank=True)
    returned_reason = models.TextField("退回原因", blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    changed_by = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name="经手人")
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    first_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="初审人",
    )
    first_at = models.DateTimeField("初审时间", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("审核时间", null=True, blank=True)
    doubts = models.PositiveSmallIntegerField(
        "疑点数", default=0, help_text="提交时的疑点数，供审核队列筛选；审核页面上的疑点总是现查的"
    )
    answers = models.JSONField(
        "疑点说明", default=dict, blank=True, help_text="疑点（见 doubts.keyed）→ 疑点原文、说明、说明人"
    )
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = PurchaseQuerySet.as_manager()

    class Meta:
        verbose_name = "采购"
        ordering = ["-date", "-pk"]
        indexes = [
            models.Index(fields=["unit", "status", "date"]),
            models.Index(fields=["status", "submitted_at"]),
            models.Index(fields=["unit", "date"]),
            models.Index(fields=["supplier", "date"]),
            models.Index(fields=["date", "id"]),  # the order of the list
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=sorted(LIVE))
                | Q(date__isnull=False, supplier__isnull=False) & ~Q(channel=""),
                name="purchase_complete_when_submitted",
            ),
            models.CheckConstraint(
                condition=Q(original__isnull=True) | ~Q(original=F("id")),
                name="purchase_is_not_its_own_refund",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_refund(self) -> bool:
        return self.original_id is not None

    @property
    def live(self) -> bool:
        return self.status in LIVE

    def effective_date(self) -> datetime.date | None:
        """The day a line counts on: 开票日期, else 采购日期 (docs/rules.md)."""
        return self.invoice_date or self.purchase_date


class PurchaseLine(models.Model):
    """One line. Amounts are tax-inclusive; a refund's are negative.

    `posted` lines are those of an approved purchase: they are complete, carry who answers for them,
    and are exactly the lines the tallies hold.
    """

    purchase = models.ForeignKey(Purchase, models.CASCADE, related_name="lines", db_index=False)
    position = models.PositiveIntegerField("行号")
    use = models.CharField("用途", max_length=16, choices=Use.choices, blank=True)
    holiday = models.CharField("法定节日", max_length=16, choices=Holiday.choices, blank=True)
    region = models.ForeignKey(
        "procurement.Region", models.PROTECT, null=True, blank=True, verbose_name="产地"
    )
    product_name = models.CharField("产品名称", max_length=200, blank=True)
    product = models.ForeignKey("procurement.Product", models.PROTECT, null=True, blank=True)
    quantity = models.DecimalField("数量", max_digits=20, decimal_places=6, null=True, blank=True)
    measure = models.CharField("计量单位", max_length=20, blank=True)
    amount = MoneyField("申报金额")
    overlap = MoneyField("其中已登记金额", default=Decimal("0.00"))
    recognised = MoneyField("核定金额", null=True, blank=True)
    recognised_reason = models.CharField("核减原因", max_length=200, blank=True)
    posted = models.BooleanField("已入账", default=False)
    subject = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    responsible = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="责任单位"
    )

    class Meta:
        verbose_name = "采购明细"
        ordering = ["purchase_id", "position"]
        indexes = [
            models.Index(
                fields=["purchase", "recognised"], name="line_sums"
            ),  # a unit's year, without the lines
            models.Index(fields=["product_name", "id"], name="line_product"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["purchase", "position"], name="line_position_once"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, overlap__gte=0, overlap__lte=F("amount"))
                | Q(amount__lt=0, overlap__lte=0, overlap__gte=F("amount")),
                name="line_overlap_within_amount",
            ),
            models.CheckConstraint(
                condition=Q(overlap=0) | Q(use__in=["", Use.COMMERCE]), name="line_overlap_only_for_commerce"
            ),
            models.CheckConstraint(
                condition=Q(recognised__isnull=True)
                | Q(amount__gt=0, recognised__gte=F("overlap"), recognised__lte=F("amount"))
                | Q(amount__lt=0, recognised=F("amount")),
                name="line_recognised_within_amount",
            ),
            models.CheckConstraint(
                condition=Q(holiday="") | Q(use=Use.UNION_HOLIDAY), name="line_holiday_only_for_holiday_gifts"
            ),
            models.CheckConstraint(
                condition=Q(posted=False)
                | Q(region__isnull=False, recognised__isnull=False, subject__isnull=False)
                & ~Q(use="")
                & (~Q(use=Use.UNION_HOLIDAY) | ~Q(holiday="")),
                name="line_complete_when_posted",
            ),
        ]

    @property
    def figure(self) -> Decimal:
        """What the figures use, 元: the recognised amount, until then the claimed one."""
        return self.amount if self.recognised is None else self.recognised


class NumberSeries(models.Model):
    """The last number given to a unit's purchases in a year; its row lock hands out the next."""

    unit = models.ForeignKey(Unit, models.CASCADE)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "year"], name="number_series_once")]

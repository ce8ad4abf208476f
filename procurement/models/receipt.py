"""票据: the proof of a purchase, and the bytes behind it, stored once by content."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from procurement.choices import CheckResult, Reading, ReceiptKind, Scan
from units.models import Unit
from units.scope import Scope


class StoredFile(models.Model):
    """Original bytes, untouched, in private storage under their SHA-256."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    stored_at = models.DateTimeField(auto_now_add=True)
    scan = models.CharField("病毒扫描", max_length=16, choices=Scan.choices, default=Scan.WAITING)
    virus = models.CharField("病毒", max_length=100, blank=True)
    scanned_at = models.DateTimeField("扫描时间", null=True, blank=True)

    @property
    def closed(self) -> str:
        """Why the file may be neither read nor shown nor handed out; "" where it may."""
        if self.scan == Scan.INFECTED:
            return f"文件含有病毒（{self.virus}），已停用；请删除，用杀毒软件检查电脑，并向对方重新索取原文件"
        if self.scan == Scan.WAITING and settings.CLAMAV_ADDRESS:
            return "待扫描：病毒扫描服务暂时没有应答，稍后自动重试，在此之前不能查看或下载"
        return ""


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    def visible_to(self, user: Any) -> ReceiptQuerySet:
        scope = Scope.of(user)
        return self if scope.everything else self.filter(unit__in=scope.visible())


class Receipt(models.Model):
    """A receipt of a unit; `purchase` is empty while it waits in the inbox: to be read, or to be put with a purchase.

    `together` is the sentence why the system put it where it is, or why it could not decide; empty where a person
    did. `settled`: a person took it back to the inbox, and the system leaves it there.

    `identity` is 发票代码+发票号码 (or the 20-digit number), normalised; while `live`, that is while its
    purchase is submitted or approved, no other receipt in the whole system may hold the same one.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    purchase = models.ForeignKey(
        "procurement.Purchase", models.CASCADE, null=True, blank=True, related_name="receipts"
    )
    kind = models.CharField("票据类别", max_length=16, choices=ReceiptKind.choices, default=ReceiptKind.OTHER)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="receipts", db_index=False
    )
    name = models.CharField("文件名", max_length=200, blank=True)
    invoice_code = models.CharField("发票代码", max_length=20, blank=True)
    invoice_number = models.CharField("发票号码", max_length=30, blank=True)
    identity = models.CharField(max_length=50, blank=True, db_index=True)
    live = models.BooleanField(default=False)
    red_of = models.CharField("对应蓝字发票", max_length=50, blank=True, help_text="红字发票所冲销的发票")
    reading = models.CharField("识别", max_length=16, choices=Reading.choices, default=Reading.NONE)
    data = models.JSONField("识别结果", default=dict, encoder=DjangoJSONEncoder)
    together = models.CharField("归集说明", max_length=200, blank=True)
    settled = models.BooleanField("由人归放", default=False)
    check_result = models.CharField(
        "查验", max_length=16, choices=CheckResult.choices, default=CheckResult.UNCHECKED
    )
    checked_by = models.CharField("查验人", max_length=150, blank=True)
    checked_at = models.DateTimeField("查验时间", null=True, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = "票据"
        ordering = ["pk"]
        indexes = [  # numbers by their beginning, whatever the database's order of letters
            models.Index(fields=["invoice_number"], name="receipt_number", opclasses=["varchar_pattern_ops"]),
            # of the few that have one: told how many have none, SQLite would read every receipt instead
            models.Index(fields=["red_of"], name="receipt_red", condition=~Q(red_of="")),
            models.Index(fields=["file"], name="receipt_file", condition=Q(file__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["identity"],
                condition=Q(live=True) & ~Q(identity=""),
                name="receipt_invoice_counts_once",
            ),
            models.UniqueConstraint(
                fields=["purchase", "identity"],
                condition=~Q(identity=""),
                name="receipt_invoice_once_in_a_purchase",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.identity or f"票据 {self.pk}"

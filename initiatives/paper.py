"""A file kept with a case (a complaint, an answer, an application). Its bytes are in the receipts' private store."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from initiatives.market.models import Complaint
from procurement.models import StoredFile


class Paper(models.Model):
    """It is with exactly one case."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, null=True, blank=True, related_name="papers")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField("文件名", max_length=200)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        verbose_name = "材料"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "file"], name="paper_once_a_complaint"),
        ]

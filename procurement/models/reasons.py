"""Why purchases go back: what a reviewer may choose from, besides what they type."""

from __future__ import annotations

from django.db import models


class ReturnReason(models.Model):
    text = models.CharField("退回原因", max_length=200, unique=True)
    position = models.PositiveSmallIntegerField("次序")

    class Meta:
        verbose_name = "常用退回原因"
        ordering = ["position"]

    def __str__(self) -> str:
        return self.text

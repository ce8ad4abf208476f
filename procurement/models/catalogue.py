"""Suppliers and products as they are named on receipts; either may carry a recognition (认定)."""

from __future__ import annotations

from django.db import models


class Recognised(models.Model):
    """认定编号 and its 有效期."""

    recognition_number = models.CharField("认定编号", max_length=50, blank=True)
    recognised_until = models.DateField("认定有效期至", null=True, blank=True)

    class Meta:
        abstract = True


class Supplier(Recognised):
    name = models.CharField("供应商", max_length=150, unique=True)
    uscc = models.CharField("统一社会信用代码", max_length=20, blank=True, db_index=True)

    class Meta:
        ordering = ["name"]
        verbose_name = "供应商"

    def __str__(self) -> str:
        return self.name


class Product(Recognised):
    name = models.CharField("产品名称", max_length=150, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name = "产品"

    def __str__(self) -> str:
        return self.name

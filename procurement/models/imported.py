"""A workbook that a person uploaded, and how far it has come: looked through, shown, carried out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from cixi_xiezuo.jobs.models import Job
from procurement.models.receipt import StoredFile


class ImportState(models.TextChoices):
    CHECKING = "checking", "预检中"
    READY = "ready", "待确认"
    WRONG = "wrong", "有问题"
    APPLYING = "applying", "导入中"
    DONE = "done", "已导入"
    DROPPED = "dropped", "已放弃"


OPEN = (ImportState.CHECKING, ImportState.READY, ImportState.WRONG, ImportState.APPLYING)


class ImportQuerySet(models.QuerySet["Import"]):
    def of(self, user: Any) -> ImportQuerySet:
        """A person's own. What was imported is on the trail for those who may read it."""
        return self.filter(owner=user.pk)


class Import(models.Model):
    """`kind`: a slug of `imports.kinds.KINDS`. `preview`: what the dry run found, as the page shows it.

    `digest`: of the changes previewed; what is carried out must come to the same. `job`: the work at hand or last
    done. `follows`: the import whose problems this corrected workbook answers.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField("类别", max_length=20)
    options = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField("文件名", max_length=200)
    state = models.CharField("状态", max_length=10, choices=ImportState.choices, default=ImportState.CHECKING)
    preview = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    digest = models.CharField(max_length=64, blank=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    follows = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField("上传时间", auto_now_add=True)
    done_at = models.DateTimeField("导入时间", null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = "导入"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["owner", "state"])]

    def __str__(self) -> str:
        return self.name

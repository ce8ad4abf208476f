"""One piece of work that waits, is being done, or was given up. What is done has no row."""

from __future__ import annotations

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone


class Errand(models.Model):
    """`task`: the Celery task's name, `args` its arguments; not begun before `due_at`. `claim`: who is at it, or ""."""

    task = models.CharField("工作", max_length=100)
    args: models.JSONField[Any, Any] = models.JSONField("内容", default=list, encoder=DjangoJSONEncoder)
    due_at = models.DateTimeField("下次执行", default=timezone.now)
    attempts = models.PositiveSmallIntegerField("已试次数", default=0)
    claim = models.CharField(max_length=32, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    dead = models.BooleanField("已放弃", default=False)
    error = models.CharField("原因", max_length=300, blank=True)
    created_at = models.DateTimeField("提交时间", auto_now_add=True)

    class Meta:
        db_table = "errand"
        verbose_name = "后台工作"
        ordering = ["pk"]
        indexes = [models.Index(fields=["dead", "due_at"])]

    def __str__(self) -> str:
        return f"{self.task} {', '.join(map(str, self.args))}"

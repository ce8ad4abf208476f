"""The row that says what is to be done, for whom, and what came of it: the message to the worker only points at it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class State(models.TextChoices):
    WAITING = "waiting", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "没有完成"


PENDING = (State.WAITING, State.RUNNING)


class JobQuerySet(models.QuerySet["Job"]):
    def of(self, user: Any) -> JobQuerySet:
        """A person's own. Nobody sees another's."""
        return self.filter(owner=user.pk)


class Job(models.Model):
    """`params`: what the handler needs; `words`: what came of it, or why nothing did; `url`: where to look at it.

    `file`: the path of its result in the `work` storage, until `kept_until`. `claim`: who is at it.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=50)
    title = models.CharField("任务", max_length=200)
    params = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    words = models.TextField("结果", blank=True)
    url = models.CharField(max_length=200, blank=True)
    file = models.CharField(max_length=200, blank=True)
    file_name = models.CharField("文件名", max_length=200, blank=True)
    size = models.PositiveBigIntegerField("大小", default=0)
    claim = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField("提交时间", auto_now_add=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    kept_until = models.DateTimeField("保留至", null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        db_table = "job"
        verbose_name = "任务"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["owner", "state"])]

    def __str__(self) -> str:
        return self.title

    @property
    def pending(self) -> bool:
        return self.state in PENDING

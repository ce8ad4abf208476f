"""A story: a short article of a unit with pictures, from its draft to its publication."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from units.models import Unit


class StorySort(models.TextChoices):
    PRACTICE = "practice", "好经验好做法"
    MODEL = "model", "典型"
    PRODUCT = "product", "产品推介"
    TRAVEL = "travel", "旅游推介"


class StoryState(models.TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待审核"
    RETURNED = "returned", "已退回"
    PUBLISHED = "published", "已发布"
    WITHDRAWN = "withdrawn", "已撤下"


CHANGING = (StoryState.DRAFT, StoryState.RETURNED, StoryState.WITHDRAWN)
"""The unit may change it: nobody has approved what it says now."""


class Story(models.Model):
    """`reason`: why it was sent back or taken down, until it is submitted again."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    sort = models.CharField("类别", max_length=16, choices=StorySort.choices)
    title = models.CharField("标题", max_length=80)
    text = models.TextField("正文")
    state = models.CharField("状态", max_length=16, choices=StoryState.choices, default=StoryState.DRAFT)
    reason = models.TextField("退回或撤下的原因", blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    opened_at = models.DateTimeField("登记时间", default=timezone.now)
    changed_at = models.DateTimeField("最近处理时间", default=timezone.now)

    class Meta:
        verbose_name = "宣传稿件"
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["state", "published_at"], name="story_published")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="published", published_at__isnull=False)
                | ~Q(state="published") & Q(published_at__isnull=True),
                name="story_published_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def badge(self) -> str:
        """Its state in templatetags/states.py."""
        return {
            StoryState.DRAFT: "draft",
            StoryState.SUBMITTED: "submitted",
            StoryState.RETURNED: "returned",
            StoryState.PUBLISHED: "case_done",
        }.get(StoryState(self.state), "case_dropped")

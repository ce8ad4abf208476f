"""站内消息: what the system or a reviewer tells a person."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class MessageKind(models.TextChoices):
    DIGEST = "digest", "逾期提醒"
    REMINDER = "reminder", "催报"


class Mailed(models.TextChoices):
    NO = "", "未发邮件"
    SENT = "sent", "已发邮件"
    FAILED = "failed", "邮件未发出"


class Message(models.Model):
    """`sender`: the user name of who wrote it, "" for the system. Of a person at most one digest is unread."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="messages")
    kind = models.CharField("类别", max_length=16, choices=MessageKind.choices)
    title = models.CharField("标题", max_length=100)
    body = models.TextField("内容")
    sender = models.CharField("发送人", max_length=150, blank=True)
    sent_at = models.DateTimeField("时间")
    read_at = models.DateTimeField("已读时间", null=True, blank=True)
    mailed = models.CharField("邮件", max_length=8, choices=Mailed.choices, blank=True, default=Mailed.NO)

    class Meta:
        verbose_name = "消息"
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(kind=MessageKind.DIGEST, read_at=None),
                name="message_one_unread_digest",
            )
        ]

    def __str__(self) -> str:
        return self.title

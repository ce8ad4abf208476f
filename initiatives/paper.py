"""A file kept with a case (a complaint, an answer, a report, a story …). Its bytes are in the receipts' private store."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from initiatives.funds.models import Application
from initiatives.inspection.models import Inspection, Question
from initiatives.market.models import Complaint
from initiatives.progress.models import Report
from initiatives.publicity.models import Story
from procurement.models import StoredFile

CASES = ("complaint", "inspection", "question", "application", "story", "report")


def _exactly_one(names: tuple[str, ...]) -> Q:
    found = Q()
    for name in names:
        found |= Q(**{f"{each}__isnull": each != name for each in names})
    return found


class Paper(models.Model):
    """It is with exactly one case."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, null=True, blank=True, related_name="papers")
    inspection = models.ForeignKey(Inspection, models.CASCADE, null=True, blank=True, related_name="papers")
    question = models.ForeignKey(Question, models.CASCADE, null=True, blank=True, related_name="papers")
    application = models.ForeignKey(Application, models.CASCADE, null=True, blank=True, related_name="papers")
    story = models.ForeignKey(Story, models.CASCADE, null=True, blank=True, related_name="papers")
    report = models.ForeignKey(Report, models.CASCADE, null=True, blank=True, related_name="papers")
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
            models.UniqueConstraint(fields=["inspection", "file"], name="paper_once_an_inspection"),
            models.UniqueConstraint(fields=["question", "file"], name="paper_once_a_question"),
            models.UniqueConstraint(fields=["application", "file"], name="paper_once_an_application"),
            models.UniqueConstraint(fields=["story", "file"], name="paper_once_a_story"),
            models.UniqueConstraint(fields=["report", "file"], name="paper_once_a_report"),
            models.CheckConstraint(condition=_exactly_one(CASES), name="paper_with_one_case"),
        ]

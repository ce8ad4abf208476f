"""A story's pictures; what is shown of them is drawn anew (initiatives.photos)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from initiatives.paper import Paper
from initiatives.publicity.models import Story
from procurement.media import IMAGES


def pictures() -> QuerySet[Paper]:
    """The papers of stories that are pictures, in the order of uploading."""
    return Paper.objects.filter(story__isnull=False, file__media_type__in=IMAGES).order_by("pk")


def of_each(stories: Iterable[Story]) -> dict[int, list[int]]:
    """The pictures (ids of papers) of each story (id). One query."""
    found: dict[int, list[int]] = {}
    rows: Any = pictures().filter(story__in=[story.pk for story in stories]).values_list("story", "pk")
    for story, paper in rows:
        found.setdefault(story, []).append(paper)
    return found

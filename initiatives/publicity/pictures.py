"""A story's pictures. What is shown is always drawn anew (procurement.drawing): no byte of what was uploaded, no place and
time that a camera wrote into it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse

from cixi_xiezuo.downloads import sandboxed
from initiatives.paper import Paper
from initiatives.publicity.models import Story
from procurement import previews
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


def shown(paper: Paper) -> HttpResponse:
    """As a JPEG; Http404 while its file is closed, or where it can't be drawn."""
    jpeg = previews.photo(paper.file)
    if jpeg is None:
        raise Http404
    return sandboxed(HttpResponse(jpeg, content_type="image/jpeg"))

"""Stories that wait: drafts and returned ones for their unit, submitted ones for 市商务局."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from assessment.todo import Todo
from initiatives.publicity.models import Story, StoryState
from initiatives.publicity.scope import waiting

SORTS = (("stories", "宣传稿件", "/initiatives/stories/"),)
WORDS = {StoryState.DRAFT: "补齐并提交", StoryState.RETURNED: "修改后重新提交"}


def _read(request: HttpRequest, limit: int) -> list[Todo]:
    rows = waiting(request.user).select_related("unit").order_by("changed_at", "pk")[:limit]
    return [_todo(each) for each in rows]


def _todo(story: Story) -> Todo:
    return Todo(
        since=story.changed_at,
        word=WORDS.get(StoryState(story.state), "审核"),
        state=story.badge,
        label=story.get_state_display(),
        title=f"宣传稿件 · {story.title} · {story.unit}",
        detail=f"退回原因：{story.reason}" if story.reason else "",
        url=reverse("story", args=[story.pk]),
    )


READ = ((("stories",), _read),)

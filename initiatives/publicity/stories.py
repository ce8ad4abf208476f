"""What is done to a story: written, changed, submitted, published or sent back, withdrawn. Each verb is one transaction
with its word in the trail of its unit. Refused (Chinese sentence) changes nothing; NotAllowed where it is not the
person's to do. A published story does not change: it is withdrawn first, and reviewed again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed, Refused
from initiatives import rights
from initiatives.publicity.models import CHANGING, Story, StorySort, StoryState
from initiatives.publicity.scope import had_a_hand, is_bureau, is_theirs, may_withdraw
from units.models import Unit


@dataclass(frozen=True, slots=True)
class Content:
    sort: str
    title: str
    text: str


def subject_of(story: Story) -> str:
    return f"宣传稿件 {story.pk}"


def note_act(action: str, story: Story, by: Any, **detail: Any) -> None:
    audit.record(action, by=by, subject=subject_of(story), stream=story.unit.code, **detail)


def locked(story: Story) -> Story:
    return Story.objects.select_for_update(of=("self",)).select_related("unit").get(pk=story.pk)


def _mine(story: Story, by: Any, doing: str) -> Story:
    """One that the person's unit may change, its row locked."""
    story = locked(story)
    if not is_theirs(by, story):
        raise NotAllowed("您没有为该单位撰稿的权限")
    _require(story, CHANGING, doing)
    return story


def _require(story: Story, states: tuple[str, ...], doing: str) -> None:
    if story.state not in states:
        raise Refused(f"“{story}”目前为“{story.get_state_display()}”，不能{doing}，请刷新页面")


def _fill(story: Story, content: Content) -> None:
    if content.sort not in StorySort.values:
        raise Refused("请选择类别")
    if not content.title.strip() or not content.text.strip():
        raise Refused("请填写标题和正文")
    story.sort, story.title, story.text = content.sort, content.title.strip(), content.text.strip()
    story.changed_at = timezone.now()
    story.save()


def _words(story: Story) -> dict[str, str]:
    return {"类别": story.get_sort_display(), "标题": story.title, "正文": story.text}


def _moved(story: Story, state: StoryState, reason: str = "") -> Story:
    story.state, story.reason, story.changed_at = state, reason, timezone.now()
    story.published_at = story.changed_at if state == StoryState.PUBLISHED else None
    story.save()
    return story


def _said(reason: str, label: str) -> str:
    if not reason.strip():
        raise Refused(f"请填写{label}的原因")
    return reason.strip()


@transaction.atomic
def write(unit: Unit, content: Content, *, by: Any) -> Story:
    """撰稿: a draft of the unit."""
    if not rights.may_record(by, unit):
        raise NotAllowed("您没有为该单位撰稿的权限")
    story = Story(unit=unit, opened_by=by)
    _fill(story, content)
    note_act("撰写宣传稿件", story, by, title=story.title)
    return story


@transaction.atomic
def change(story: Story, content: Content, *, by: Any) -> Story:
    """修改, until it is submitted, and again when it was sent back or withdrawn. The same again changes nothing."""
    story = _mine(story, by, "修改")
    before = _words(story)
    _fill(story, content)
    after = _words(story)
    changes = audit.differences(before, after)
    if changes:
        note_act("修改宣传稿件", story, by, changes=changes)
    return story


@transaction.atomic
def submit(story: Story, *, by: Any) -> Story:
    """提交 to 市商务局."""
    story = _mine(story, by, "提交")
    story.submitted_by = by
    note_act("提交宣传稿件", story, by, title=story.title)
    return _moved(story, StoryState.SUBMITTED)


def _decided(story: Story, by: Any, doing: str) -> Story:
    if not is_bureau(by):
        raise NotAllowed("宣传稿件由市商务局审核发布")
    story = locked(story)
    if had_a_hand(by, story):
        raise NotAllowed("不能审核自己撰写或提交的稿件，请由其他人审核")
    _require(story, (StoryState.SUBMITTED,), doing)
    return story


@transaction.atomic
def publish(story: Story, *, by: Any) -> Story:
    """发布: from now on everybody who takes part reads it, and everybody at all where the public page is on."""
    story = _decided(story, by, "发布")
    note_act("发布宣传稿件", story, by, title=story.title)
    return _moved(story, StoryState.PUBLISHED)


@transaction.atomic
def send_back(story: Story, *, by: Any, reason: str) -> Story:
    """退回 with the reason."""
    story = _decided(story, by, "退回")
    said = _said(reason, "退回")
    note_act("退回宣传稿件", story, by, reason=said)
    return _moved(story, StoryState.RETURNED, said)


@transaction.atomic
def withdraw(story: Story, *, by: Any, reason: str) -> Story:
    """撤下: by its unit once submitted, by 市商务局 too once published. It is gone from every page of others at once."""
    story = locked(story)
    if not is_theirs(by, story) and not is_bureau(by):
        raise NotAllowed("只有撰稿单位和市商务局可以撤下稿件")
    _require(story, (StoryState.SUBMITTED, StoryState.PUBLISHED), "撤下")
    if not may_withdraw(by, story):
        raise NotAllowed("还没有发布的稿件由撰稿单位撤下；不宜发布的请退回")
    said = _said(reason, "撤下")
    note_act("撤下宣传稿件", story, by, reason=said)
    return _moved(story, StoryState.WITHDRAWN, said)

"""Who sees a story, who writes, who publishes."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from initiatives import rights
from initiatives.publicity.models import CHANGING, Story, StoryState
from units.models import Role
from units.scope import Scope


def visible(user: Any) -> QuerySet[Story]:
    """Published ones are for everybody who takes part; the others for their unit's, those above it, and the city's."""
    scope, rows = Scope.of(user), Story.objects.all()
    if scope.everything:
        return rows
    return rows.filter(Q(state=StoryState.PUBLISHED) | Q(unit__in=scope.visible()))


def kept_by(user: Any) -> QuerySet[Story]:
    """Those whose files as they were uploaded, and whose history, the person sees: not what others published."""
    scope, rows = Scope.of(user), Story.objects.all()
    return rows if scope.everything else rows.filter(unit__in=scope.visible())


def sees_all_of(user: Any, story: Story) -> bool:
    """The same of one story."""
    return kept_by(user).filter(pk=story.pk).exists()


def published() -> QuerySet[Story]:
    """What anybody may read, the latest first."""
    return Story.objects.filter(state=StoryState.PUBLISHED).order_by("-published_at", "-pk")


def is_bureau(user: Any) -> bool:
    """Of 市商务局? `user` None is the server's operator, who may."""
    return user is None or Scope.of(user).has(Role.BUREAU)


def is_theirs(user: Any, story: Story) -> bool:
    return rights.may_record(user, story.unit)


def had_a_hand(user: Any, story: Story) -> bool:
    """Did the person write or submit it? Then another publishes it."""
    return user is not None and user.pk in (story.opened_by_id, story.submitted_by_id)


def may_decide(user: Any, story: Story) -> bool:
    return story.state == StoryState.SUBMITTED and is_bureau(user) and not had_a_hand(user, story)


def may_withdraw(user: Any, story: Story) -> bool:
    """The unit its own, 市商务局 what is published."""
    if story.state == StoryState.PUBLISHED and is_bureau(user):
        return True
    return story.state in (StoryState.SUBMITTED, StoryState.PUBLISHED) and is_theirs(user, story)


def may_attach(user: Any, story: Story) -> bool:
    return story.state in CHANGING and is_theirs(user, story)


def waiting(user: Any) -> QuerySet[Story]:
    """Drafts and returned ones of the person's units; for 市商务局 what others submitted."""
    open_ = (StoryState.DRAFT, StoryState.RETURNED)
    waits = Q(state__in=open_, unit__in=rights.recordable(user))
    if is_bureau(user):
        hand = Q(opened_by=user) | Q(submitted_by=user)
        mine = Story.objects.filter(hand, state=StoryState.SUBMITTED).values("pk")
        waits |= Q(state=StoryState.SUBMITTED) & ~Q(pk__in=mine)
    return Story.objects.filter(waits)

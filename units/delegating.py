"""Giving and ending a delegation (委托代办): for a period, to a colleague, on record."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed, Refused
from units.models import KEEPERS, Delegation, Membership, User
from units.scope import REVIEWING, Scope

LONGEST = 92
"""Days a delegation may hold; a longer absence wants a change of roles."""


def colleagues(user: Any) -> QuerySet[User]:
    """Active people, not administrators, at a unit where the person reviews: whom they may delegate to."""
    units = Membership.objects.filter(user=user.pk, role__in=REVIEWING).values("unit")
    there = Membership.objects.filter(unit__in=units).values("user")
    keepers = Membership.objects.filter(role__in=KEEPERS).values("user")
    people = User.objects.filter(pk__in=there, is_active=True).exclude(pk__in=keepers)
    return people.exclude(pk=user.pk).order_by("display_name", "username")


@transaction.atomic
def delegate(
    receiver: User, *, by: Any, since: datetime.date, until: datetime.date, reason: str = ""
) -> Delegation:
    """委托: `by`, who reviews in their own right, lets `receiver` decide for them."""
    if not Scope.of(by).has(*REVIEWING):
        raise NotAllowed("您没有审核角色，无须委托代办")
    if not colleagues(by).filter(pk=receiver.pk).exists():
        raise NotAllowed("只能委托给本单位在用的同事")
    if until < since:
        raise Refused("止日不能早于起日")
    if until < timezone.localdate():
        raise Refused("止日已过，请重新填写")
    if (until - since).days >= LONGEST:
        raise Refused(f"一次委托最长 {LONGEST} 天，更长时间请由安全管理员调整角色")
    found = Delegation.objects.create(
        giver=by, receiver=receiver, since=since, until=until, reason=reason.strip()
    )
    _log("委托代办", found, by, since=since, until=until, reason=found.reason)
    return found


@transaction.atomic
def end_delegation(delegation: Delegation, *, by: Any) -> Delegation:
    """终止委托: by whoever gave it, or whoever got it."""
    delegation = Delegation.objects.select_for_update(of=("self",)).get(pk=delegation.pk)
    if by is not None and by.pk not in (delegation.giver_id, delegation.receiver_id):
        raise NotAllowed("只有委托双方可以终止委托")
    if delegation.ended_at is not None:
        raise Refused("这项委托已经终止")
    delegation.ended_at = timezone.now()
    delegation.save()
    _log("终止委托", delegation, by)
    return delegation


def _log(action: str, delegation: Delegation, by: Any, **detail: Any) -> None:
    giver, receiver = delegation.giver.get_username(), delegation.receiver.get_username()
    audit.record(action, by=by, subject=f"用户 {giver}", receiver=receiver, **detail)

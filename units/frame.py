"""What units and people put into the frame: the list of units, and the person's own roles for the top bar."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Value
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from cixi_xiezuo.frame import Entry
from cixi_xiezuo.waits import how_many, waits
from units.models import Message, Role, RoleRequest
from units.scope import REVIEWING, Scope
from units.tours import steps_for


def entries(request: HttpRequest) -> Iterator[Entry]:
    scope = Scope.of(request.user)
    if scope.looks_up:
        yield Entry("单位", "/units/", "building", 65)
    if scope.has(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN):
        yield Entry("用户", "/people/", "users", 80, waits(request).get("to_grant", 0))
    if scope.has(Role.SYSTEM_ADMIN):
        yield Entry("系统状态", "/system/", "settings", 82)
    if scope.has(Role.AUDITOR):
        yield Entry("审计", "/audit/", "history", 85)
    if scope.has(*REVIEWING) or scope.acting:
        yield Entry("委托代办", "/delegations/", "user-check", 90)


def context(request: HttpRequest) -> dict[str, Any]:
    """`tour`: the steps for the person's role; `tour_opens`: those that this page shows by itself."""
    roles = [Role(role).label for role, units in Scope.of(request.user).by_role.items() if units]
    steps = steps_for(request.user)
    return {
        "tour": steps,
        "tour_opens": steps if _tour_opens(request) else [],
        "looks_up": Scope.of(request.user).looks_up,
        "person_roles": "、".join(roles),
        "unread": SimpleLazyObject(lambda: waits(request).get("unread", 0)),
    }


def _tour_opens(request: HttpRequest) -> bool:
    """Until the person has put it away, but not while a password is to be set; from 帮助 whenever asked for."""
    page = request.resolver_match.url_name if request.resolver_match else None
    unseen = request.user.tour_seen_at is None  # type: ignore[union-attr]
    return (unseen and page != "password_change") or (page == "help" and "tour" in request.GET)


def counts_from(request: HttpRequest) -> Any:
    """For cixi_xiezuo.waits: the person's roles and today, which every app's counts may be built from."""
    return Scope.of(request.user).shape, timezone.localdate()


def counts(request: HttpRequest) -> dict[str, Any]:
    found = {"unread": how_many(Message.objects.filter(user=request.user.pk, read_at=None), "user")}
    if Scope.of(request.user).has(Role.SECURITY_ADMIN):
        found["to_grant"] = how_many(RoleRequest.objects.annotate(all=Value(1)), "all")
    return found

"""Who may open a page at all. Whoever may not is told that there is no such page."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from units.scope import Scope


def _require(request: HttpRequest, allowed: bool) -> Scope:
    if not allowed:
        raise Http404
    return Scope.of(request.user)


def taking_part(request: HttpRequest) -> Scope:
    """Those who have to do with purchases: not administrators, not the auditor."""
    return _require(request, Scope.of(request.user).takes_part)


def looking_up(request: HttpRequest) -> Scope:
    """Those who take part, and the system administrator, who keeps the units."""
    return _require(request, Scope.of(request.user).looks_up)


def recording(request: HttpRequest) -> Scope:
    """Those who record purchases for a unit of their own."""
    return _require(request, bool(Scope.of(request.user).own))


def holding(request: HttpRequest, *roles: str) -> Scope:
    """Those who hold one of the roles."""
    return _require(request, Scope.of(request.user).has(*roles))

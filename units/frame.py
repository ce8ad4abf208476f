"""What units and people put into the frame: the list of units, and the person's own roles for the top bar."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest

from cixi_xiezuo.frame import Entry
from units.models import Role
from units.scope import Scope


def entries(request: HttpRequest) -> Iterator[Entry]:
    if Scope.of(request.user).looks_up:
        yield Entry("单位", "/units/", "building", 65)


def context(request: HttpRequest) -> dict[str, Any]:
    roles = [Role(role).label for role, units in Scope.of(request.user).by_role.items() if units]
    return {"person_roles": "、".join(roles)}

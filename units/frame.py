"""What units and people put into the frame: the person's own name for the top bar."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from units.models import Role
from units.scope import Scope


def context(request: HttpRequest) -> dict[str, Any]:
    roles = [Role(role).label for role, units in Scope.of(request.user).by_role.items() if units]
    return {"person_roles": "、".join(roles)}

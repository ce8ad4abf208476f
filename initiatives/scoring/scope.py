"""Who sees which sheets, and who scores."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists
from django.http import HttpRequest

from cixi_xiezuo.waits import waits
from initiatives.scoring.sheet import Row, Sheet
from units.kinds import ANSWERING
from units.models import Role
from units.scope import Scope


def may_edit(user: Any) -> bool:
    """市商务局 alone. `user` None is the server's operator, who may."""
    return user is None or Scope.of(user).has(Role.BUREAU)


def sees(request: HttpRequest, code: str) -> bool:
    """Is the unit in the person's scope? Asked together with what waits for them."""
    scope = Scope.of(request.user)
    within = Exists(scope.visible().filter(code=code))
    return scope.everything or bool(waits(request, in_scope=within).get("in_scope"))


def rows_for(user: Any, sheet: Sheet) -> tuple[Row, ...]:
    """The rows of the departments and towns in the person's scope."""
    scope = Scope.of(user)
    if scope.everything:
        return sheet.rows
    seen = set(scope.visible().filter(kind__in=ANSWERING).order_by().values_list("code", flat=True))
    return tuple(row for row in sheet.rows if row.code in seen)

"""The offices that the plan gives a task of its own: who supervises the market, who pays support.

The plan names them (fixtures/plan-YEAR.json), and a unit of that name is meant; 市商务局 and 市对口支援办 are known by role.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists
from django.utils import timezone

from initiatives.models import Part
from initiatives.plan import clauses
from initiatives.rights import offices
from units.models import Role, Unit
from units.scope import Scope

MARKET = "第五部分（三）"
SUPPORT = "第五部分（二）"


def named(clause: str, part: Part) -> list[str]:
    """The names that this year's plan gives the part in a clause; none where it has no such clause."""
    found = [each for each in clauses(timezone.localdate().year) if each.number == clause]
    return found[0].parts.get(part.value, []) if found else []


def market_names() -> list[str]:
    """Who supervises the market: 市场监管, 农业农村, 商务, 文化和旅游 (第五部分（三）)."""
    return named(MARKET, Part.RESPONSIBLE)


def finance_names() -> list[str]:
    """Who pays support: 市财政局 (第五部分（二）)."""
    return named(SUPPORT, Part.LEAD)


def working_at(user: Any, names: list[str]) -> Any:
    """The units so called at which the person works, as a query."""
    mine = offices(Scope.of(user))
    return Unit.objects.filter(pk__in=mine, name__in=names, active=True)


def at_market(user: Any) -> Exists | bool:
    """Does the person work for an office that supervises the market? True, or a condition for a query."""
    return Scope.of(user).has(Role.BUREAU) or Exists(working_at(user, market_names()))


def supervises_market(user: Any) -> bool:
    """The same, asked. `user` None is the server's operator, who may."""
    return user is None or Scope.of(user).has(Role.BUREAU) or works_at(user, market_names())


def works_at(user: Any, names: list[str]) -> bool:
    """Does the person work for a unit of one of the names? Read once a request, as their scope is."""
    known = _known(user)
    if (key := frozenset(names)) not in known:
        known[key] = working_at(user, names).exists()
    return known[key]


def remember(user: Any, names: list[str], works: bool) -> None:
    """It came with another query: `works_at` need not ask."""
    _known(user)[frozenset(names)] = works


def _known(user: Any) -> dict[frozenset[str], bool]:
    found: dict[frozenset[str], bool] = user.__dict__.setdefault("_works_at", {})
    return found

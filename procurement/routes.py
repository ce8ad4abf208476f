"""审核流程: units of which kinds are reviewed twice, 初审 by their department or place and 复核 by the bureau.

The year's policy says so. What is reviewed once, and a unit that nobody could review first, goes to whoever may decide.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any

from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Concat, StrIndex
from django.db.models.lookups import GreaterThan

from cixi_xiezuo.written import Written
from procurement.models.region import YearTerms
from procurement.terms import TermsBook
from units.models import Role
from units.scope import Scope

if TYPE_CHECKING:
    from procurement.models.purchase import Purchase

FIRST = (Role.LEAD, Role.TOWN)
FINAL = (Role.BUREAU, Role.OVERSIGHT)


class Stage(enum.Enum):
    ONCE = "审核"
    FIRST = "待初审"
    FINAL = "待复核"


def terms_for(user: Any) -> TermsBook:
    """How the years are read, asked once a request: kept on the user as their scope is."""
    kept: TermsBook | None = getattr(user, "_terms", None)
    if kept is None:
        kept = user._terms = TermsBook()
    return kept


def _twice() -> Q:
    """Purchases that their year's policy has reviewed twice, of units that somebody can review first."""
    terms = YearTerms.objects.filter(in_force=True, year__lte=OuterRef("date__year")).order_by("-year")
    kinds = Coalesce(Subquery(terms.values("twice")[:1]), Value(""))
    named = GreaterThan(StrIndex(kinds, Concat(Value(","), F("unit__kind"), Value(","))), 0)
    return Q(named) & Q(unit__in=Scope.first_reviewed())


def turn_of(user: Any) -> Q:
    """Purchases (submitted ones are meant) whose next step is the person's."""
    scope = Scope.of(user)
    anyone = Q(unit__in=scope.reviewable())
    if not scope.reviewing:
        return anyone
    twice = _twice()
    first = twice & Q(first_at=None, unit__in=scope.reviewable(*FIRST))
    final = twice & Q(first_at__isnull=False, unit__in=scope.reviewable(*FINAL)) & ~Q(first_by=user.pk)
    return anyone & ~twice | first | final


def reviews_after_another(user: Any) -> bool:
    """Whether some of what waits for the person may have been reviewed once already: 复核 is theirs."""
    scope = Scope.of(user)
    return any(each.has(*FINAL) for each in (scope, *scope.acting.values()))


def stage_of(purchase: Purchase, by: Any) -> Stage:
    """What a submitted purchase waits for. `by`: whose request asks."""
    if purchase.date is None or purchase.unit.kind not in _kinds(purchase.date.year, by):
        return Stage.ONCE
    if not Scope.first_reviewed().filter(pk=purchase.unit_id).exists():
        return Stage.ONCE
    return Stage.FIRST if purchase.first_at is None else Stage.FINAL


_TWICE = Written(
    lambda: YearTerms.objects.filter(in_force=True).order_by("year").values_list("year", "twice")
)


def _kinds(year: int, by: Any) -> list[str]:
    """Kinds of unit that the policy of a year has reviewed twice: of the terms read already, else by one small query."""
    kept: TermsBook | None = getattr(by, "_terms", None)
    if kept is not None:
        return kept.reviewed_twice(year)
    return next((twice.split(",") for since, twice in reversed(_TWICE.rows()) if since <= year), [])


def hindrance(purchase: Purchase, stage: Stage, by: Any) -> str:
    """Why the next step of a purchase is not this person's, who may review its unit; "" where it is."""
    if stage is Stage.ONCE:
        return ""
    if purchase.first_by_id is not None and purchase.first_by_id == by.pk:
        return "您已初审过这笔采购，须由市商务局的其他人复核"
    roles = FIRST if stage is Stage.FIRST else FINAL
    if Scope.of(by).reviewable(*roles).filter(pk=purchase.unit_id).exists():
        return ""
    if stage is Stage.FIRST:
        return "这类单位的采购须先由主管部门或镇街初审，再由市商务局复核"
    return "已初审，由市商务局复核"

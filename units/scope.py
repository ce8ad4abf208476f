"""Which units may this person see, record for, review? The one place that answers.

Every query that shows data to a person starts from one of these querysets.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from units.models import Membership, Role, Unit

CITY_WIDE = frozenset({Role.BUREAU, Role.OVERSIGHT})
"""Roles that see every unit of the city."""
REVIEWING = frozenset({Role.LEAD, Role.TOWN, Role.BUREAU, Role.OVERSIGHT})
ADMIN = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})


@dataclass(slots=True)
class Scope:
    """A person's memberships, and the sets of units that follow from them (unit ids)."""

    user: Any
    by_role: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, user: Any) -> Scope:
        """Read once a request: kept on the user object, which lives as long as the request."""
        cached = getattr(user, "_scope", None)
        if cached is None:
            cached = cls(user)
            if user.is_authenticated and user.is_active:
                for unit_id, role in Membership.objects.filter(user=user).values_list("unit_id", "role"):
                    cached.by_role[role].add(unit_id)
            user._scope = cached
        return cached

    def has(self, *roles: str) -> bool:
        return any(self.by_role.get(role) for role in roles)

    @property
    def own(self) -> set[int]:
        """Units the person belongs to as clerk or head."""
        return self.by_role.get(Role.CLERK, set()) | self.by_role.get(Role.HEAD, set())

    @property
    def everything(self) -> bool:
        return self.has(*CITY_WIDE)

    @property
    def takes_part(self) -> bool:
        """Has the person anything to do with purchases at all? Administrators and the auditor have not."""
        return self.has(Role.CLERK, Role.HEAD, *REVIEWING)

    def manageable(self) -> QuerySet[Unit]:
        """Units whose own data (name, links, people) the person keeps; not what they bought."""
        return Unit.objects.all() if self.has(Role.SYSTEM_ADMIN, Role.BUREAU) else Unit.objects.none()

    def visible(self) -> QuerySet[Unit]:
        """Units whose purchases, receipts and figures the person may see.

        Own unit with its unions and subordinates, units reviewed, or the whole city.
        """
        if self.everything:
            return Unit.objects.all()
        leads = self.own | self.by_role.get(Role.LEAD, set())
        near = Q(pk__in=leads) | Q(host__in=leads) | Q(supervisor__in=leads) | Q(host__supervisor__in=leads)
        return Unit.objects.filter(near | self._place())

    def _place(self) -> Q:
        towns = self.by_role.get(Role.TOWN, set())
        return Q(pk__in=towns) | Q(town__in=towns) | Q(host__in=towns) | Q(host__town__in=towns)

    def recordable(self) -> QuerySet[Unit]:
        """Units the person may record purchases for: their own and its unions."""
        return Unit.objects.filter(Q(pk__in=self.own) | Q(host__in=self.own), active=True)

    def reviewable(self) -> QuerySet[Unit]:
        """Units whose purchases the person may decide on; never their own unit's or its unions'."""
        if self.has(Role.BUREAU):
            units = Unit.objects.all()
        else:
            leads = self.by_role.get(Role.LEAD, set())
            units = Unit.objects.filter(
                Q(supervisor__in=leads) | Q(host__supervisor__in=leads) | self._place()
            )
            if self.has(Role.OVERSIGHT):
                office = Q(memberships__role=Role.BUREAU) | Q(host__memberships__role=Role.BUREAU)
                units = units | Unit.objects.filter(office)
        mine = set().union(*self.by_role.values()) if self.by_role else set()
        return units.exclude(Q(pk__in=mine) | Q(host__in=mine)).distinct()

    def may_record(self, unit: Unit) -> bool:
        """Is it one of `recordable`? Asks the database nothing."""
        return unit.active and (unit.pk in self.own or unit.host_id in self.own)

    def may_review(self, unit: Unit) -> bool:
        return self.reviewable().filter(pk=unit.pk).exists()

    @property
    def home(self) -> Unit | None:
        """The unit whose page the person opens first."""
        return Unit.objects.filter(pk__in=self.own).order_by("code").first()

"""Which units may this person see, record for, review? The one place that answers.

Every query that shows data to a person starts from one of these querysets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from cixi_xiezuo.written import Written
from units.delegation import Delegation
from units.models import Membership, Role, Unit
from units.named import in_places, with_unions
from units.organising import Organising

CITY_WIDE = frozenset({Role.BUREAU, Role.OVERSIGHT})
"""Roles that see every unit of the city."""
REVIEWING = frozenset({Role.LEAD, Role.TOWN, Role.BUREAU, Role.OVERSIGHT})
NOTHING = Q(pk__in=[])
Roles = frozenset[tuple[str, frozenset[int]]]
"""A person's roles, each with the ids of the units it is held at."""


def _holding(*roles: str) -> Any:
    """Ids of the units where somebody holds one of the roles."""
    return Membership.objects.filter(role__in=roles).values("unit")


@dataclass(slots=True)
class Scope:
    """A person's memberships, and the sets of units that follow from them (unit ids).

    `acting`: whom the person decides for today by delegation, by user name.
    """

    user: Any
    by_role: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    acting: dict[str, Scope] = field(default_factory=dict)

    @classmethod
    def of(cls, user: Any) -> Scope:
        """Read once a request: kept on the user object, which lives as long as the request. One query."""
        cached = getattr(user, "_scope", None)
        if cached is None:
            cached = cls(user)
            if user.is_authenticated and user.is_active:
                cached._read()
            user._scope = cached
        return cached

    def _read(self) -> None:
        for owner, name, unit_id, role in _MEMBERSHIPS.rows(self.user.pk, timezone.localdate()):
            if owner == self.user.pk:
                self.by_role[role].add(unit_id)
            elif role in REVIEWING:
                self.acting.setdefault(name, Scope(None)).by_role[role].add(unit_id)

    def has(self, *roles: str) -> bool:
        """Does the person hold one of the roles themselves?"""
        return any(self.by_role.get(role) for role in roles)

    def _units(self, role: str) -> set[int]:
        return self.by_role.get(role, set())

    @property
    def own(self) -> set[int]:
        """Units the person belongs to as clerk or head."""
        return self._units(Role.CLERK) | self._units(Role.HEAD)

    @property
    def everything(self) -> bool:
        return self.has(*CITY_WIDE)

    @property
    def reviewing(self) -> bool:
        """Does the person decide on purchases, in their own right or for somebody else?"""
        return self.has(*REVIEWING) or bool(self.acting)

    @property
    def takes_part(self) -> bool:
        """Has the person anything to do with purchases at all? Administrators and the auditor have not."""
        return bool(self.own) or self.reviewing

    @property
    def looks_up(self) -> bool:
        """Has the person units to look up at all?"""
        return self.takes_part or self.has(Role.SYSTEM_ADMIN)

    def manageable(self) -> QuerySet[Unit]:
        """Units whose own data (name, links, people) the person keeps; not what they bought."""
        return Unit.objects.all() if self.has(Role.SYSTEM_ADMIN, Role.BUREAU) else Unit.objects.none()

    def listed(self) -> QuerySet[Unit]:
        """Units whose name, kind and links the person may look up."""
        return self.manageable() if self.has(Role.SYSTEM_ADMIN, Role.BUREAU) else self.visible()

    def visible(self) -> QuerySet[Unit]:
        """Units whose purchases, receipts and figures the person may see.

        Own unit with its unions and subordinates, units organised or reviewed, or the whole city.
        """
        if self.everything:
            return Unit.objects.all()
        leads = self.own | self._units(Role.LEAD)
        near = with_unions(leads) | Q(supervisor__in=leads) | Q(host__supervisor__in=leads)
        return Unit.objects.filter(near | self._place() | self._organised() | self._reviews())

    def _place(self) -> Q:
        towns = self._units(Role.TOWN)
        return in_places(towns) if towns else NOTHING

    def _organised(self) -> Q:
        """Units of the kinds that the policy gives the person's unit to organise."""
        leads = self._units(Role.LEAD)
        if not leads:
            return NOTHING
        names = Unit.objects.filter(pk__in=leads).values("name")
        return Q(kind__in=Organising.objects.filter(name__in=names).values("kind"))

    def recordable(self) -> QuerySet[Unit]:
        """Units the person may record purchases for: their own and its unions."""
        return Unit.objects.filter(with_unions(self.own), active=True)

    def reviewable(self, *roles: str) -> QuerySet[Unit]:
        """Units whose purchases the person may decide on; never their own unit's or its unions'. By these roles alone, if told."""
        return Unit.objects.filter(self._reviews(frozenset(roles) or REVIEWING))

    @staticmethod
    def first_reviewed() -> QuerySet[Unit]:
        """Units whose purchases somebody in a department or place may decide on, whoever that is."""
        leads, towns = _holding(Role.LEAD), _holding(Role.TOWN)
        near = Q(supervisor__in=leads) | Q(host__supervisor__in=leads) | in_places(towns)
        return Unit.objects.filter(near & ~with_unions(_holding(Role.BUREAU, Role.LEAD, Role.TOWN)))

    def remindable(self) -> QuerySet[Unit]:
        """Units the person may remind: those reviewed or organised, never their own."""
        if self.everything:
            return Unit.objects.filter(~self._mine())
        return Unit.objects.filter((self._reviews() | self._organised()) & ~self._mine(), active=True)

    def _reviews(self, roles: frozenset[str] = REVIEWING) -> Q:
        if not self.reviewing:
            return NOTHING
        each = (scope._reviews_alone(roles) for scope in (self, *self.acting.values()))
        return self._any(each) & ~self._mine()

    def _reviews_alone(self, roles: frozenset[str]) -> Q:
        """In their own right. The bureau's own purchases go to 市对口支援办, a reviewing unit's to the bureau."""
        office, found = with_unions(_holding(Role.BUREAU)), []
        if self.has(*roles & {Role.BUREAU}):
            found.append(~office)
        if self.has(*roles & {Role.LEAD, Role.TOWN}):
            leads = self._units(Role.LEAD)
            near = Q(supervisor__in=leads) | Q(host__supervisor__in=leads) | self._place()
            found.append(near & ~office & ~with_unions(_holding(Role.LEAD, Role.TOWN)))
        if self.has(*roles & {Role.OVERSIGHT}):
            found.append(office)
        return self._any(found) & ~self._mine()

    @staticmethod
    def _any(conditions: Iterable[Q]) -> Q:
        found = NOTHING
        for condition in conditions:
            found |= condition
        return found

    def _mine(self) -> Q:
        """The units the person belongs to in whatever role, and their unions."""
        return with_unions(set().union(*self.by_role.values()) if self.by_role else set())

    def may_record(self, unit: Unit) -> bool:
        """Is it one of `recordable`? Asks the database nothing."""
        return unit.active and (unit.pk in self.own or unit.host_id in self.own)

    def may_review(self, unit: Unit) -> bool:
        """Is it one of `reviewable`? One query."""
        return self._reviews_one(unit, delegated=True)

    def _reviews_one(self, unit: Unit, *, delegated: bool = False) -> bool:
        acting = frozenset(scope._roles for scope in self.acting.values()) if delegated else frozenset()
        return bool(_asking(self._roles, acting).rows(unit.pk))

    @property
    def shape(self) -> tuple[Roles, frozenset[Roles]]:
        """All that the querysets of this scope are made from, beside the person themselves: equal shapes, equal queries."""
        return self._roles, frozenset(each._roles for each in self.acting.values())

    @property
    def _roles(self) -> Roles:
        return frozenset((role, frozenset(units)) for role, units in self.by_role.items())

    def on_behalf(self, unit: Unit) -> str:
        """For whom the person decides on this unit: "" in their own right, else the giver's user name."""
        if not self.acting:
            return ""
        if self._reviews_one(unit):
            return ""
        for name, giver in self.acting.items():
            if giver._reviews_one(unit):
                return name
        return ""

    @property
    def home(self) -> Unit | None:
        """The unit whose page the person opens first."""
        return Unit.objects.filter(pk__in=self.own).order_by("code").first()


def _memberships(person: Any, day: Any) -> Any:
    """What a person holds, and what those hold who let them decide on that day."""
    givers = Delegation.objects.in_force(day).filter(receiver=person).values("giver")
    rows = Membership.objects.filter(Q(user=person) | Q(user__in=givers))
    return rows.values_list("user_id", "user__username", "unit_id", "role")


_MEMBERSHIPS = Written(_memberships)


@lru_cache(maxsize=1000)
def _asking(own: Roles, acting: frozenset[Roles]) -> Written:
    """Asks whether whoever holds these roles, and decides for these others, may decide on a unit's purchases."""
    scope = _holds(own)
    scope.acting = {str(number): _holds(roles) for number, roles in enumerate(acting)}
    return Written(lambda unit: scope.reviewable().filter(pk=unit).order_by().values_list("pk"))


def _holds(roles: Roles) -> Scope:
    return Scope(None, {role: set(units) for role, units in roles})

"""Who sees applications, who applies, which of the two offices a person decides for."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from initiatives import rights
from initiatives.funds.decided import decisions_of
from initiatives.funds.models import (
    Application,
    ApplicationPurchase,
    ApplicationState,
    Decision,
    Office,
    Scheme,
)
from initiatives.offices import finance_names, remember, working_at, works_at
from procurement.choices import Status
from units.models import Membership, Role, Unit
from units.scope import Scope

State = ApplicationState


def schemes(user: Any) -> QuerySet[Scheme]:
    """All of them: whoever takes part may apply."""
    return Scheme.objects.all()


def visible(user: Any) -> QuerySet[Application]:
    """Applications of the units in the person's scope; all for 市财政局 and the city's offices."""
    scope, rows = Scope.of(user), Application.objects.all()
    if scope.everything:
        return rows
    return rows.filter(Q(unit__in=scope.visible()) | Q(Exists(at_finance(user))))


def of_commerce(user: Any) -> bool:
    """`user` None is the server's operator, who may."""
    return user is None or Scope.of(user).has(Role.BUREAU)


def of_finance(user: Any) -> bool:
    return user is None or works_at(user, finance_names())


def of_office(user: Any, office: str) -> bool:
    return of_commerce(user) if office == Office.COMMERCE else of_finance(user)


def at_finance(user: Any) -> Any:
    """The units of 市财政局 at which the person works, as a query."""
    return working_at(user, finance_names())


def remember_finance(user: Any, works: bool) -> None:
    """It came with another query: `of_finance` need not ask."""
    remember(user, finance_names(), works)


def of_either(user: Any) -> bool:
    return of_commerce(user) or of_finance(user)


def applicants(user: Any) -> QuerySet[Unit]:
    """For which units the person may apply: those they record for, but the two offices that decide and their unions."""
    bureaus = Membership.objects.filter(role=Role.BUREAU).values("unit")
    deciding = Unit.objects.filter(Q(pk__in=bureaus) | Q(name__in=finance_names())).values("pk")
    return rights.recordable(user).exclude(Q(pk__in=deciding) | Q(host__in=deciding))


def is_office(unit: Unit) -> bool:
    """Is the unit, or a union's host, one of the two that decide? Those do not apply."""
    units = {unit.pk, unit.host_id or unit.pk}
    bureaus = Membership.objects.filter(role=Role.BUREAU, unit__in=units)
    return bureaus.exists() or Unit.objects.filter(pk__in=units, name__in=finance_names()).exists()


def is_theirs(user: Any, application: Application) -> bool:
    """Does the person work for the applicant?"""
    return rights.may_record(user, application.unit)


def is_own(user: Any, application: Application) -> bool:
    """Had the person a hand in it, or any role at the applicant? Then others decide."""
    if user is None:
        return False
    if user.pk in (application.opened_by_id, application.submitted_by_id):
        return True
    units = set().union(*Scope.of(user).by_role.values())
    return application.unit_id in units or application.unit.host_id in units


def may_decide(user: Any, application: Application, office: str) -> bool:
    if application.state != State.SUBMITTED or is_own(user, application) or not of_office(user, office):
        return False
    return all(each.office != office for each in decisions_of(application))


def may_attach(user: Any, application: Application) -> bool:
    if application.state in (State.DRAFT, State.SUBMITTED) and is_theirs(user, application):
        return True
    return application.state in (State.APPROVED, State.PAID) and of_finance(user)


def shaken(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Those with a purchase as evidence whose approval was taken back since."""
    return rows.filter(Exists(_lost()))


def with_flag(rows: QuerySet[Application]) -> Any:
    """Adds `shaken`: has a purchase lost its approval?"""
    return rows.annotate(shaken=Exists(_lost()))


def _lost() -> QuerySet[ApplicationPurchase]:
    links = ApplicationPurchase.objects.filter(application=OuterRef("pk"), live=True)
    return links.exclude(purchase__status=Status.APPROVED)


def waiting(user: Any) -> QuerySet[Application]:
    """Drafts of the person's units; what an office of theirs must decide, pay, or rescind because evidence is gone."""
    scope = Scope.of(user)
    finance = Exists(at_finance(user))
    waits = Q(state=State.DRAFT, unit__in=rights.recordable(user))
    units = set().union(*scope.by_role.values()) if scope.by_role else set()
    foreign = ~Q(unit__in=units) & ~Q(unit__host__in=units)
    waits |= Q(finance, foreign, _undecided(Office.FINANCE), state=State.SUBMITTED)
    waits |= Q(finance, state=State.APPROVED)
    if of_commerce(user):
        waits |= Q(foreign, _undecided(Office.COMMERCE), state=State.SUBMITTED)
        waits |= Q(Exists(_lost()), state=State.APPROVED)
    return Application.objects.filter(waits)


def _undecided(office: Office) -> Q:
    return ~Q(Exists(Decision.objects.filter(application=OuterRef("pk"), office=office)))

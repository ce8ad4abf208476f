"""Giving and taking roles: by the security administrator, never one's own, never two of the three."""

import pytest
from django.db import IntegrityError, transaction

from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.errors import NotAllowed, Refused
from tests.factories import make_unit, make_user
from units.kinds import Kind
from units.models import KEEPERS, Membership, Role, RoleRequest
from units.roles import decline_role, grant_role, request_role, revoke_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make_unit("D09", Kind.DEPARTMENT)


@pytest.fixture
def secadmin(office):
    return make_user("secadmin", Role.SECURITY_ADMIN, office)


@pytest.fixture
def sysadmin(office):
    return make_user("sysadmin", Role.SYSTEM_ADMIN, office)


@pytest.fixture
def person():
    return make_user("person")


def test_the_security_administrator_grants_and_the_trail_says_before_and_after(office, secadmin, person):
    grant_role(person, office, Role.CLERK, by=secadmin)
    event = AuditEvent.objects.get(action="授予角色")
    assert (event.actor, event.subject) == ("secadmin", "用户 person")
    assert event.detail == {"before": [], "after": [f"{office} 经办人"]}
    revoke_role(person.memberships.get(), by=secadmin)
    assert AuditEvent.objects.get(action="收回角色").detail["after"] == []
    assert not person.memberships.exists()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SECURITY_ADMIN])
def test_no_other_role_gives_or_takes_roles(office, person, role):
    other = make_user("other", role, make_unit("T09", Kind.TOWN))
    membership = Membership.objects.create(user=person, unit=office, role=Role.CLERK)
    with pytest.raises(NotAllowed):
        grant_role(person, office, Role.HEAD, by=other)
    with pytest.raises(NotAllowed):
        revoke_role(membership, by=other)
    assert list(person.memberships.values_list("role", flat=True)) == [Role.CLERK]


def test_nobody_gives_or_takes_a_role_of_their_own(office, secadmin):
    with pytest.raises(NotAllowed, match="自己"):
        grant_role(secadmin, office, Role.AUDITOR, by=secadmin)
    with pytest.raises(NotAllowed, match="自己"):
        revoke_role(secadmin.memberships.get(), by=secadmin)


@pytest.mark.parametrize("held", KEEPERS)
@pytest.mark.parametrize("wanted", list(Role))
def test_each_of_the_three_is_nothing_else(secadmin, held, wanted):
    town = make_unit("T01", Kind.TOWN)
    keeper = make_user("keeper", held, town)
    with pytest.raises(Refused):
        grant_role(keeper, town, wanted, by=secadmin)
    assert keeper.memberships.count() == 1


@pytest.mark.parametrize("role", KEEPERS)
def test_whoever_has_to_do_with_purchases_becomes_none_of_the_three(office, secadmin, role):
    clerk = make_user("clerk", Role.CLERK, office)
    with pytest.raises(Refused, match="不同的人"):
        grant_role(clerk, office, role, by=secadmin)


def test_the_database_itself_refuses_two_of_the_three(office):
    keeper = make_user("keeper", Role.SYSTEM_ADMIN, office)
    for role in (Role.SECURITY_ADMIN, Role.AUDITOR):
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(user=keeper, unit=office, role=role)


def test_a_role_must_fit_the_unit_and_the_person_be_active(office, secadmin, person):
    with pytest.raises(Refused, match="镇、街道、管委会"):
        grant_role(person, office, Role.TOWN, by=secadmin)
    with pytest.raises(Refused, match="没有这个角色"):
        grant_role(person, office, "root", by=secadmin)
    grant_role(person, office, Role.CLERK, by=secadmin)
    with pytest.raises(Refused, match="已有"):
        grant_role(person, office, Role.CLERK, by=secadmin)
    person.is_active = False
    person.save()
    with pytest.raises(Refused, match="停用"):
        grant_role(person, office, Role.HEAD, by=secadmin)


def test_the_system_administrator_asks_and_the_security_administrator_decides(
    office, sysadmin, secadmin, person
):
    request_role(person, office, Role.CLERK, by=sysadmin)
    request = request_role(person, office, Role.HEAD, by=sysadmin)
    with pytest.raises(NotAllowed):
        grant_role(person, office, Role.CLERK, by=sysadmin)
    with pytest.raises(NotAllowed):
        request_role(person, office, Role.LEAD, by=secadmin)
    with pytest.raises(Refused, match="原因"):
        decline_role(request, by=secadmin, reason=" ")
    decline_role(request, by=secadmin, reason="人员不符")
    grant_role(person, office, Role.CLERK, by=secadmin)
    assert not RoleRequest.objects.exists()
    assert list(person.memberships.values_list("role", flat=True)) == [Role.CLERK]


def test_a_change_of_roles_in_the_middle_of_a_session_ends_it_with_the_next_request(
    client, office, secadmin, person
):
    Membership.objects.create(user=person, unit=office, role=Role.CLERK)
    client.force_login(person)
    assert client.get("/purchases/").status_code == 200
    revoke_role(person.memberships.get(), by=secadmin)
    assert client.get("/purchases/").url == "/login/?next=/purchases/"

"""The frame around every page: who sees what in the menu, and where `/` leads."""

import pytest

from tests.factories import make_policy, make_unit, make_user
from units.models import Role

pytestmark = pytest.mark.django_db


def test_it_asks_a_stranger_to_log_in(client):
    response = client.get("/")
    assert response.status_code == 302 and response.url == "/login/?next=/"


@pytest.mark.parametrize(
    ("role", "address"),
    [
        (Role.CLERK, "/unit/"),
        (Role.HEAD, "/unit/"),
        (Role.LEAD, "/review/"),
        (Role.TOWN, "/review/"),
        (Role.BUREAU, "/city/"),
        (Role.OVERSIGHT, "/city/"),
        (Role.SYSTEM_ADMIN, "/people/"),
        (Role.SECURITY_ADMIN, "/people/"),
        (Role.AUDITOR, "/audit/"),
    ],
)
def test_it_sends_each_role_to_its_own_page(client, role, address):
    client.force_login(make_user("someone", role, make_unit("D01")))
    assert client.get("/").url == address


def test_it_gives_whoever_has_no_role_a_start_page(client):
    client.force_login(make_user("someone"))
    response = client.get("/")
    assert response.status_code == 200 and "尚未分配" in response.content.decode()


def test_it_remembers_the_chosen_year_and_ignores_an_unknown_one(client):
    make_policy(2021)
    make_policy(2022)
    client.force_login(make_user("auditor", Role.AUDITOR, make_unit("D01")))
    assert client.get("/account/").context["year"] == 2022
    assert client.get("/account/?year=2021").context["year"] == 2021
    assert client.get("/account/").context["year"] == 2021
    assert client.get("/account/?year=1999").context["year"] == 2021

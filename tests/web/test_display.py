"""Light or dark, 元 or 万元: kept in the browser, and nothing else happens."""

import pytest

from tests.factories import make_policy, make_unit, make_user
from units.models import Role

pytestmark = [pytest.mark.django_db, pytest.mark.nodb]


def test_it_follows_the_system_until_somebody_chooses(client):
    assert "data-bs-theme" not in client.get("/login/").content.decode().split(">", 2)[1]
    response = client.post("/display/", {"theme": "dark", "next": "/login/?next=/unit/"})
    assert (response.status_code, response.url) == (302, "/login/?next=/unit/")
    assert '<html lang="zh-Hans" data-bs-theme="dark">' in client.get("/login/").content.decode()
    client.post("/display/", {"theme": "auto"})
    assert "data-bs-theme" not in client.get("/login/").content.decode().split(">", 2)[1]


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""]
)
def test_it_goes_back_to_our_own_pages_only(client, back):
    response = client.post("/display/", {"theme": "pink", "amounts": "dollar", "next": back})
    assert response.url == "/" and not response.cookies


def test_a_cookie_that_holds_something_else_is_no_choice(client):
    client.cookies["theme"] = '"><script>'
    assert '<script>"' not in client.get("/login/").content.decode()
    make_policy()
    client.cookies["amounts"] = "pounds"
    client.force_login(make_user("bureau", Role.BUREAU, make_unit("D01")))
    assert client.get("/city/").status_code == 200

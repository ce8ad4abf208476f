"""Logging in and out."""

import pytest

from tests.factories import make_unit, make_user
from units.models import Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return make_user("clerk", Role.CLERK, make_unit("D01"))


def log_in(client, password, **extra):
    return client.post("/login/", {"username": "clerk", "password": password}, **extra)


def test_it_lets_a_person_in_and_to_their_page(client, clerk):
    assert log_in(client, "clerk").url == "/"
    assert client.get("/", follow=True).redirect_chain == [("/unit/", 302)]


def test_it_says_in_chinese_that_the_password_is_wrong(client, clerk):
    response = log_in(client, "wrong")
    assert response.status_code == 200 and "用户名或密码不正确" in response.content.decode()


def test_it_locks_after_five_wrong_passwords_even_for_the_right_one(client, clerk):
    for _ in range(5):
        response = log_in(client, "wrong")
    assert response.status_code == 429 and "已暂时锁定" in response.content.decode()
    assert log_in(client, "clerk").status_code == 429


def test_it_does_not_follow_an_address_of_another_site(client, clerk):
    response = client.post("/login/?next=https://evil.example/", {"username": "clerk", "password": "clerk"})
    assert response.url == "/"


def test_it_logs_out_by_post_only(client, clerk):
    client.force_login(clerk)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").url == "/login/"
    assert client.get("/unit/").status_code == 302


def test_it_changes_a_password_and_refuses_a_weak_one(client, clerk):
    client.force_login(clerk)
    weak = {"old_password": "clerk", "new_password1": "12345678901", "new_password2": "12345678901"}
    assert client.post("/password/", weak).status_code == 200
    good = {"old_password": "clerk", "new_password1": "Haibing-Lu-66", "new_password2": "Haibing-Lu-66"}
    assert client.post("/password/", good).url == "/"
    assert User.objects.get(username="clerk").check_password("Haibing-Lu-66")

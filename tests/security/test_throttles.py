"""Too often is refused with 429 and a sentence, by person and by address, and nobody can be kept out by others."""

from __future__ import annotations

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cixi_xiezuo.audit import AuditEvent
from procurement.models import Receipt
from tests.factories import make_unit, make_user
from units.models import Role

pytestmark = [pytest.mark.django_db, pytest.mark.nodb]


@pytest.fixture(autouse=True)
def few(settings):
    settings.THROTTLE_PER_PERSON = {"files": 3, "exports": 2, "log-ins": 4, "passwords": 2}
    settings.AXES_FAILURE_LIMIT = 100
    with time_machine.travel("2021-06-01 09:01:00+08:00", tick=False) as clock:
        yield clock


@pytest.fixture
def unit():
    return make_unit("S01")


def signed_in(user, address="10.0.0.1"):
    client = Client(REMOTE_ADDR=address)
    client.force_login(user)
    return client


def upload(client, unit, count=1):
    files = [SimpleUploadedFile(f"{n}.pdf", b"%PDF-1.4 " + str(n).encode()) for n in range(count)]
    return client.post("/inbox/", {"unit": unit.code, "files": files})


def tried(name, address, password="wrong"):
    return Client(REMOTE_ADDR=address).post("/login/", {"username": name, "password": password})


def test_files_are_counted_by_person_wherever_they_go(unit, few):
    one, other = (signed_in(make_user(name, Role.CLERK, unit)) for name in ("one", "other"))
    assert upload(one, unit, 3).status_code == 302
    for answer in (upload(one, unit), one.post("/imports/", {"file": SimpleUploadedFile("a.csv", b"a")})):
        page = answer.content.decode()
        assert answer.status_code == 429 and "上传过于频繁" in page and "9 分钟后再试" in page
        assert answer["Retry-After"] == "540"
    assert Receipt.objects.count() == 3
    assert upload(other, unit).status_code == 302
    few.move_to("2021-06-01 09:10:00+08:00")
    assert upload(one, unit).status_code == 302


def test_an_address_has_its_own_measure(unit):
    for number in range(10):
        upload(signed_in(make_user(f"p{number}", Role.CLERK, unit)), unit, 3)
    late = make_user("late", Role.CLERK, unit)
    assert upload(signed_in(late), unit).status_code == 429
    assert upload(signed_in(late, "10.0.0.2"), unit).status_code == 302


def test_exports_are_counted_and_pages_are_not(unit):
    client = signed_in(make_user("clerk", Role.CLERK, unit))
    answers = [client.post("/exports/purchases/", {"format": "csv"}).status_code for _ in range(3)]
    assert answers == [200, 200, 429]
    assert client.get("/purchases/").status_code == 200


def test_a_name_tried_from_many_addresses_is_held_back_but_not_where_its_person_is_known(unit):
    make_user("clerk", Role.CLERK, unit)
    assert tried("clerk", "10.0.0.1", "clerk").status_code == 302
    answers = [tried("clerk", f"10.9.0.{number}").status_code for number in range(6)]
    assert answers == [200, 200, 200, 429, 429, 429]
    assert tried("clerk", "10.0.0.1", "clerk").status_code == 302
    assert tried("clerk", "10.9.0.9", "clerk").status_code == 429


def test_a_name_that_is_nobodys_is_held_back_in_the_same_words(unit):
    make_user("clerk", Role.CLERK, unit)
    for name in ("clerk", "nobody"):
        answers = [tried(name, f"10.9.0.{number}") for number in range(5)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
        assert "登录过于频繁" in answers[-1].content.decode()


def test_it_is_on_record_once(unit):
    client = signed_in(make_user("clerk", Role.CLERK, unit))
    for _ in range(5):
        upload(client, unit, 2)
    event = AuditEvent.objects.get(action="操作过于频繁")
    assert (event.actor, event.subject, event.detail) == ("clerk", "用户 clerk", {"title": "上传"})


def test_without_a_cache_nobody_is_held_back(unit, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "cixi_xiezuo.cache.ForgivingRedisCache",
            "LOCATION": "redis://127.0.0.1:1",
            "OPTIONS": {"serializer": "cixi_xiezuo.cache.JsonSerializer"},
        }
    }
    client = signed_in(make_user("clerk", Role.CLERK, unit))
    assert [upload(client, unit, 2).status_code for _ in range(3)] == [302, 302, 302]

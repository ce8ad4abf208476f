"""What goes wrong has a number: on the page, on the log line; and the page says nothing else of the inside."""

from __future__ import annotations

import io
import logging
import re
from typing import Any, cast

import pytest
from django.conf import settings
from django.test import Client

from cixi_xiezuo import incidents
from cixi_xiezuo.audit import AuditEvent
from tests.factories import make_unit, make_user
from units.models import Role
from units.scope import Scope

NUMBER = re.compile(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b")


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the product's log would say."""
    kept, said = logging.StreamHandler(io.StringIO()), cast(Any, settings.LOGGING)
    formatter = said["formatters"]["line"]
    kept.setFormatter(incidents.OneLine(formatter["format"], style=formatter["style"]))
    kept.addFilter(incidents.Numbered())
    monkeypatch.setattr(logging.getLogger("django"), "handlers", [kept])
    return kept.stream


@pytest.mark.django_db
def test_a_failure_shows_its_number_and_nothing_of_the_inside(lines, monkeypatch):
    client = Client(raise_request_exception=False)
    client.force_login(make_user("clerk", Role.CLERK, make_unit("S01")))

    def fail(user: Any) -> Scope:
        raise RuntimeError("table units_unit, column secret\n2021-01-01 INFO forged")

    monkeypatch.setattr(Scope, "of", fail)
    response = client.get("/unit/")
    page, log = response.content.decode(), lines.getvalue()
    assert response.status_code == 500 and "系统出错了" in page
    for inside in ("secret", "RuntimeError", "Traceback", "units_unit", ".py"):
        assert inside not in page
    (number,) = NUMBER.findall(page)
    assert f"[{number}]" in log and "RuntimeError" in log
    assert not [line for line in log.splitlines() if line.startswith("2021-01-01")]


@pytest.mark.django_db
def test_every_request_has_a_number_of_its_own(client):
    pages = [client.post("/login/", {f"f{n}": "" for n in range(10_001)}) for _ in range(2)]
    numbers = [NUMBER.findall(page.content.decode()) for page in pages]
    assert [page.status_code for page in pages] == [400, 400]
    assert numbers[0] and numbers[1] and numbers[0] != numbers[1]


@pytest.mark.django_db
def test_a_forged_form_and_its_record_have_the_same_number():
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("clerk", Role.CLERK, make_unit("S01")))
    response = client.post("/messages/read/")
    assert response.status_code == 403
    event = AuditEvent.objects.get(action="拒绝访问")
    assert NUMBER.findall(response.content.decode()) == [event.detail["incident"]]


@pytest.mark.nodb
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x85", "\x1b[2K", "\u202e"])
def test_what_a_stranger_types_is_one_line_of_the_log(end):
    record = logging.makeLogRecord({"msg": "Not Found: %s", "args": (f"/a{end}2021-01-01 INFO forged",)})
    said = incidents.OneLine("{message}", style="{").format(record)
    assert len(said.splitlines()) == 1 and end not in said and "forged" in said

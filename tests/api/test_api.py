"""The open data interface: what its description promises, to whom, and how often."""

from __future__ import annotations

import datetime

import pytest
import schemathesis
import time_machine
from django.conf import settings
from django.core import signals
from django.core.cache import cache
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings

from assessment import jsonform
from assessment.api.schema import schema
from assessment.standing import YearStanding
from procurement import workflow
from procurement.choices import Status
from procurement.models import Purchase
from tests.amount import in_part
from tests.factories import line, make_policy, make_purchase, make_unit, make_user
from units import tokens
from units.kinds import Kind
from units.models import ApiToken, Role

pytestmark = [pytest.mark.django_db, pytest.mark.nodb]
EXAMPLES = in_part("requests made up for each address of the interface", 8, 100)
"""Requests made up for each address."""


@pytest.fixture
def city():
    make_policy()
    bureau, school, other = (
        make_unit("D01", Kind.DEPARTMENT),
        make_unit("S01", Kind.SCHOOL, supervisor=make_unit("D06", Kind.DEPARTMENT)),
        make_unit("S02", Kind.SCHOOL, supervisor=make_unit("D07", Kind.DEPARTMENT)),
    )
    for unit in (school, school, other):
        make_purchase(unit, line("100.00"), line("0.50"))
    make_purchase(school, line("7.00"), status=Status.DRAFT)
    return bureau


@pytest.fixture
def token(city) -> str:
    return tokens.issue("平台", 30, by=make_user("bureau", Role.BUREAU, city))


@pytest.fixture
def ask(client):
    def get(token: str, path: str, **query):
        return client.get(f"/api/v1/{path}", query, headers={"Authorization": f"Bearer {token}"})

    return get


def pages(ask, token: str, path: str, **query) -> list[dict]:
    found: list[dict] = []
    while True:
        answer = ask(token, path, **query).json()
        found += answer["data"]
        if answer["next"] is None:
            return found
        query["after"] = answer["next"]


def test_every_made_up_request_gets_what_the_description_says(token) -> None:
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    try:
        described = schemathesis.openapi.from_dict(schema())
        described.app = get_wsgi_application()
        for result in described.get_all_operations():
            check(result.ok(), token)
    finally:
        signals.request_started.connect(close_old_connections)
        signals.request_finished.connect(close_old_connections)


def check(operation, token: str) -> None:
    @given(case=operation.as_strategy())
    @hypothesis_settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    def answers(case) -> None:
        cache.clear()
        case.call_and_validate(headers={"Authorization": f"Bearer {token}", "Host": "testserver"})

    answers()


def test_the_pages_together_are_everything_once(ask, token) -> None:
    numbers = [row["number"] for row in pages(ask, token, "purchases", limit=1)]
    assert sorted(numbers) == sorted(Purchase.objects.values_list("number", flat=True))
    assert [row["code"] for row in pages(ask, token, "units", limit=2)] == ["D01", "D06", "D07", "S01", "S02"]
    assert [row["status"] for row in pages(ask, token, "purchases", status="draft")] == ["draft"]


def test_standings_are_those_of_the_command_and_the_lines_add_up_to_them(ask, token) -> None:
    told = ask(token, "standings/2021", as_of="2021-12-31").json()
    assert told == jsonform.year(YearStanding.read(2021, datetime.date(2021, 12, 31)))
    parts = pages(ask, token, "explain/2021/city_total", as_of="2021-12-31", limit=1)
    counted = sum(float(part["amount"]) for part in parts if part["counted"])
    assert f"{counted:.2f}" == told["city"]["city_total"]["value"] == "301.50"
    assert len(parts) == 7


def test_a_reader_sees_the_owners_units_alone(ask, city) -> None:
    lead = make_user("lead", Role.LEAD, Purchase.objects.order_by("pk")[0].unit.supervisor)
    token = tokens.issue("教育局", 30, by=lead)
    assert {row["unit"] for row in pages(ask, token, "purchases")} == {"S01"}
    assert {row["code"] for row in pages(ask, token, "units")} == {"D06", "S01"}
    told = ask(token, "standings/2021").json()
    assert told["city"] is None
    assert {row["unit"] for row in told["units"]} <= {"D06", "S01"}
    for path in ("explain/2021/city_total", "explain/2021/canteen_share?unit=S02"):
        assert ask(token, path).status_code == 404


def test_changes_are_told_once_and_later(ask, token) -> None:
    purchase = Purchase.objects.get(status=Status.DRAFT)
    workflow.void(purchase, by=None)
    assert ask(token, "changes").json() == {"data": [], "next": "0"}, "not before all of its time is stored"
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=90)):
        told = ask(token, "changes").json()
        assert told["data"][-1]["purchase"] == purchase.number
        assert "作废" in told["data"][-1]["action"]
        assert ask(token, "changes", after=told["next"]).json() == {"data": [], "next": told["next"]}


def test_a_token_is_hashed_ends_and_is_taken_back(ask, token, client) -> None:
    kept = ApiToken.objects.get()
    assert token not in str(vars(kept))
    assert ask(token, "units").status_code == 200
    assert ask(token + "x", "units").status_code == ask("", "units").status_code == 401
    kept.user.is_active = False
    kept.user.save()
    assert ask(token, "units").status_code == 401
    kept.user.is_active = True
    kept.user.save()
    ApiToken.objects.update(expires_at=timezone.now())
    assert ask(token, "units").status_code == 401
    ApiToken.objects.update(expires_at=timezone.now() + datetime.timedelta(days=1))
    kept.user.memberships.all().delete()
    assert ask(token, "units").status_code == 401, "whoever reviews nothing any more reads nothing"


def test_it_is_made_shown_once_and_revoked_on_the_account_page(client, city, ask) -> None:
    client.force_login(make_user("bureau", Role.BUREAU, city))
    page = client.post(reverse("issue_token"), {"name": "大数据平台", "days": "90"}).content.decode()
    token = page.partition('text-break">')[2].partition("<")[0]
    assert ask(token, "units").status_code == 200
    page = client.get(reverse("account")).content.decode()
    assert "大数据平台" in page
    assert token not in page
    page = client.post(
        reverse("revoke_token", args=[ApiToken.objects.get().pk]), follow=True
    ).content.decode()
    assert "已撤销令牌" in page
    assert ask(token, "units").status_code == 401


def test_too_many_requests_are_told_to_wait(ask, token, monkeypatch) -> None:
    monkeypatch.setitem(settings.THROTTLE_PER_PERSON, "reads", 2)
    assert [ask(token, "units").status_code for _ in range(3)] == [200, 200, 429]
    assert 0 < int(ask(token, "units").headers["Retry-After"]) <= 600


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("units?limit=0", 400), ("units?nonsense=1", 400), ("units?limit=1&limit=2", 400),
        ("purchases?after=-1", 400), ("purchases?after=99999999999999999999", 400), ("purchases?status=none", 400),
        ("standings/1999", 404), ("standings/2021?as_of=2021-02-30", 400), ("standings/20%00", 404),
        ("explain/2021/nothing", 404), ("explain/2021/canteen_share", 404), ("nothing", 404), ("units/", 404),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_json(ask, token, path: str, status: int) -> None:
    answer = ask(token, path)
    assert (answer.status_code, list(answer.json())) == (status, ["error"])


def test_a_token_sent_in_the_clear_is_refused_and_told_of(ask, token, settings):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_REDIRECT_EXEMPT = True, ["^api/"]
    answer = ask(token, "units")
    assert answer.status_code == 403 and "请撤销后重新建立" in answer.json()["error"]
    assert all("403" in each["get"]["responses"] for each in schema()["paths"].values())
    settings.SECURE_SSL_REDIRECT = False
    assert ask(token, "units").status_code == 200

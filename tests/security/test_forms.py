"""Forms sent by somebody who did not get them from us: forged, with fields nobody asked for, with fields doubled,
with addresses of other sites. Every POST of access.toml is tried.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from itertools import product
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection, models, transaction
from django.http import HttpResponse
from django.utils import timezone

from cixi_xiezuo.downloads import attached
from procurement.models import Purchase, Receipt
from tests.security import state
from tests.security.access import RELATIONS, Case, cases
from tests.security.test_access import _leaks, request_of
from tests.security.world import COLUMNS, FOREIGN, SEES, World, build
from units import mail
from units.models import Message, YearBase

pytestmark = [pytest.mark.nodb, pytest.mark.django_db]
CASES = list(cases())
POSTS = [case for case in CASES if case.method == "POST" and case.rows[min(case.rows)]["clerk"] != "405"]
PEOPLE = [column for column in COLUMNS if column != "nobody"]


@pytest.fixture
def world(media: Any, db: None, drawn: None) -> World:
    return build()


def doers(case: Case, cells: tuple[str, ...] = ("!",)) -> Iterator[tuple[str, str]]:
    """Who, and about whose record, gets one of the cells: at most the first of each relation."""
    for relation in RELATIONS:
        row = case.rows.get(relation) or case.rows.get("") or {}
        found = next(
            (column for column in PEOPLE if any(cell in row.get(column, "") for cell in cells)), None
        )
        if found:
            yield found, relation


class Sent:
    """The answer to a request, and what the database held after it, which is then taken back."""

    def __init__(self, world: World, column: str, address: str, data: Any = None, **headers: Any) -> None:
        client, writes = world.clients[column], state.Writes()
        with transaction.atomic(), connection.execute_wrapper(writes):
            cache.clear()
            jar = client.cookies
            client.cookies = copy.deepcopy(jar)
            if data is None:
                self.response = client.get(address, headers=headers)
            else:
                self.response = client.post(address, data, headers=headers)
            body: Any = self.response
            self.body = b"".join(body.streaming_content) if body.streaming else body.content
            self.wrote = writes.any
            self.rows = held() if writes.any else {}
            self.foreign = rows_of_foreign()
            client.cookies = jar
            transaction.set_rollback(True)


def held() -> dict[str, list[Any]]:
    """Every row of every table, without times and what is made by chance."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values_list(*columns(model)))
        for model in apps.get_models(include_auto_created=True)
        if model._meta.db_table not in state.ASIDE | state.TRAIL
    }


def columns(model: type[models.Model]) -> list[str]:
    chance = {"password", "last_login", "digest", "data", "key"}
    fields = model._meta.concrete_fields
    return [f.attname for f in fields if not isinstance(f, models.DateTimeField) and f.name not in chance]


def rows_of_foreign() -> list[Any]:
    found: list[Any] = []
    for model in (Purchase, Receipt, YearBase):
        found += model.objects.filter(unit__code=FOREIGN).order_by("pk").values_list(*columns(model))
    return found


def test_a_form_without_our_token_does_nothing(world: World) -> None:
    wrong = []
    for client in world.clients.values():
        client.handler.enforce_csrf_checks = True
    for case in POSTS:
        for column, relation in [("nobody", "own"), *list(doers(case, ("!", "200", "302")))[:1]]:
            address, data = request_of(world, case, column, relation)
            sent = Sent(world, column, address, data)
            if sent.response.status_code != 403 or sent.wrote:
                wrong.append(f"{case} {column} {relation}: {sent.response.status_code}")
    assert not wrong, "\n".join(wrong)
    assert len(POSTS) > 60


def uninvited(world: World) -> dict[str, str]:
    """Fields of the records that no form has, with what somebody would like them to be."""
    other = str(world.units[FOREIGN].pk)
    me = str(world.people["clerk"].pk)
    return {
        "status": "approved", "state": "done", "recognised": "99999.00", "recognised_reason": "x", "posted": "1",
        "unit_id": other, "subject": other, "responsible": other, "owner": me, "user": me, "recorded_by": me,
        "submitted_by": me, "decided_by": "", "confirmed_by": "x", "live": "1", "doubts": "0", "claimed": "1",
        "is_superuser": "1", "is_staff": "1", "is_active": "1", "must_change_password": "", "memberships": "bureau",
        "groups": "1", "user_permissions": "1", "pk": "1", "id": "1", "in_force": "1", "locked": "", "epoch": "0",
        "lines-0-status": "approved", "lines-0-recognised": "1", "lines-0-posted": "1", "unit__code": FOREIGN,
    }  # fmt: skip


ELSEWHERE = (
    "//evil.example/", "https://evil.example/", "https:evil.example", "\\\\evil.example", "/\\evil.example",
    "javascript:alert(1)", "/\t/evil.example", "/%0d%0aSet-Cookie:a=b", "/\r\nSet-Cookie: a=b",
)  # fmt: skip
LEADING = ("next", "url", "return", "redirect_to", "back")


def leads_away(answer: Any) -> bool:
    """To another site, or into a header of its own."""
    target = answer.headers.get("Location", "/")
    path = target.partition("?")[0]
    away = not path.startswith("/") or path.startswith(("//", "/\\")) or "evil" in path
    broken = any("\n" in value or "\r" in value for value in answer.headers.values())
    return away or broken or "a" in answer.cookies


def test_fields_that_nobody_asked_for_change_nothing_and_lead_nowhere(world: World) -> None:
    wrong, tried = [], 0
    extra = uninvited(world)
    for place, case in enumerate(POSTS):
        evil = dict.fromkeys(LEADING, ELSEWHERE[place % len(ELSEWHERE)])
        for column, relation in list(doers(case))[:1]:
            address, data = request_of(world, case, column, relation)
            plain = Sent(world, column, address, data)
            address, data = request_of(world, case, column, relation)
            address += ("&" if "?" in address else "?") + urlencode(evil)
            more = Sent(world, column, address, evil | extra | data, referer="https://evil.example/x")
            tried += 1
            differing = [name for name in plain.rows if plain.rows[name] != more.rows.get(name)]
            if differing or plain.response.status_code != more.response.status_code:
                wrong.append(f"{case} {column} {relation}: {differing} {more.response.status_code}")
            if leads_away(more.response):
                wrong.append(f"{case} {column} {relation}: {more.response.headers}")
    assert not wrong, "\n".join(wrong)
    assert tried > 40


def test_a_doubled_field_reaches_no_foreign_record(world: World) -> None:
    """Own and foreign in one request, in either order, by those who may not see the foreign one."""
    wrong, tried = [], 0
    for case in CASES:
        if not ("{" in case.query or any("{" in str(value) for value in case.data.values())):
            continue
        for column, relation in doers(case, ("!", "200", "302")):
            if FOREIGN in SEES.get(column, ()) or column not in SEES or relation == "foreign":
                continue
            address, data = request_of(world, case, column, relation)
            other, others = request_of(world, case, column, "foreign")
            query, more = address.partition("?")[2], other.partition("?")[2]
            before = rows_of_foreign()
            for first, second in ((query, more), (more, query)):
                joined = f"{address.partition('?')[0]}?{first}&{second}"
                mine, theirs = (data, others) if first == query else (others, data)
                both = {
                    name: [mine[name], theirs[name]] if name in mine and name in theirs else value
                    for name, value in (data | mine).items()
                }
                sent = Sent(world, column, joined, None if case.method == "GET" else both)
                tried += 1
                if sent.foreign != before:
                    wrong.append(f"{case} {column} {relation}: changed a foreign record")
                wrong += [
                    f"{case} {column}: {word}" for word in _leaks(column, sent.body.decode(errors="replace"))
                ]
    assert not wrong, "\n".join(wrong)
    assert tried > 40


LOGGING_IN = ("/login/?next={}", "/account/second-factor/?next={}")


def test_logging_in_leads_to_no_other_site(world: World) -> None:
    for address, evil in product(LOGGING_IN, ELSEWHERE):
        asked = address.format(quote(evil))
        sent = Sent(world, "nobody", asked, {"username": "clerk", "password": "clerk", "next": evil})
        assert not leads_away(sent.response), f"{asked}: {sent.response.headers}"


def test_a_line_end_in_a_name_makes_no_header(world: World, settings: Any, mailoutbox: Any) -> None:
    """Neither of a download nor of an e-mail."""
    world.units["S01"].name = "小学\r\nSet-Cookie: a=b"
    world.units["S01"].save()
    answer = world.clients["clerk"].post("/units/S01/sheet/?year=2021", {})
    assert answer.status_code == 200 and not leads_away(answer)
    assert "\n" not in attached(HttpResponse(), "a\r\nX: y.pdf").headers["Content-Disposition"]
    settings.MAIL = True
    clerk = world.people["clerk"]
    clerk.email = "clerk@example.cn"
    title = "催报 小学\r\nBcc: evil@example.cn"
    message = Message.objects.create(user=clerk, title=title, body="x", sent_at=timezone.now())
    assert mail.send([message]) == 0
    assert mailoutbox[0].subject.endswith("小学 Bcc: evil@example.cn") and mailoutbox[0].to == [
        "clerk@example.cn"
    ]

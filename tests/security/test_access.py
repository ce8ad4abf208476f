"""Who may open and do what: every cell of access.toml, for every address of the project."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import reverse

from tests.security import state
from tests.security.access import RELATIONS, Case, addresses, cases
from tests.security.headers import wrong_with
from tests.security.world import COLUMNS, EVERY, SEES, World, build, canary, unit_of

pytestmark = [pytest.mark.django_db, pytest.mark.nodb]  # the pages themselves are opened on both in tests/web
CASES = list(cases())
LOOKING = frozenset({"拒绝访问", "下载票据", "下载附件", "查看票据"})
"""What a look at a page may put on record."""
OTHER_METHODS = ("PUT", "PATCH", "DELETE", "TRACE", "CONNECT")


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Built once for the module; each test works on it in a transaction of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def world(city: World, media: Any, db: None, drawn: None) -> World:
    city.begin()
    return city


def answer(
    world: World, case: Case, column: str, relation: str, check: Callable[[], object] = lambda: None
) -> tuple[str, list[str]]:
    """What the cell holds in truth, and whose words were shown to somebody who may not see them.

    `check` looks at what the request has left, before it is taken back.
    """
    address, data = request_of(world, case, column, relation)
    before, last, writes = world.state(), state.last_event(), state.Writes()
    client = world.clients[column]
    with transaction.atomic(), connection.execute_wrapper(writes):
        cache.clear()
        jar = client.cookies
        client.cookies = copy.deepcopy(jar)
        response: Any = client.get(address) if case.method == "GET" else client.post(address, data)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        cell = str(response.status_code)
        faults = list(wrong_with(response, known=column != "nobody" and case.section != "healthz"))
        assert not faults, f"{case} {column} {relation} {cell}: {faults}"
        if cell == "302" and response["Location"].startswith("/login/"):
            cell = "in"
        check()
        tables = state.changed(before, state.dump()) if writes.any else []
        events = state.recorded_since(last)
        client.cookies = jar
        transaction.set_rollback(True)
    if tables:
        cell += "!"
        assert events, f"{case} {column} {relation}: changed {tables} without a word in the trail"
    if case.method == "GET":
        assert set(events) <= LOOKING, f"{case} {column} {relation}: a look put {events} on record"
    return cell, _leaks(column, body.decode(errors="replace"))


def request_of(world: World, case: Case, column: str, relation: str) -> tuple[str, dict[str, Any]]:
    """The address and the fields that a person of the column sends about their record of that relation."""
    code = unit_of(column, relation)
    thing = world.object(case.object, code, column if relation == "own" else "")
    world.lay_files()
    words = {"object": thing, "unit": world.units[code], "user": world.people.get(column, column)}
    if hasattr(thing, "lines"):
        words |= {"line": thing.lines.first(), "receipt": thing.receipts.first()}
    address = reverse(case.url, kwargs=_arguments(case, thing, code))
    if case.query:
        address += "?" + case.query.format_map(words)
    data = {
        name.format_map(words): SimpleUploadedFile("票.pdf", b"%PDF-1.4 new")
        if value == "@file"
        else str(value).format_map(words)
        for name, value in case.data.items()
    }
    return address, data


def asked(world: World, case: Case, column: str, relation: str, **more: Any) -> Any:
    """The response alone; what the request did is taken back. `more`: fields sent beside those of the table."""
    address, data = request_of(world, case, column, relation)
    client = world.clients[column]
    with transaction.atomic():
        cache.clear()
        jar = client.cookies
        client.cookies = copy.deepcopy(jar)
        get = case.method == "GET"
        response = client.get(address) if get else client.post(address, data | more)
        client.cookies = jar
        transaction.set_rollback(True)
    return response


def _arguments(case: Case, thing: Any, code: str) -> dict[str, Any]:
    pattern = addresses()[case.url]
    known = {"pk": getattr(thing, "pk", 0), "code": code, "year": 2021, "number": 1} | case.args
    return {name: value for name, value in known.items() if f":{name}>" in pattern}


def _leaks(column: str, page: str) -> list[str]:
    mine = SEES.get(column, frozenset())
    return [
        canary(code, what)
        for code in sorted(EVERY - mine)
        for what in ("产品", "编号", "供应商", "文件")
        if canary(code, what) in page
    ]


def test_every_address_has_its_rows():
    missing = [
        f"the address {pattern!r} has no section [{name}] in tests/security/access.toml: add one that says, for "
        "each role and for a record of their own, one under them and a foreign one, what GET and POST answer"
        for name, pattern in addresses().items()
        if name not in {case.url for case in CASES}
    ]
    assert not missing, "\n".join(missing)


def test_no_row_is_about_an_address_that_is_gone():
    gone = {case.section for case in CASES if case.url not in addresses()}
    assert not gone, f"tests/security/access.toml: sections of no address: {sorted(gone)}"


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_person_gets_what_the_table_says_and_no_word_of_others(world, case):
    wrong, leaks = [], []
    relations = RELATIONS if case.object or set(case.rows) - {""} else ("",)
    for relation in relations:
        expected = case.rows.get(relation) or case.rows.get("")
        assert expected, f"access.toml [{case.section}]: {case.method} has no row {relation!r}"
        found = {}
        for column in COLUMNS:
            found[column], words = answer(world, case, column, relation)
            leaks += [f"{column} {relation}: {word}" for word in words]
        if found != expected:
            name = ".".join(filter(None, (case.method, relation or ("all" if case.data else ""))))
            differing = [column for column in COLUMNS if found[column] != expected[column]]
            cells = " ".join(f"{cell:4}" for cell in found.values()).rstrip()
            wrong.append(f'{", ".join(differing)}: the site answers\n{name:12} = "{cells}"')
    assert not wrong, "\n".join([f"access.toml [{case.section}]", *wrong])
    assert not leaks, "\n".join(leaks)


@pytest.mark.parametrize("url", sorted({case.url for case in CASES}))
def test_no_other_method_does_anything(world, url):
    case = next(case for case in CASES if case.url == url)
    thing = world.object(case.object, "S01")
    address = reverse(url, kwargs=_arguments(case, thing, "S01"))
    before = state.dump()
    for column in ("nobody", "clerk", "bureau", "sysadmin"):
        for method in OTHER_METHODS:
            response = world.clients[column].generic(method, address)
            assert response.status_code in (302, 403, 404, 405), (
                f"{method} as {column}: {response.status_code}"
            )
    assert state.changed(before, state.dump()) == []


def test_the_world_hides_nothing_from_those_who_may_see_it(world):
    """The marks looked for above do appear where they may: a page that shows none would prove nothing."""
    for column in SEES:
        purchase = world.object("purchase approved", unit_of(column, "own"))
        page = world.clients[column].get(reverse("purchase", args=[purchase.pk])).content.decode()
        assert canary(purchase.unit.code, "产品") in page

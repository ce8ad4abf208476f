"""What no form would send (NUL, halves of characters, numbers without end, days that are none) is refused, never a failure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import cycle
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from django.core.cache import cache
from django.db import transaction

from tests.amount import FULL, in_part
from tests.security.access import Case, cases
from tests.security.test_access import asked, city, request_of, world
from tests.security.world import World

__all__ = ["city", "world"]

pytestmark = [pytest.mark.django_db, pytest.mark.nodb]
ODD = [
    b"\x00",
    b"\xed\xa0\x80",
    b"9" * 400,
    b"-1",
    b"2021-02-31",
    b"0000-00-00",
    b"1e999",
    b"NaN",
    "１２３".encode(),
    b"'\"%_\\",
    b"A" * 5000,
    b"99999999999999999999",
    b"\xff\xfe",
    "\u202e\u0000甲".encode(),
    b"",
]
ALWAYS = ("page", "year", "as_of", "q", "unit", "sort", "date", "kind", "next")
READ = [case for case in cases() if case.method == "GET"]
SENT = [case for case in cases() if case.method == "POST"]
VALUES = in_part("odd values sent to each address, in turn", 1, len(ODD))
TURNS = cycle(range(len(ODD)))


def values() -> list[bytes]:
    return [ODD[next(TURNS)] for _ in range(VALUES)]


def who_may(case: Case) -> Iterator[tuple[str, str]]:
    """A column and a relation for which the table lets the request through."""
    for relation, cells in case.rows.items():
        for column, cell in cells.items():
            if cell.rstrip("!") in ("200", "302", "422") and column != "nobody":
                yield column, relation or "own"
                return


@pytest.mark.parametrize("case", READ, ids=str)
def test_no_query_string_fails(case: Case, world: World) -> None:
    for column, relation in who_may(case):
        client = world.clients[column]
        address, _ = request_of(world, case, column, relation)
        with transaction.atomic():
            page = asked(world, case, column, relation)
            body = b"" if page.streaming else page.content
            names = {
                *ALWAYS,
                *re.findall(r'<(?:input|select)[^>]* name="([\w-]+)"', body.decode(errors="replace")),
            }
            for value in values():
                query = "&".join(f"{name}={quote_from_bytes(value)}" for name in sorted(names))
                for asked_for in (
                    query,
                    *(f"{name}={quote_from_bytes(value)}" for name in sorted(names)[: 8 if FULL else 0]),
                ):
                    cache.clear()
                    with transaction.atomic():
                        answer = client.get(address.partition("?")[0] + "?" + asked_for)
                        transaction.set_rollback(True)
                    assert answer.status_code < 500, (asked_for[:200], answer.status_code)
            transaction.set_rollback(True)


@pytest.mark.parametrize("case", SENT, ids=str)
def test_no_field_fails(case: Case, world: World) -> None:
    for column, relation in who_may(case):
        client: Any = world.clients[column]
        address, data = request_of(world, case, column, relation)
        plain = {name: value for name, value in data.items() if isinstance(value, str)} or {
            "reason": "",
            "name": "",
        }
        for value in values():
            text = value.decode("utf-8", "surrogatepass") if value != b"\xff\xfe" else "\ufffe"
            text = text.encode("utf-8", "replace").decode() if "\ud800" in text else text
            for sent in [{name: text} for name in plain] if FULL else [dict.fromkeys(plain, text)]:
                cache.clear()
                with transaction.atomic():
                    answer = client.post(address, data | sent)
                    transaction.set_rollback(True)
                assert answer.status_code < 500, (sent, answer.status_code)

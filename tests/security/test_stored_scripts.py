"""Scripts kept in every text of the database are shown as text: every page, as every role that may open it."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import transaction

from tests.amount import in_part
from tests.security.access import RELATIONS, Case, cases
from tests.security.poison import fill, poison
from tests.security.test_access import asked
from tests.security.world import COLUMNS, World, build

pytestmark = [pytest.mark.nodb]
CASES = list(cases())
PEOPLE = [column for column in COLUMNS if column != "nobody"]
ROLES = in_part("roles that open each page with stored scripts, in turn", 1, 9)
MARK = "svg onload=xss()"


def scripted(text: str) -> str:
    """Breaks out of an attribute, a text and a string in a script. Short: names have room for so much."""
    return f"\"'><{MARK}>{text}"


class Page(HTMLParser):
    """What on the page would run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.runs: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.runs += [f"<{tag} {name}>" for name in given if name.startswith("on") or name == "style"]
        if tag == "script" and not given.get("src", "").startswith("/static/"):
            self.runs += [f"<script {given}>"] if given.get("type") != "application/json" else []
        if tag in ("iframe", "object", "embed", "base", "style") or (tag == "svg" and "onload" in given):
            self.runs.append(f"<{tag}>")
        for name in ("href", "src", "action", "formaction", "hx-get", "hx-post"):
            value = given.get(name, "/")
            if value and not value.startswith(
                ("/", "#", "?", "data:image/", "https://inv-veri.chinatax.gov.cn")
            ):
                self.runs.append(f"<{tag} {name}={value}>")


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        world = build()
        fill(world)
        poison(world, scripted)
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def world(city: World, media: Any, db: None, drawn: None) -> World:
    city.begin(anew=False)
    city.lay_files()
    return city


def allowed(case: Case, cells: tuple[str, ...]) -> list[tuple[str, str]]:
    """Every person who gets one of the cells, once, with a relation for which they do."""
    found = {}
    for relation in reversed(RELATIONS):
        row = case.rows.get(relation) or case.rows.get("") or {}
        found |= {column: relation for column in PEOPLE if row.get(column, "").startswith(cells)}
    return list(found.items())


@pytest.mark.django_db
def test_every_page_shows_them_as_text(world: World) -> None:
    wrong, shown = set(), set()
    for place, case in enumerate(CASES):
        people = allowed(case, ("200", "422"))
        turn = place % max(len(people), 1)
        for column, relation in (people[turn:] + people[:turn])[: 1 if case.method == "POST" else ROLES]:
            response = asked(world, case, column, relation)
            if not response.headers["Content-Type"].startswith("text/html"):
                continue
            page = response.content.decode()
            wrong |= {f"{case} {column}: {each}" for each in Page(page).runs}
            if MARK in page.replace("&#x27;", "'"):
                shown.add(case.url)
    assert not wrong, "\n".join(sorted(wrong))
    assert len(shown) > 35, sorted(shown)  # the pages that show somebody's words do show these


@pytest.mark.django_db
def test_a_form_that_is_refused_gives_them_back_as_text(world: World) -> None:
    wrong, back = set(), 0
    for case in CASES:
        if case.method != "POST" or "files" in case.data:
            continue
        bad = {name: scripted("x") for name in case.data if name not in ("version", "edition", "seen")}
        for column, relation in allowed(case, ("200", "302", "422"))[:1]:
            response = asked(world, case, column, relation, **bad)
            assert response.status_code < 500, f"{case} {column}"
            if response.headers["Content-Type"].startswith("text/html") and not response.streaming:
                page = response.content.decode()
                wrong |= {f"{case} {column}: {each}" for each in Page(page).runs}
                back += MARK in page
    assert not wrong, "\n".join(sorted(wrong))
    assert back > 3

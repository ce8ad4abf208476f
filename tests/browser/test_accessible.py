"""Every page of the table of addresses, light and dark, on a desk and on a phone; and what opens over a page.

Nothing serious that axe finds, no error in the console, no other host asked, no sideways scrolling at 390 px.
`make sights` opens all and keeps a picture of each at both sizes in var/sights, to be looked at.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from procurement.choices import Use
from tests.amount import one_in
from tests.browser.fixtures import DESKTOP, PHONE
from tests.browser.sights import Onlooker
from tests.factories import line, make_base, make_purchase, make_unit
from tests.security.access import RELATIONS, Case, cases
from tests.security.poison import fill
from tests.security.test_access import request_of
from tests.security.world import World, build
from units.kinds import Kind
from units.models import BaseStatus

pytestmark = [
    pytest.mark.browser,
    pytest.mark.nodb,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        importlib.util.find_spec("axe_playwright_python") is None,
        reason="no axe-playwright-python: make setup",
    ),
]
AT_HAND = ("clerk", "lead", "town")
FROM_ABOVE = ("bureau", "oversight", "sysadmin", "secadmin", "auditor", "roleless", "nobody")
"""A page is opened by the first of each who may: whose record it is may write where the others read."""

NO_PAGES = (
    "healthz", "readyz", "metrics", "schema", "template", "_file", "_page", "paper", "picture", "evidence", "document",
    "_trail", "_papers", "_suggestions", "_list", "_state", "_check",
)  # fmt: skip
"""How sections are called that hand out a file or a part of a page."""


def sights() -> Iterator[tuple[Case, str, str]]:
    """Section, column, relation of whatever GET answers with 200; not quite all of it is a page."""
    for case in cases():
        if case.method == "GET" and not case.section.endswith(NO_PAGES):
            for columns in (AT_HAND, FROM_ABOVE):
                found = (
                    (case, column, relation)
                    for column in columns
                    for relation in ("", *RELATIONS)
                    if case.rows.get(relation, {}).get(column) == "200"
                )
                yield from [first for first in [next(found, None)] if first]


SIGHTS = list(sights())
CHOSEN = one_in(7, "pages opened by each who may", SIGHTS)


@pytest.fixture
def city(media: Any, settings: Any) -> World:
    """Something of everything, and lists of more than a page."""
    settings.PUBLIC_PAGE = True
    world = build()
    fill(world)
    for number in range(60):
        unit = make_unit(f"S1{number:02}", Kind.SCHOOL, f"第{number}小学", town=world.units["T01"])
        make_base(unit, status=BaseStatus.FILED, canteen="none")
        if number < 8:
            tea = [line("12.00", use=Use.OFFICE, quantity=n, measure="盒") for n in (2, 3)]
            make_purchase(unit, *tea, date=f"2021-{number + 1:02}-03")
    return world


class Party:
    """Whoever is needed, each logged in once; what they found wrong is in `wrong`."""

    def __init__(self, browser: Any, site: str, city: World) -> None:
        self.browser, self.site, self.city = browser, site, city
        self.wrong: list[str] = []
        self.there: dict[str, Onlooker] = {}
        self.opened: set[tuple[str, str]] = set()

    def person(self, column: str) -> Onlooker:
        if column not in self.there:
            cookie = self.city.clients[column].cookies.get("sessionid")
            session = cookie.value if cookie else ""
            self.there[column] = Onlooker(self.browser, self.site, column, session, self.wrong)
        return self.there[column]

    def open(self, case: Case, column: str, relation: str) -> None:
        """Where it is a page of its own, and not yet seen."""
        address, _ = request_of(self.city, case, column, relation)
        if (address, column) in self.opened:
            return
        response = self.city.clients[column].get(address)
        html = response.status_code == 200 and response["Content-Type"].startswith("text/html")
        if html and not response.streaming and b"</html>" in response.content:
            self.opened.add((address, column))
            self.person(column).visit(address, f"{case.section}-{column}")

    def leave(self) -> None:
        for each in self.there.values():
            each.close()


def test_no_page_keeps_anybody_out(browser: Any, live_server: Any, city: World) -> None:
    party = Party(browser, live_server.url, city)
    for case, column, relation in CHOSEN:
        party.open(case, column, relation)
    story = city.object("story published", "S01").pk
    for name, arguments in (("public", []), ("public_story", [story])):
        party.person("nobody").visit(reverse(name, args=arguments), name)
    _what_says_that_it_failed(party.person("nobody"))
    _what_opens_over_a_page(party.person("bureau"))
    party.leave()
    assert {column for _, column in party.opened} >= {"clerk", "bureau"}
    assert not party.wrong, "\n".join(party.wrong)


def _what_says_that_it_failed(person: Onlooker) -> None:
    """The pages of errors as they stand: a status of theirs would be an error in the console."""
    for name in ("400", "403", "403_csrf", "404", "429", "500"):
        said = {"incident": "2f6c1d9a", "sentence": "请求里有不能识别的字符", "doing": "登录", "minutes": 3}
        html = render_to_string(f"{name}.html", said)
        with person.given(f"/{name}/", html):
            person.visit(f"/{name}/", name)


def _what_opens_over_a_page(person: Onlooker) -> None:
    """The tour, the person's menu, the help, a figure's lines, the menu on a phone."""
    opened = {
        "/help/?tour=1": ("[data-tour-next]", "[data-tour-back]:not([hidden])"),
        "/city/": (".topbar-person summary", ".person-menu"),
        "/todo/": ("[data-bs-target='#help-drawer']", "#help-drawer.show:not(.showing)"),
        "/standings/dept_town_total/": (
            "a[data-drawer]",
            "#explain-drawer.show:not(.showing) .counted-head, #explain-drawer p",
        ),
        "/messages/": (".navbar-toggler", "#side-menu.show"),
    }
    for address, (button, dialog) in opened.items():
        person.page.set_viewport_size(PHONE if button == ".navbar-toggler" else DESKTOP)
        person.page.goto(person.site + address)
        person.page.locator(button).first.click()
        person.page.locator(dialog).first.wait_for()
        person.look()
        person.keep(f"over{address.split('?')[0].replace('/', '-')}")

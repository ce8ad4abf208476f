"""Scripts kept in every text of the database, opened in a real browser: none of them runs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.fixtures import DESKTOP
from tests.security.poison import fill, poison
from tests.security.test_stored_scripts import scripted
from tests.security.world import build

pytestmark = [pytest.mark.browser, pytest.mark.nodb, pytest.mark.django_db(transaction=True)]

IN_A_BROWSER = {
    "clerk": [
        "/unit/",
        "/inbox/",
        "/drafts/",
        "/purchases/",
        "/purchases/new/",
        "/whatif/?year=2021",
        "/search/?q=svg",
    ],
    "bureau": [
        "/city/",
        "/review/",
        "/units/",
        "/bases/",
        "/policies/",
        "/standings/",
        "/todo/",
        "/messages/",
    ],
    "sysadmin": ["/people/", "/tasks/", "/imports/"],
    "auditor": ["/audit/"],
}


def test_nothing_runs_in_a_browser(browser: Any, live_server: Any, media: Any) -> None:
    """Charts, drawers and lists put together by scripts; without our policy in the way, so that all would run."""
    world = build()
    fill(world)
    poison(world, scripted)
    wrong: list[str] = []
    for column, addresses in IN_A_BROWSER.items():
        context = browser.new_context(viewport=DESKTOP, locale="zh-CN", bypass_csp=True)
        context.add_init_script("window.xss = () => { window.ran = (window.ran || 0) + 1; };")
        key = world.clients[column].cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": key, "url": live_server.url}])
        page = context.new_page()
        page.on("dialog", lambda dialog: wrong.append(dialog.message))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        if column in ("clerk", "bureau"):
            purchase = world.object("purchase submitted", "S01").pk
            addresses = [*addresses, f"/purchases/{purchase}/", f"/review/{purchase}/"]
        for address in addresses:
            page.goto(live_server.url + address)
            drawer = page.locator("a[data-drawer]").first
            if drawer.count():
                with page.expect_response(lambda response: True):
                    drawer.click()
            if page.evaluate("window.ran || 0"):
                wrong.append(f"{column} {address}: ran")
        context.close()
    assert not wrong, "\n".join(wrong)

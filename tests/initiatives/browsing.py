"""A person in a browser without typing their password, and what keeps people out of a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.fixtures import DESKTOP, PHONE
from tests.browser.steps import FITS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LOOKS = {
    "light": {"resultTypes": ["violations"]},
    "dark": {"resultTypes": ["violations"], "runOnly": ["color-contrast"]},
}
GRAVE = {"serious", "critical"}


def opened(browser: Browser, live_server: Any, client: Any, user: Any = None) -> Page:
    """A page of the person's; of nobody's where there is no `user`."""
    context = browser.new_context(viewport=DESKTOP, locale="zh-CN", bypass_csp=True, reduced_motion="reduce")
    if user is not None:
        client.force_login(user)
        cookie = client.cookies["sessionid"]
        context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
    return context.new_page()


def barriers(page: Page) -> Iterator[str]:
    """Of the page as it stands: what axe finds serious, light and dark; on a phone, that it scrolls sideways."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for theme, options in LOOKS.items():
        page.emulate_media(color_scheme=theme)
        for found in axe.run(page, options=options).response["violations"]:
            if found["impact"] in GRAVE:
                yield f"{page.url} {theme}: {found['id']} {found['nodes'][0]['html'][:160]}"
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    if not page.evaluate(FITS):
        yield f"{page.url} scrolls sideways on a phone"
    page.set_viewport_size(DESKTOP)

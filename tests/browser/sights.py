"""A browser that looks at a page as people do who see, hear or hold it differently, and notes what keeps them out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.browser.fixtures import DESKTOP, PHONE
from tests.browser.steps import FITS
from tests.services import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"resultTypes": ["violations"]},
    "dark": {"resultTypes": ["violations"], "runOnly": ["color-contrast"]},
}
GRAVE = {"serious", "critical"}
OPEN_ALL = "document.querySelectorAll('main details').forEach((each) => { each.open = true; })"
RUN = """async (options) => {
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));  // the look has changed
    await Promise.all(document.getAnimations().map((each) => each.finished));
    return (await axe.run(document, options)).violations;
}"""
KEPT = ROOT / "var" / "sights" if os.environ.get("PICTURES") == "1" else None
"""Where a picture of each page at both sizes is kept, if asked for."""


@cache
def _axe() -> str:
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


class Onlooker:
    """One person, logged in once; `wrong` says what is wrong with what they saw."""

    def __init__(self, browser: Browser, site: str, who: str, session: str, wrong: list[str]) -> None:
        self.site, self.who, self.wrong = site, who, wrong
        self.context = browser.new_context(
            viewport=DESKTOP, locale="zh-CN", bypass_csp=True, reduced_motion="reduce"
        )
        self.context.add_init_script(_axe())
        if session:
            self.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda each: self._note(each.text) if each.type == "error" else None)
        self.page.on("pageerror", lambda error: self._note(str(error)))
        self.page.on("request", lambda each: self._asked(each.url))

    def _note(self, what: str) -> None:
        self.wrong.append(f"{self.who} {self.page.url.removeprefix(self.site)} {what}")

    def _asked(self, address: str) -> None:
        if not address.startswith((self.site, "data:", "blob:")):
            self._note(f"asks another host: {address}")

    def visit(self, address: str, name: str) -> None:
        """The page at both sizes and in both looks, all that folds open."""
        self.page.goto(self.site + address)
        self.keep(f"{name}-1366")
        self.page.evaluate(OPEN_ALL)
        self.look()
        self.page.set_viewport_size(PHONE)
        self._fits()
        self.keep(f"{name}-390")
        self.page.set_viewport_size(DESKTOP)

    @contextmanager
    def given(self, address: str, html: str) -> Iterator[None]:
        """The address answers with this page."""
        self.page.route(self.site + address, lambda route: route.fulfill(body=html, content_type="text/html"))
        yield
        self.page.unroute(self.site + address)

    def look(self) -> None:
        for theme, options in LOOKS.items():
            self.page.emulate_media(color_scheme=theme)
            for found in self.page.evaluate(RUN, options):
                if found["impact"] in GRAVE:
                    node = found["nodes"][0]
                    self._note(f"{theme}: {found['id']} {node['html'][:200]} {node['failureSummary'][:200]}")
        self.page.emulate_media(color_scheme="light")

    def _fits(self) -> None:
        from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

        try:
            self.page.wait_for_function(FITS, timeout=3000)  # charts take a moment to follow
        except PlaywrightTimeoutError:
            self._note("scrolls sideways on a phone")

    def keep(self, name: str) -> None:
        if KEPT:
            KEPT.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=KEPT / f"{name}.png", full_page=True)

    def close(self) -> None:
        self.context.close()

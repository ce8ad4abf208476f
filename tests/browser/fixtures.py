"""A real Chromium for tests marked `browser`."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

SCREENSHOTS = Path(__file__).resolve().parent.parent / "screenshots"
DESKTOP: "ViewportSize" = {"width": 1366, "height": 768}
PHONE: "ViewportSize" = {"width": 390, "height": 844}
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """Give the path of the Chromium to drive: $CHROMIUM, else the one installed."""
    given = os.environ.get("CHROMIUM")
    return (
        given or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    )


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """One Chromium for the run; its tests skip, saying so, where none is installed."""
    path = chromium()
    if path is None:
        pytest.skip("no Chromium found: install Debian's chromium, or set CHROMIUM to its path")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield running
        running.close()


@pytest.fixture
def new_page(browser: "Browser") -> Iterator[Callable[..., "Page"]]:
    """Open pages, each a person of its own (own cookies): `new_page()` or `new_page(PHONE)`.

    The test fails where a script broke or something on a page was refused by the content security policy.
    """
    problems: list[str] = []
    contexts = []

    def opened(viewport: "ViewportSize | None" = None) -> "Page":
        context = browser.new_context(
            viewport=viewport or DESKTOP, locale="zh-CN", timezone_id="Asia/Shanghai", accept_downloads=True
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
        page.on("console", lambda message: _note(problems, page.url, message.type, message.text))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not problems, "\n".join(problems)


def _note(problems: list[str], url: str, kind: str, text: str) -> None:
    if kind == "error" and "Content Security Policy" in text:
        problems.append(f"{url}: {text}")


@pytest.fixture
def page(new_page: Callable[..., "Page"]) -> "Page":
    """One page of 1366×768."""
    return new_page()


@pytest.fixture
def screenshot() -> Callable[..., Path]:
    """Keep a picture of a page as tests/screenshots/NAME.png, to be looked at."""

    def keep(page: "Page", name: str, *, full_page: bool = True) -> Path:
        SCREENSHOTS.mkdir(exist_ok=True)
        path = SCREENSHOTS / f"{name}.png"
        page.screenshot(path=path, full_page=full_page)
        return path

    return keep

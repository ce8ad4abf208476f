"""What a person does on the pages, for the browser tests: by sight and by label, never by address alone."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.fixtures import DESKTOP, PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

DROP = """(area, files) => {
    const transfer = new DataTransfer();
    for (const [name, data] of Object.entries(files)) {
        const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
        transfer.items.add(new File([bytes], name));
    }
    area.dispatchEvent(new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer: transfer}));
}"""

FITS = "() => document.documentElement.scrollWidth <= window.innerWidth"  # charts take a moment to follow


def log_in(page: Page, site: str, username: str, password: str) -> None:
    page.goto(f"{site}/login/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    page.locator(".topbar-person").wait_for()


def choose_year(page: Page, year: int) -> None:
    """In the bar on top; the page comes again by itself."""
    with page.expect_navigation():
        page.locator("#year-choice").select_option(str(year))


def open_menu(page: Page, title: str) -> None:
    """By the left menu."""
    with page.expect_navigation():
        page.get_by_role("navigation", name="主菜单").get_by_role("link", name=title).click()


def drop_files(page: Page, files: Mapping[str, bytes]) -> None:
    """Drag files from the desktop onto the drop area; the page that follows is the inbox."""
    encoded = {name: base64.b64encode(data).decode() for name, data in files.items()}
    with page.expect_navigation(url="**/inbox/?taken=*"):
        page.locator("[data-drop]").evaluate(DROP, encoded)


def shown_yuan(where: Locator) -> Decimal:
    """The first amount of 元 in what a person reads there, or in its tooltip where it shows 万元."""
    text = where.get_attribute("title") or where.inner_text()
    found = re.search(r"(-?[\d,]+\.\d\d)(?: 元)?", text)
    assert found, f"no amount in {text!r}"
    return Decimal(found[1].replace(",", ""))


def both_sizes(page: Page, screenshot: Callable[..., Path], name: str) -> None:
    """A picture on the desk and one on the phone, where no page may scroll sideways."""
    page.evaluate("window.scrollTo(0, 0)")
    screenshot(page, f"{name}-1366", full_page=False)
    page.set_viewport_size(PHONE)
    page.wait_for_function(FITS)
    screenshot(page, f"{name}-390", full_page=False)
    page.set_viewport_size(DESKTOP)

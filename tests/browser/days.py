"""A person's day on the pages: their clicks, the words they saw, what went wrong, and pictures for the guide."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PIL import Image

from tests.browser.steps import log_in
from tests.services import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Locator, Page

GUIDE = ROOT / "docs" / "guide"
PICTURES = GUIDE / "pictures"
LARGEST = 60_000  # bytes
SEEN: dict[str, set[str]] = defaultdict(set)
"""Role → the words of headings, menus, buttons, labels and the like that stood on its pages."""
PICTURED: dict[str, set[str]] = defaultdict(set)

WORDS = """() => {
    const found = new Set();
    const keep = (text) => found.add((text || "").replace(/\\s+/g, " ").trim());
    const kinds = "a,button,h1,h2,h3,label,legend,th,dt,summary,option,strong,span,input,textarea,select";
    for (const each of document.querySelectorAll(kinds)) {
        const shown = each.tagName === "OPTION" ? each.closest("select") : each;
        if (!shown || !shown.getClientRects().length) continue;
        for (const name of ["aria-label", "placeholder"]) keep(each.getAttribute(name));
        keep(each.textContent);
        for (const part of each.childNodes) if (part.nodeType === 3) keep(part.data);
    }
    return [...found];
}"""


class Day:
    """One person from log-in to log-out. Opening a list and choosing from it are two clicks, as is choosing a file."""

    def __init__(self, page: Page, site: str, role: str) -> None:
        self.page, self.site, self.role, self.clicks = page, site, role, 0
        self.problems: list[str] = []
        page.on("console", lambda message: self._note(message.type == "error", message.text))
        page.on("dialog", lambda dialog: self._agree(dialog))
        page.on("request", lambda request: self._note(self._foreign(request.url), request.url))

    def _note(self, wrong: bool, text: str) -> None:
        if wrong:
            self.problems.append(f"{self.page.url}: {text}")

    def _agree(self, dialog: Dialog) -> None:
        dialog.accept()
        self.clicks += 1

    def _foreign(self, url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme not in ("data", "blob") and parts.netloc != urlsplit(self.site).netloc

    def click(self, what: Locator) -> None:
        what.click()
        self.clicks += 1

    def button(self, name: str) -> None:
        self.click(self.page.get_by_role("button", name=name).first)

    def link(self, name: str, *, exact: bool = False) -> None:
        self.click(self.page.get_by_role("link", name=name, exact=exact).first)

    def menu(self, title: str, heading: str = "") -> None:
        """An entry of the left menu, and the page it leads to."""
        entry = self.page.get_by_role("navigation", name="主菜单").locator("a.nav-link")
        self.click(entry.filter(has_text=re.compile(rf"^\s*{title}\s*(\d.*)?$", re.DOTALL)))
        self.at(heading or title)

    def choose(self, label: str, what: str) -> None:
        lists = self.page.locator("select").and_(self.page.get_by_label(label))
        lists.first.select_option(label=what)
        self.clicks += 2

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label).first.fill(text)

    def at(self, heading: str) -> None:
        """The page of that heading has come: its words are kept."""
        self.page.get_by_role("heading", level=1).filter(has_text=heading).first.wait_for()
        self.look()

    def told(self, words: str) -> None:
        self.page.locator("#messages").get_by_text(words).first.wait_for()
        self.look()

    def look(self) -> None:
        SEEN[self.role].update(self.page.evaluate(WORDS))

    def picture(self, name: str) -> None:
        """For the guide; drawn only where PICTURES=1 asks for it."""
        self.look()
        PICTURED[self.role].add(name)
        if os.environ.get("PICTURES"):
            self.page.evaluate("window.scrollTo(0, 0)")
            PICTURES.mkdir(parents=True, exist_ok=True)
            (PICTURES / f"{name}.png").write_bytes(small(self.page.screenshot()))

    def log_in(self, username: str) -> None:
        log_in(self.page, self.site, username, username)
        self.clicks += 1
        self.look()

    def log_out(self) -> None:
        self.click(self.page.locator(".topbar-person summary"))
        self.look()
        self.button("退出")
        self.page.get_by_label("用户名").wait_for()
        self.look()


@contextmanager
def day(page: Page, site: str, role: str, username: str) -> Iterator[Day]:
    """From log-in to log-out; afterwards nothing may have gone wrong and nothing been asked of another host."""
    person = Day(page, site, role)
    person.log_in(username)
    yield person
    person.log_out()
    assert not person.problems, "\n".join(person.problems)


def small(png: bytes) -> bytes:
    """The picture 1000 wide, with as many colours as fit into LARGEST."""
    image = Image.open(BytesIO(png)).convert("RGB")
    image = image.resize((1000, image.height * 1000 // image.width), Image.Resampling.LANCZOS)
    for colours in (256, 128, 64, 32):
        out = BytesIO()
        few = image.quantize(colours, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        few.save(out, "PNG", optimize=True)
        if out.tell() <= LARGEST:
            break
    return out.getvalue()


def guide_holds(role: str, *others: str) -> None:
    """What the role's page of the guide, and others, put in 「」 stood on its pages; its pictures are those drawn."""
    texts = {name: (GUIDE / f"{name}.md").read_text("utf-8") for name in (role, *others)}
    stale = [
        f"{name}.md: 「{words}」"
        for name, text in texts.items()
        for words in re.findall(r"「([^」]+)」", text)
        if not stands(words, SEEN[role])
    ]
    assert not stale, "\n".join(stale)
    shown = set(re.findall(r"pictures/([\w-]+)\.png", texts[role]))
    assert shown == PICTURED[role]
    assert all((PICTURES / f"{name}.png").stat().st_size <= LARGEST for name in shown)


def stands(name: str, seen: set[str]) -> bool:
    """Whether it stood on a page, whole; … stands for what differs from day to day."""
    shape = re.compile(".*".join(re.escape(part) for part in name.split("…")))
    return any(shape.fullmatch(each) for each in seen)

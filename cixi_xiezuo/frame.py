"""The frame around every page: each app says in its own `frame` module what it puts there.

`entries(request)` yields the left menu's entries for the person who asks; `context(request)` gives further
values; `counts(request)` what waits for them, `counts_from(request)` what that is built from (cixi_xiezuo.waits). All
are optional, so that the core knows no app by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from cixi_xiezuo.parts import modules


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the left menu. `position` orders all apps' entries; `count` is shown when not 0."""

    title: str
    url: str
    icon: str
    position: int
    count: int = 0
    prefixes: tuple[str, ...] = ()
    """Addresses below which the entry is the current one; its own `url` unless given."""

    def holds(self, path: str) -> bool:
        return path.startswith(self.prefixes or (self.url,))


@dataclass(frozen=True, slots=True)
class Shown:
    entry: Entry
    current: bool


def menu(request: HttpRequest) -> list[Shown]:
    """The entries of all apps in order, the current one marked."""
    found: list[Entry] = []
    for module in modules("frame"):
        if hasattr(module, "entries"):
            found += module.entries(request)
    current = max(
        (entry for entry in found if entry.holds(request.path)),
        key=lambda entry: max(len(p) for p in (entry.prefixes or (entry.url,)) if request.path.startswith(p)),
        default=None,
    )
    ordered = sorted(found, key=lambda entry: entry.position)
    return [Shown(entry, entry is current) for entry in ordered]


def context(request: HttpRequest) -> dict[str, Any]:
    """What the apps add to every page's template."""
    values: dict[str, Any] = {}
    for module in modules("frame"):
        if hasattr(module, "context"):
            values |= module.context(request)
    return values

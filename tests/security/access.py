"""access.toml as cases, and the project's addresses to hold against it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.security.world import COLUMNS

TABLE = Path(__file__).with_name("access.toml")
RELATIONS = ("own", "under", "foreign")
METHODS = {"GET", "POST"}


@dataclass(frozen=True, slots=True)
class Case:
    """One section's rows for one method. `rows`: relation ("" where the page is about no record) → column → cell."""

    section: str
    url: str
    method: str
    object: str
    args: dict[str, Any]
    query: str
    rows: dict[str, dict[str, str]]
    data: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.section} {self.method}"


def cases() -> Iterator[Case]:
    sections = tomllib.loads(TABLE.read_text())
    told = {
        (given.get("url", name), method)
        for name, given in sections.items()
        for method in METHODS & given.keys()
    }
    for section, given in sections.items():
        unknown = given.keys() - {"url", "object", "args", "query", *METHODS}
        assert not unknown, f"access.toml [{section}]: unknown {sorted(unknown)}"
        for method in sorted(METHODS):
            if method not in given and (given.get("url", section), method) in told:
                continue  # another section about the same address says it
            rows = given.get(method, {"": "405"})
            if isinstance(rows, str):
                rows = {"": rows}
            data = rows.pop("data", {})
            read = {"" if name == "all" else name: _cells(section, text) for name, text in rows.items()}
            yield Case(
                section,
                given.get("url", section),
                method,
                given.get("object", ""),
                given.get("args", {}),
                given.get("query", ""),
                read,
                data,
            )


def _cells(section: str, text: str) -> dict[str, str]:
    """One cell stands for all columns."""
    cells = text.split()
    if len(cells) == 1:
        cells *= len(COLUMNS)
    assert len(cells) == len(COLUMNS), (
        f"access.toml [{section}]: {len(cells)} cells for {len(COLUMNS)} columns"
    )
    return dict(zip(COLUMNS, cells, strict=True))


@cache
def addresses() -> dict[str, str]:
    """Name → pattern of every address of the project."""
    return dict(_walk(get_resolver(), "/"))


def _walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        pattern = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from _walk(entry, pattern)
        else:
            assert isinstance(entry, URLPattern)
            yield entry.name or pattern, pattern

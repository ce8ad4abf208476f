"""The headers that every answer carries (test_access.py holds every cell of access.toml against them)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def wrong_with(response: Any, *, known: bool) -> Iterator[str]:
    """What the answer lacks. `known`: a person asked, so that nobody may keep a copy of it."""
    for name, value in ALWAYS.items():
        if response.headers.get(name) != value:
            yield f"{name}: {response.headers.get(name)}"
    policy = _directives(response.headers.get("Content-Security-Policy", ""))
    if policy.get("default-src") != ["'none'"]:
        yield f"default-src {policy.get('default-src')}"
    if policy.get("frame-ancestors") != ["'none'"]:
        yield f"frame-ancestors {policy.get('frame-ancestors')}"
    if "sandbox" not in policy:
        for name in ("object-src", "base-uri"):
            if policy.get(name) != ["'none'"]:
                yield f"{name} {policy.get(name)}"
        for name in ("script-src", "style-src", "form-action", "connect-src"):
            if policy.get(name) != ["'self'"]:
                yield f"{name} {policy.get(name)}"
    if re.search(r"unsafe|https?:|\*", response.headers.get("Content-Security-Policy", "")):
        yield "the policy lets something from elsewhere in"
    if known and "no-store" not in response.headers.get("Cache-Control", ""):
        yield f"Cache-Control: {response.headers.get('Cache-Control')}"
    for name in ("Server", "X-Powered-By"):
        if name in response.headers:
            yield f"tells of {name}"


def _directives(policy: str) -> dict[str, list[str]]:
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return {name: values for name, *values in parts}

"""How much of the large tests runs: `make test` a fixed part in which every kind occurs, `make test-all` (FULL=1) all.

    YEARS = in_part("random years", 20, 100)
    FILES = one_in(3, "hostile files", CORPUS)

At the end a run says what it ran in part.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

FULL = os.environ.get("FULL") == "1"
PARTS: dict[str, str] = {}
"""What → "20 of 100", of what this process runs in part."""


def in_part(what: str, part: int, whole: int) -> int:
    if FULL:
        return whole
    PARTS[what] = f"{part} of {whole}"
    return part


def one_in(step: int, what: str, cases: Sequence[T]) -> list[T]:
    """Every `step`-th, from the first on. A step without a divisor in common with the length of a repeating
    pattern meets each place of the pattern."""
    chosen = list(cases[::step])
    return list(cases) if in_part(what, len(chosen), len(cases)) > len(chosen) else chosen

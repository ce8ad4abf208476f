"""How far a job is. Kept in the cache: a job's transaction may hold the database."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.core.cache import cache

EVERY = 0.5  # seconds between two writings of the progress
KEPT = 3600  # seconds


@dataclass(frozen=True, slots=True)
class Shown:
    """`step` in words; `total` 0 where it is not known."""

    step: str = ""
    done: int = 0
    total: int = 0


class Progress:
    """Given to a handler: `progress("读取", 1000, 5000)`. As a context manager it is forgotten at the end."""

    def __init__(self, pk: int) -> None:
        self._key = _progress_key(pk)
        self._written = 0.0
        self._step = ""

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        now = time.monotonic()
        if step == self._step and now - self._written < EVERY and done != total:
            return
        self._written, self._step = now, step
        cache.set(self._key, [step, done, total], KEPT)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *error: object) -> None:
        cache.delete(self._key)


def _progress_key(pk: int) -> str:
    return f"job-progress:{pk}"


def shown(pks: list[int]) -> dict[int, Shown]:
    """How far each of the jobs is; nothing for those that nobody has begun, or while the cache is away."""
    found = cache.get_many([_progress_key(pk) for pk in pks])
    return {pk: Shown(*found[key]) for pk in pks if (key := _progress_key(pk)) in found}

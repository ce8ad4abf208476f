"""How far a job is, and that somebody is still at it. Kept in the cache: a job's transaction may hold the database."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from django.core.cache import cache

ALIVE = 30  # seconds that a sign of life holds
BEAT = 5  # seconds between two
EVERY = 0.5  # seconds between two writings of the progress
KEPT = 3600  # seconds


@dataclass(frozen=True, slots=True)
class Shown:
    """`step` in words; `total` 0 where it is not known."""

    step: str = ""
    done: int = 0
    total: int = 0


class Progress:
    """Given to a handler: `progress("读取", 1000, 5000)`. As a context manager it gives signs of life."""

    def __init__(self, pk: int, claim: str) -> None:
        self._key, self._beat, self._claim = _progress_key(pk), _beat_key(pk), claim
        self._written = 0.0
        self._step = ""
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True)

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        now = time.monotonic()
        if step == self._step and now - self._written < EVERY and done != total:
            return
        self._written, self._step = now, step
        cache.set(self._key, [step, done, total], KEPT)

    def __enter__(self) -> Progress:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()
        cache.delete(self._beat)
        cache.delete(self._key)

    def _live(self) -> None:
        while True:
            cache.set(self._beat, self._claim, ALIVE)
            if self._ended.wait(BEAT):
                return


def _progress_key(pk: int) -> str:
    return f"job-progress:{pk}"


def _beat_key(pk: int) -> str:
    return f"job-beat:{pk}"


def shown(pks: list[int]) -> dict[int, Shown]:
    """How far each of the jobs is; nothing for those that nobody has begun, or while the cache is away."""
    found = cache.get_many([_progress_key(pk) for pk in pks])
    return {pk: Shown(*found[key]) for pk in pks if (key := _progress_key(pk)) in found}


def alive(pk: int, claim: str) -> bool | None:
    """Whether whoever claimed the job gave a sign of life lately; None where the cache cannot tell."""
    if cache.get(_beat_key(pk)) == claim:
        return True
    probe = f"job-probe:{pk}"
    cache.set(probe, claim, 5)
    return False if cache.get(probe) == claim else None

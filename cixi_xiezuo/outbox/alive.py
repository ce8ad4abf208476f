"""Signs of life of whoever is at an errand, in the cache: its own transaction may hold the database."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.cache import cache

ALIVE = settings.ALIVE_SECONDS
BEAT = ALIVE / 6  # seconds between two


def key(pk: int) -> str:
    return f"errand-beat:{pk}"


@contextmanager
def living(pk: int, claim: str) -> Iterator[None]:
    ended = threading.Event()

    def live() -> None:
        while True:
            cache.set(key(pk), claim, ALIVE)
            if ended.wait(BEAT):
                return

    thread = threading.Thread(target=live, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        cache.delete(key(pk))


def alive(pk: int, claim: str) -> bool | None:
    """Whether whoever claimed it gave a sign of life lately; None where the cache cannot tell."""
    if cache.get(key(pk)) == claim:
        return True
    probe = f"errand-probe:{pk}"
    cache.set(probe, claim, 5)
    return False if cache.get(probe) == claim else None

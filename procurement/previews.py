"""Pictures of receipts' pages, drawn once and kept in private storage under previews/."""

from __future__ import annotations

import contextlib

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from procurement import receipts
from procurement.drawing import Late, draw_limited, drawable, photo_limited
from procurement.models import StoredFile

MAX_PAGES = 60
AGAIN = 60
"""Seconds after which what was not drawn in time is tried again: the machine may only have been busy."""
SLOWER, SLOWEST = 4, AGAIN * 4**5
"""Each time the pause is so much longer, up to some hours: the file itself may be what takes so long."""


def path_of(stored: StoredFile, page: int | str) -> str:
    return f"previews/{stored.sha256[:2]}/{stored.sha256}/{page}"


def page(stored: StoredFile, number: int) -> bytes | None:
    """The PNG of a page, from 1; None where the file has no such page or cannot be drawn."""
    if stored.closed or not drawable(stored.media_type) or not 1 <= number <= MAX_PAGES:
        return None
    kept = _kept(path_of(stored, f"{number}.png"))
    if kept is not None:
        return kept or None
    with contextlib.suppress(OSError):
        return _draw(stored, receipts.content(stored), number)
    return None


def photo(stored: StoredFile) -> bytes | None:
    """A small JPEG of a picture, drawn anew, for articles; None while the file is closed, or where it can't be drawn."""
    if stored.closed or not drawable(stored.media_type):
        return None
    path, failed = path_of(stored, "photo.jpg"), f"photo-failed:{stored.sha256}"
    kept = _kept(path)
    if kept is not None or cache.get(failed):
        return kept
    with contextlib.suppress(OSError):
        kept = photo_limited(receipts.content(stored), stored.media_type)
    if kept is None:
        cache.set(failed, 1, AGAIN)
    else:
        _keep(path, kept)
    return kept


def pages(stored: StoredFile) -> int:
    """How many pages can be shown; 0 for a file that is shown by its fields."""
    if stored.closed or not drawable(stored.media_type):
        return 0
    kept = _kept(path_of(stored, "pages"))
    if kept is None:
        page(stored, 1)
        kept = _kept(path_of(stored, "pages"))
    return min(int(kept), MAX_PAGES) if kept else 0


def warm(stored: StoredFile, content: bytes) -> None:
    """Draw the first page ahead of the first look at it."""
    if drawable(stored.media_type) and _kept(path_of(stored, "pages")) is None:
        _draw(stored, content, 1)


def _draw(stored: StoredFile, content: bytes, number: int) -> bytes | None:
    late = f"draw-late:{stored.sha256}:{number}"
    if cache.get(late):
        return None
    try:
        drawn = draw_limited(content, stored.media_type, number)
    except Late:
        pause = min(cache.get(f"{late}:pause", AGAIN), SLOWEST)
        cache.set(late, 1, pause)
        cache.set(f"{late}:pause", pause * SLOWER, SLOWEST * SLOWER)
        return None
    if number == 1:
        _keep(path_of(stored, "pages"), str(drawn.pages if drawn else 0).encode())
    png = drawn.png if drawn else b""
    _keep(
        path_of(stored, f"{number}.png"), png
    )  # an empty one: that it cannot be drawn, so nobody tries again
    return png or None


def _kept(path: str) -> bytes | None:
    try:
        with default_storage.open(path, "rb") as file:
            return bytes(file.read())
    except OSError:
        return None


def _keep(path: str, data: bytes) -> None:
    with contextlib.suppress(OSError):
        if not default_storage.exists(path):
            default_storage.save(path, ContentFile(data))

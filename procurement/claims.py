"""正在审核: who has a submission open, so that two reviewers do not read the same one.

Kept in the cache and gone by itself; what keeps a decision right is the version (workflow.require_version).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.cache import cache

LASTS = 15 * 60  # seconds since the page was opened


def _key(pk: int) -> str:
    return f"review:{pk}"


def take(pk: int, user: Any) -> str:
    """Claim the submission for the person. Gives the name of somebody else who has it; then it stays theirs."""
    if not cache.add(_key(pk), [user.pk, str(user)], LASTS):
        holder, name = cache.get(_key(pk)) or [user.pk, ""]
        if holder != user.pk:
            return str(name)
        cache.touch(_key(pk), LASTS)
    return ""


def others(pks: Iterable[int], user: Any) -> dict[int, str]:
    """Purchase id → the name of somebody else who has it open."""
    keys = {_key(pk): pk for pk in pks}
    found = cache.get_many(keys)
    return {keys[key]: str(name) for key, (holder, name) in found.items() if holder != user.pk}


def release(pk: int) -> None:
    """It is decided."""
    cache.delete(_key(pk))

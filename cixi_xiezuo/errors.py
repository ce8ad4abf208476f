"""What a verb raises when it cannot do what was asked; the text is a Chinese sentence for the person who asked."""

from __future__ import annotations

from contextvars import ContextVar

REFUSALS: ContextVar[list[str] | None] = ContextVar("REFUSALS", default=None)
"""What the request at hand was not allowed to do, for the trail; None outside a request."""


class Refused(Exception):
    """The request is understood and not done: wrong state, missing data, a rule in the way."""


class NotAllowed(Refused):
    """The person has no right to do this. Within a request it goes on record (cixi_xiezuo.middleware)."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        if (refusals := REFUSALS.get()) is not None:
            refusals.append(str(self))


class Stale(Refused):
    """Somebody changed the record since the person last saw it."""


def brief(text: str, size: int = 40) -> str:
    """What somebody typed, as a message quotes it: its beginning where it is long."""
    return text if len(text) <= size else f"{text[:size]}…"

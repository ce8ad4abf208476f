"""What a verb raises when it cannot do what was asked; the text is a Chinese sentence for the person who asked."""

from __future__ import annotations


class Refused(Exception):
    """The request is understood and not done: wrong state, missing data, a rule in the way."""


class NotAllowed(Refused):
    """The person has no right to do this."""


class Stale(Refused):
    """Somebody changed the record since the person last saw it."""

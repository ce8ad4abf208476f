"""A number for each request, shown on an error page and written on every log line of that request.

Whoever runs the system finds by it what went wrong; the page itself says nothing of the inside.
"""

from __future__ import annotations

import logging
import secrets
import unicodedata
from contextvars import ContextVar

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without what sounds or looks like another when it is read out over the telephone."""
NUMBER: ContextVar[str] = ContextVar("NUMBER", default="")


def new() -> str:
    """Such as `K7M3-Q9TX`."""
    text = "".join(secrets.choice(_LETTERS) for _ in range(8))
    return f"{text[:4]}-{text[4:]}"


class Numbered(logging.Filter):
    """Gives every log record the number of the request at hand, "-" outside of one."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.incident = NUMBER.get() or "-"
        return True


class OneLine(logging.Formatter):
    """A message is one line whatever a stranger put into it; a traceback stands indented below."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = visible(record.message)
        return super().formatMessage(record)

    def formatException(self, exc_info: object) -> str:
        text = super().formatException(exc_info)  # type: ignore[arg-type]
        return "\n".join(f"    {visible(line)}" for line in text.splitlines())


def visible(text: str) -> str:
    """Line ends, control characters and what turns the text around, written out."""
    return "".join(char if _harmless(char) else ascii(char)[1:-1] for char in text)


def _harmless(char: str) -> bool:
    return unicodedata.category(char) not in ("Cc", "Cf", "Zl", "Zp")

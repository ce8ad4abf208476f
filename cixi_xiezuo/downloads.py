"""Files handed to a person: their names, their media types, and what keeps them from acting as a part of the site."""

from __future__ import annotations

from typing import TypeVar

from django.http import HttpResponseBase
from django.utils.http import content_disposition_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CSV = "text/csv; charset=utf-8"

Answer = TypeVar("Answer", bound=HttpResponseBase)


def attached(answer: Answer, name: str) -> Answer:
    """To be saved under this name, never shown. (A FileResponse takes the name itself.)"""
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


def sandboxed(answer: Answer) -> Answer:
    """For what somebody else made: a browser that shows it all the same runs nothing of it, and nobody keeps a copy."""
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer

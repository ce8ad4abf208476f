"""The year a person works in: asked for by `?year=`, kept in the session, else that of the latest policy."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone

from assessment.models import Policy

KEY = "year"


def known(request: HttpRequest) -> list[int]:
    """The years that can be chosen, the latest first: those with a policy. Read once a request."""
    found: list[int] | None = getattr(request, "_years", None)
    if found is None:
        found = list(Policy.objects.order_by("-year").values_list("year", flat=True))
        request._years = found  # type: ignore[attr-defined]
    return found


def current(request: HttpRequest) -> int:
    """The chosen year; a year nobody knows is ignored. Remembered for the request and the session."""
    found: int | None = getattr(request, "_year", None)
    if found is None:
        years = known(request)
        asked = request.GET.get("year", "")
        kept = request.session.get(KEY)
        if asked.isdecimal() and int(asked) in years:
            found = int(asked)
            if found != kept:
                request.session[KEY] = found
        elif kept in years:
            found = kept
        else:
            found = years[0] if years else timezone.localdate().year
        request._year = found  # type: ignore[attr-defined]
    return found

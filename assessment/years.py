"""The year a person works in: asked for by `?year=`, kept in the session, else that of the latest policy in force."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils import timezone

from assessment.base_fields import kinds_due
from assessment.models import Policy, PolicyStatus

KEY = "year"
Years = list[tuple[int, str]]
Rules = list[tuple[str, list[str]]]


def known(request: HttpRequest) -> list[int]:
    """The years that can be chosen, the latest first: those with a policy. Read once a request."""
    return [year for year, _status in _read(request)]


def sealed(request: HttpRequest) -> set[int]:
    """The years that are closed, by their policies."""
    return {year for year, status in _read(request) if status == PolicyStatus.SEALED}


def remember(request: HttpRequest, policies: Iterable[Policy]) -> None:
    """All policies were read for the page: they need not be asked for again."""
    request._years = sorted(  # type: ignore[attr-defined]
        ((policy.year, policy.status) for policy in policies), reverse=True
    )


def _read(request: HttpRequest) -> Years:
    found: Years | None = getattr(request, "_years", None)
    if found is None:
        _read_with_rules(request)
        found = request._years  # type: ignore[attr-defined]
    return found


def _read_with_rules(request: HttpRequest) -> None:
    """The years, and what each year's rules are about, in one query."""
    status: dict[int, str] = {}
    rules: dict[int, Rules] = {}
    rows = Policy.objects.order_by("-year").values_list(
        "year", "status", "rules__kind", "rules__subject_kinds"
    )
    for year, state, kind, subject_kinds in rows:
        status[year] = state
        if kind is not None:
            rules.setdefault(year, []).append((kind, subject_kinds))
    request._years = list(status.items())  # type: ignore[attr-defined]
    request._rules = rules  # type: ignore[attr-defined]


def must_declare(request: HttpRequest) -> list[str]:
    """The kinds of units that must declare their bases of the current year; none once the year is sealed."""
    if not hasattr(request, "_rules"):
        _read_with_rules(request)
    year = current(request)
    states = dict(_read(request))
    if states.get(year) == PolicyStatus.SEALED:
        return []
    ruling = max(
        (each for each, state in states.items() if each <= year and state != PolicyStatus.DRAFT), default=0
    )
    return kinds_due(request._rules.get(ruling, []))  # type: ignore[attr-defined]


def current(request: HttpRequest) -> int:
    """The chosen year; a year nobody knows is ignored. Remembered for the request and the session.

    Where none is chosen, a year whose policy is only drafted is not yet the one people work in.
    """
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
            settled = [year for year, status in _read(request) if status != PolicyStatus.DRAFT]
            found = next(iter(settled or years), timezone.localdate().year)
        request._year = found  # type: ignore[attr-defined]
    return found

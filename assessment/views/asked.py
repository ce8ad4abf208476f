"""What the address of a page of figures asks for: `?as_of=`, and who may ask."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from assessment import years
from assessment.standing import YearStanding
from cixi_xiezuo.dates import FIRST_YEAR, LAST_YEAR, parse_date
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.unchanged import while_unchanged
from units.scope import Scope


@dataclass(frozen=True, slots=True)
class Asked:
    """`given`: whether the address names a day; without one it is today."""

    year: int
    as_of: datetime.date
    given: bool

    @property
    def query(self) -> str:
        """To be carried along to pages with a year of their own in the address: "as_of=…" or ""."""
        return urlencode({"as_of": self.as_of.isoformat()}) if self.given else ""

    @property
    def year_query(self) -> str:
        """The same with the year."""
        return urlencode({"year": self.year}) + (f"&{self.query}" if self.given else "")


def asked(request: HttpRequest, year: int) -> Asked:
    """A day that makes no sense is said to be none, and today is shown. 404 for a year out of all bounds."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    text = request.GET.get("as_of", "").strip()
    if text:
        try:
            return Asked(year, parse_date(text), True)
        except ValueError as error:
            messages.error(request, f"截止日：{error}")
    return Asked(year, timezone.localdate(), False)


def other_year(request: HttpRequest, year: int) -> HttpResponse | None:
    """Where the top bar's year leads on a page with a year of its own in the address: the same page of it."""
    chosen = request.GET.get("year", "")
    if not chosen.isdecimal() or int(chosen) not in years.known(request) or int(chosen) == year:
        request._year = year  # type: ignore[attr-defined]
        return None
    rest = request.GET.copy()
    del rest["year"]
    address = request.path.replace(f"/{year}/", f"/{chosen}/", 1)
    return redirect(f"{address}?{rest.urlencode()}" if rest else address)


def standing_of(request: HttpRequest, day: Asked) -> YearStanding | None:
    """The year as of the day; None, having said why, where there is no policy to read it by. For reading alone."""
    try:
        return while_unchanged(
            ("standing", day.year, day.as_of), lambda: YearStanding.read(day.year, day.as_of)
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return None


def require_city(request: HttpRequest) -> Scope:
    """The city's figures are for those who see every unit."""
    scope = Scope.of(request.user)
    if not scope.everything:
        raise Http404
    return scope

"""The addresses of the interface. Lists are paged by key: `next` of one answer is `after` of the next request."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from assessment import jsonform
from assessment.api import rows
from assessment.api.asking import METHODS, Wrong, answer, day, error, limit, reading, text, whole, year_of
from assessment.api.schema import schema
from assessment.explain import Explainer, Part
from assessment.models import RuleKind
from assessment.standing import YearStanding
from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.snapshot import snapshot
from procurement.choices import Status
from procurement.models import Purchase
from units.models import Unit
from units.scope import Scope

SETTLED = 60  # seconds until a change is told: by then whatever was begun before it has been stored too
CITY = (RuleKind.CITY_TOTAL, RuleKind.DEPT_TOWN_TOTAL)


def api_schema(request: HttpRequest) -> HttpResponse:
    """The description itself; it tells nothing of the city, so that nobody needs a token for it."""
    if request.method not in METHODS:
        return error(405, "只能读取（GET）", Allow=", ".join(METHODS))
    return answer(schema())


def api_nothing(request: HttpRequest) -> HttpResponse:
    if request.method not in METHODS:
        return error(405, "只能读取（GET）", Allow=", ".join(METHODS))
    return error(404, "没有这个地址，见 /api/v1/openapi.json")


@reading("after", "limit")
def api_units(request: HttpRequest) -> dict[str, Any]:
    after, most = text(request, "after"), limit(request)
    found = (
        Scope.of(request.user).visible().filter(code__gt=after).select_related("supervisor", "town", "host")
    )
    return _page(found.order_by("code"), most, rows.unit, "code")


@reading("year", "status", "unit", "number", "after", "limit")
def api_purchases(request: HttpRequest) -> dict[str, Any]:
    after, most = whole(request, "after", 0), limit(request)
    found = Purchase.objects.visible_to(request.user).filter(pk__gt=after)
    for name, field in (("year", "date__year"), ("unit", "unit__code"), ("number", "number")):
        value = text(request, name)
        if value:
            found = found.filter(**{field: year_of(value) if name == "year" else value})
    if status := text(request, "status", Status.values):
        found = found.filter(status=status)
    found = found.select_related("unit", "supplier", "original").prefetch_related("lines__region")
    return _page(found.order_by("pk"), most, rows.purchase, "pk")


@reading("after", "limit")
def api_changes(request: HttpRequest) -> dict[str, Any]:
    """What happened to purchases since the cursor; `next` is always given, to be asked with later."""
    after, most = whole(request, "after", 0), limit(request)
    settled = timezone.now() - datetime.timedelta(seconds=SETTLED)
    scope = Scope.of(request.user)
    found = AuditEvent.objects.filter(pk__gt=after, at__lt=settled, subject__startswith="采购 ")
    if not scope.everything:
        found = found.filter(stream__in=scope.visible().values("code"))
    page = list(found.order_by("pk")[:most])
    return {"data": [rows.change(row) for row in page], "next": str(page[-1].pk if page else after)}


@reading("as_of")
def api_standings(request: HttpRequest, year: str) -> dict[str, Any]:
    """The same as `assess --json` for whoever sees the city; for others their units' rows alone."""
    wanted, as_of, scope = year_of(year), day(request, "as_of"), Scope.of(request.user)
    with snapshot():
        standing = YearStanding.read(wanted, as_of)
        shown = jsonform.year(standing)
        if not scope.everything:
            seen = set(scope.visible().values_list("code", flat=True))
            for part in ("units", "responsible"):
                shown[part] = [row for row in shown[part] if row["unit"] in seen]
            shown |= {"city": None, "unattributed": []}
    return shown


@reading("unit", "as_of", "after", "limit")
def api_explain(request: HttpRequest, year: str, rule: str) -> dict[str, Any]:
    """A figure's lines by purchase number. A page ends with the last line of a purchase, so it may be longer."""
    wanted, as_of, after, most = year_of(year), day(request, "as_of"), text(request, "after"), limit(request)
    scope, code = Scope.of(request.user), text(request, "unit")
    if rule not in RuleKind.values:
        raise Wrong(404, f"没有规则，应为 {'、'.join(RuleKind.values)} 之一")
    unit = Unit.objects.filter(pk__in=scope.visible(), code=code).first() if code else None
    if unit is None and (code or not (scope.everything and rule in CITY)):
        raise Wrong(404, "没有这个数字，或不在令牌所有人的范围内")
    with snapshot():
        standing = YearStanding.read(wanted, as_of)
        figure, parts = Explainer(standing).asked(rule, unit)
        seen = None if scope.everything else set(scope.visible().values_list("pk", flat=True))
        found: list[Part] = []
        last: str | None = None
        for part in parts:
            if part.line.number <= after or (seen is not None and part.line.unit not in seen):
                continue
            if len(found) >= most and part.line.number != found[-1].line.number:
                last = found[-1].line.number
                break
            found.append(part)
    return {"figure": jsonform.money(figure), "data": [_part(part) for part in found], "next": last}


def _part(part: Part) -> dict[str, Any]:
    return {
        "purchase": part.line.number,
        "line": part.line.position,
        "unit": part.line.unit_code,
        "amount": jsonform.money(part.amount),
        "counted": part.reason is None,
        "reason": part.reason.value if part.reason else None,
    }


def _page(
    found: QuerySet[Any], most: int, shown: Callable[[Any], dict[str, Any]], key: str
) -> dict[str, Any]:
    """`found` in the order of its `key`: the first `most` rows, and where the next page begins, if there is one."""
    page = list(found[: most + 1])
    more = len(page) > most
    return {
        "data": [shown(row) for row in page[:most]],
        "next": str(getattr(page[most - 1], key)) if more else None,
    }

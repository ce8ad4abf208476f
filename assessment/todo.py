"""待办: everything that waits for the person, whatever it is, with the page where they go on with it.

Another app adds its own in a module `todos`: SORTS and READ as below, and its counts in `frame.counts`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from assessment import years
from assessment.base_list import REPORTED
from assessment.models import Opening
from cixi_xiezuo.money import yuan_display
from cixi_xiezuo.parts import modules
from cixi_xiezuo.waits import how_many, waits
from procurement.choices import EDITABLE, Status
from procurement.models import Purchase
from procurement.waiting import unplaced
from units.bases import to_decide
from units.deadlines import deadline_of
from units.models import BaseStatus, Role, RoleRequest, Unit
from units.scope import Scope


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do. `since`: when it began to wait; `state` names its badge, `label` says another word on it than the
    state's own; `word`: what is to be done."""

    since: datetime.datetime
    word: str
    state: str
    title: str
    detail: str
    url: str
    label: str = ""

    @property
    def days(self) -> int:
        return max(0, (timezone.now() - self.since).days)


@dataclass(frozen=True, slots=True)
class Sort:
    """How many of one sort; `few` is its word in the top bar."""

    name: str
    few: str
    count: int
    url: str


_SORTS = (
    ("returned", "退回", "/purchases/?status=returned"),
    ("to_file", "基数待填", "/bases/"),
    ("unplaced", "票据待归集", "/inbox/"),
    ("drafts", "草稿", "/purchases/drafts/"),
    ("mine", "待审核", "/review/"),
    ("bases", "基数待确认", "/bases/?status=mine"),
    ("openings", "启封待决定", "/sealing/"),
    ("to_grant", "待授权", "/people/requests/"),
)


def counts(request: HttpRequest) -> dict[str, Any]:
    """For cixi_xiezuo.waits."""
    scope, found = Scope.of(request.user), {}
    if scope.own and (kinds := years.must_declare(request)):
        found["to_file"] = how_many(to_file(request.user, years.current(request), kinds), "active")
    if scope.has(Role.OVERSIGHT):
        found["openings"] = how_many(openings(request.user), "granted")
    return found


def counted(request: HttpRequest) -> list[Sort]:
    """What there is at all, in the order of the page."""
    found = waits(request)
    sorts = [*_SORTS, *(each for module in modules("todos") for each in module.SORTS)]
    return [Sort(name, few, found[name], url) for name, few, url in sorts if found.get(name)]


def to_file(user: Any, year: int, kinds: list[str]) -> QuerySet[Unit]:
    """The person's units that must declare for the year and have not, or were sent it back."""
    reported = Q(bases__year=year, bases__status__in=REPORTED)
    units = Unit.objects.filter(pk__in=Scope.of(user).recordable().values("pk"), kind__in=kinds)
    return units.exclude(pk__in=Unit.objects.filter(reported).values("pk"))


def openings(user: Any) -> QuerySet[Opening]:
    """Requests to open a year that the person may decide on."""
    return Opening.objects.filter(granted=None).exclude(asked_by=user.get_username())


def todos(request: HttpRequest, limit: int) -> list[Todo]:
    """The `limit` that wait longest, oldest first. A sort with nothing waiting costs no query."""
    found: list[Todo] = []
    for names, read in [*_READ, *(each for module in modules("todos") for each in module.READ)]:
        if any(waits(request).get(name) for name in names):
            found += read(request, limit)
    return sorted(found, key=lambda todo: todo.since)[:limit]


def _own_purchases(request: HttpRequest, limit: int) -> list[Todo]:
    rows = Purchase.objects.editable_by(request.user).filter(status__in=EDITABLE)
    rows = rows.with_total().select_related("unit", "supplier")
    returned = rows.filter(status=Status.RETURNED).order_by("decided_at")[:limit]
    drafts = rows.filter(status=Status.DRAFT).order_by("created_at")[:limit]
    return [_own_purchase(each) for each in (*returned, *drafts)]


def _own_purchase(row: Any) -> Todo:
    back = row.status == Status.RETURNED
    return Todo(
        since=(row.decided_at if back else None) or row.created_at,
        word="修改后重新提交" if back else "补齐并提交",
        state=row.status,
        title=_purchase(row),
        detail=f"退回原因：{row.returned_reason}" if back else "",
        url=reverse("purchase", args=[row.pk]),
    )


def _purchase(row: Any) -> str:
    supplier = row.supplier or "未填供应商"
    return f"{row.number} · {row.unit} · {supplier} · {yuan_display(row.claimed_total or Decimal(0))} 元"


def _unplaced(request: HttpRequest, limit: int) -> list[Todo]:
    per_unit = unplaced(request.user).order_by().values_list("unit__name")
    rows = per_unit.annotate(oldest=Min("uploaded_at"), n=Count("pk"))
    return [
        Todo(oldest, "归到采购里", "to_do", f"票据收件箱 · {unit} · {n} 张", "", reverse("inbox"))
        for unit, oldest, n in rows
    ]


def _to_file(request: HttpRequest, limit: int) -> list[Todo]:
    year = years.current(request)
    units = to_file(request.user, year, years.must_declare(request)).order_by("code")
    back = set(units.filter(bases__year=year, bases__status=BaseStatus.RETURNED).values_list("pk", flat=True))
    day = deadline_of(year)
    since = timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
    return [
        Todo(
            since,
            "修改后重新填报" if unit.pk in back else "填报",
            "returned" if unit.pk in back else "unfiled",
            f"{year} 年度基数 · {unit}",
            f"{day} 截止",
            reverse("base", args=[year, unit.code]),
        )
        for unit in units[:limit]
    ]


def _reviews(request: HttpRequest, limit: int) -> list[Todo]:
    rows = Purchase.objects.reviewable_by(request.user).with_total().select_related("unit", "supplier")
    return [
        Todo(
            row.submitted_at or row.created_at,
            "审核",
            "submitted",
            _purchase(row),
            f"有 {row.doubts} 处疑点" if row.doubts else "",
            reverse("review", args=[row.pk]),
        )
        for row in rows.order_by("submitted_at")[:limit]
    ]


def _bases(request: HttpRequest, limit: int) -> list[Todo]:
    rows = to_decide(request.user).select_related("unit").order_by("filed_at")
    return [
        Todo(
            row.filed_at or timezone.now(),
            "确认或退回",
            "filed",
            f"{row.year} 年度基数 · {row.unit}",
            "",
            reverse("base", args=[row.year, row.unit.code]),
        )
        for row in rows[:limit]
    ]


def _openings(request: HttpRequest, limit: int) -> list[Todo]:
    return [
        Todo(
            row.asked_at,
            "决定",
            "locked",
            f"{row.year} 年度启封申请",
            f"原因：{row.reason}",
            reverse("sealing", args=[row.year]),
        )
        for row in openings(request.user).order_by("asked_at")[:limit]
    ]


def _role_requests(request: HttpRequest, limit: int) -> list[Todo]:
    rows = RoleRequest.objects.select_related("user", "unit")[:limit]
    return [
        Todo(
            row.asked_at,
            "授予或不同意",
            "to_do",
            f"授权申请 · {row.user} · {row.unit} · {row.get_role_display()}",
            "",
            reverse("role_requests"),
        )
        for row in rows
    ]


_READ: tuple[tuple[tuple[str, ...], Callable[[HttpRequest, int], list[Todo]]], ...] = (
    (("returned", "drafts"), _own_purchases),
    (("unplaced",), _unplaced),
    (("to_file",), _to_file),
    (("mine",), _reviews),
    (("bases",), _bases),
    (("openings",), _openings),
    (("to_grant",), _role_requests),
)

"""What the assessment puts into the frame: the year, 我的单位 and the city's pages in the menu."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from assessment import todo, years
from assessment.policy_drafts import EDITORS
from cixi_xiezuo.frame import Entry
from procurement.waiting import waiting
from units.models import Role
from units.scope import Scope


def entries(request: HttpRequest) -> Iterator[Entry]:
    scope = Scope.of(request.user)
    if scope.own:
        yield Entry("我的单位", "/unit/", "home", 10)
    if scope.reviewing:
        yield Entry("单位完成情况", "/standings/", "list-details", 50)
    if scope.takes_part:
        count = waiting(request).bases if scope.reviewing else 0
        yield Entry("年度基数", "/bases/", "clipboard-list", 45, count)
        yield Entry("试算", "/whatif/", "scale", 55)
    if scope.has(Role.BUREAU, Role.OVERSIGHT):
        yield Entry("全市看板", "/city/", "dashboard", 5)
        yield Entry("封账", "/sealing/", "lock", 80)
    if scope.has(*EDITORS):
        yield Entry("政策", "/policies/", "book", 70, prefixes=("/policies/", "/policy/"))


def context(request: HttpRequest) -> dict[str, Any]:
    return {
        "year": years.current(request),
        "years": years.known(request),
        "todo_counts": SimpleLazyObject(lambda: todo.counted(request)),
        "todo_total": SimpleLazyObject(lambda: sum(sort.count for sort in todo.counted(request))),
    }


def counts_from(request: HttpRequest) -> Any:
    """For cixi_xiezuo.waits: the year that a clerk works in, and who must declare in it."""
    if not Scope.of(request.user).own:
        return None
    return years.current(request), tuple(years.must_declare(request))


def counts(request: HttpRequest) -> dict[str, Any]:
    return todo.counts(request)

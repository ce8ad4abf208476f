"""What purchases put into the left menu."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest

from cixi_xiezuo.frame import Entry
from procurement.imports.kinds import allowed
from procurement.waiting import counts, returned, waiting
from units.scope import Scope

__all__ = ["counts", "entries"]


def entries(request: HttpRequest) -> Iterator[Entry]:
    scope = Scope.of(request.user)
    if scope.own:
        yield Entry("票据收件箱", "/inbox/", "inbox", 20)
    if scope.reviewing:
        yield Entry("待审核", "/review/", "clipboard-check", 30, waiting(request).mine)
    if scope.takes_part:
        yield Entry("采购台账", "/purchases/", "shopping-cart", 40, returned(request))
    if allowed(scope):
        yield Entry("导入", "/imports/", "file-import", 70)

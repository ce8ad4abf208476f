"""What purchases put into the left menu."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest

from cixi_xiezuo.frame import Entry
from procurement.choices import Status
from procurement.models import Purchase
from procurement.waiting import waiting
from units.scope import REVIEWING, Scope


def entries(request: HttpRequest) -> Iterator[Entry]:
    scope = Scope.of(request.user)
    if scope.own:
        yield Entry("票据收件箱", "/inbox/", "inbox", 20)
    if scope.has(*REVIEWING):
        yield Entry("待审核", "/review/", "clipboard-check", 30, waiting(request).mine)
    if scope.own or scope.has(*REVIEWING):
        returned = Purchase.objects.editable_by(request.user).filter(status=Status.RETURNED).count()
        yield Entry("采购台账", "/purchases/", "shopping-cart", 40, returned)

"""What the plan's other work puts into the left menu."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest

from cixi_xiezuo.frame import Entry
from units.scope import Scope


def entries(request: HttpRequest) -> Iterator[Entry]:
    if Scope.of(request.user).takes_part:
        yield Entry("帮扶工作", "/initiatives/", "heart-handshake", 60)

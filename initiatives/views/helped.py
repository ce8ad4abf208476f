"""帮助 on a record's pages, whose address does not tell its kind."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from cixi_xiezuo import helping
from initiatives.kinds import Kind


def help_of(request: HttpRequest, kind: Kind) -> None:
    """The topic of the kind's list."""
    helping.like(request, reverse("records", args=[kind.slug]))

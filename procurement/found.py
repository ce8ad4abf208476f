"""The purchases of a list as its address asks for them: the page and the export read the same."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from procurement.filters import PurchaseFilter
from procurement.filters_review import ReviewFilter
from procurement.models import Purchase


def purchases(user: Any, asked: Any) -> PurchaseFilter:
    """采购台账, the newest first."""
    return PurchaseFilter(asked, queryset=Purchase.objects.visible_to(user).order_by("-date", "-pk"))


def waiting(user: Any, asked: Any) -> ReviewFilter:
    """待审核, the oldest submission first, with `claimed_total`."""
    rows = Purchase.objects.reviewable_by(user).with_total().order_by("submitted_at", "pk")
    request: Any = SimpleNamespace(user=user)
    return ReviewFilter(asked, queryset=rows, request=request)

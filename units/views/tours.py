"""功能介绍 put away."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from units.tours import finish_tour


@require_POST
@login_required
def tour_seen(request: HttpRequest) -> HttpResponse:
    finish_tour(by=request.user)  # type: ignore[arg-type]
    return HttpResponse(status=204)

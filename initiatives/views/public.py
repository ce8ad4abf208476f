"""The page for everybody, without log-in, where the installation turns it on (PUBLIC_PAGE): the city's totals and published
stories. It knows nobody (cixi_xiezuo.middleware.PublicMiddleware), so any cache may keep it for some minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from cixi_xiezuo import throttle
from cixi_xiezuo.pages import page_of
from initiatives import photos
from initiatives.publicity import pictures, scope
from initiatives.publicity.figures import totals

View = Callable[..., HttpResponse]
PER_PAGE = 12
KEPT = 300  # seconds


def open_to_all(view: View) -> View:
    """404 unless the installation has such pages; counted by address."""

    @wraps(view)
    def shown(request: HttpRequest, **kwargs: int) -> HttpResponse:
        if not settings.PUBLIC_PAGE:
            raise Http404
        if (refusal := throttle.too_many_reads(request, "public")) is not None:
            return refusal
        response = view(request, **kwargs)
        del response["Cache-Control"]
        patch_cache_control(response, public=True, max_age=KEPT)
        return response

    return require_safe(shown)


@open_to_all
def front(request: HttpRequest) -> HttpResponse:
    page = page_of(request, scope.published().select_related("unit"), PER_PAGE)
    images = pictures.of_each(page)
    context = {
        "totals": totals() if page.number == 1 else None,
        "page": page,
        "stories": [(story, images.get(story.pk, [])[:1]) for story in page],
    }
    return render(request, "public/front.html", context)


@open_to_all
def story(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(scope.published().select_related("unit"), pk=pk)
    context = {"story": found, "pictures": pictures.of_each([found]).get(found.pk, [])}
    return render(request, "public/story.html", context)


@open_to_all
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    rows = pictures.pictures().filter(story__in=scope.published().order_by().values("pk"))
    return photos.shown(get_object_or_404(rows.select_related("file"), pk=pk).file)

"""What is printed and handed on: 考核表 of a unit or of all, and 票据包. Each is on record."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from assessment import pack, years
from assessment.pack import Part
from assessment.sealing import sealed_words
from assessment.views.asked import Asked, asked, other_year, require_city, standing_of
from assessment.workbook.source import Source
from cixi_xiezuo import audit
from cixi_xiezuo.downloads import attached
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.snapshot import snapshot
from units.guards import taking_part
from units.models import Unit


def _record(request: HttpRequest, action: str, subject: str, **detail: Any) -> None:
    with transaction.atomic():
        audit.record(action, by=request.user, subject=subject, **detail)


@require_POST
@login_required
def unit_paper(request: HttpRequest, code: str) -> HttpResponse | StreamingHttpResponse:
    unit = get_object_or_404(taking_part(request).visible(), code=code)
    return _sheets(request, [unit], f"{unit.code} {unit.name}")


@require_POST
@login_required
def unit_papers(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """One PDF for all units that the person sees, in the order of their codes."""
    units = taking_part(request).visible().filter(active=True).order_by("code")
    return _sheets(request, list(units), "各单位")


def _sheets(request: HttpRequest, units: list[Unit], name: str) -> HttpResponse | StreamingHttpResponse:
    from assessment import unit_sheet  # with the PDF library, which no other page needs

    day = asked(request, years.current(request))
    standing = standing_of(request, day)
    if standing is None:
        return redirect("home")
    content = unit_sheet.build(standing, units, sealed_words(day.year))
    _record(request, "导出考核表", f"{day.year} 年度", units=[unit.code for unit in units], as_of=day.as_of)
    response = HttpResponse(content, content_type="application/pdf")
    return attached(response, f"{day.year}年度考核表 {name}（截至{day.as_of:%Y%m%d}）.pdf")


@require_POST
@login_required
def city_paper(request: HttpRequest, year: int) -> HttpResponse | StreamingHttpResponse:
    """The city's year on a few pages, for those who see the whole city."""
    from assessment import city_sheet  # with the PDF library, which no other page needs

    require_city(request)
    day = asked(request, year)
    try:
        with snapshot():
            content = city_sheet.build(Source.read(year, day.as_of), sealed_words(year))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(f"{reverse('city')}?{day.year_query}")
    _record(request, "导出情况汇总", f"{year} 年度", as_of=day.as_of)
    response = HttpResponse(content, content_type="application/pdf")
    return attached(response, f"{year}年度消费帮扶情况汇总（截至{day.as_of:%Y%m%d}）.pdf")


@require_safe
@login_required
def packs(request: HttpRequest, year: int) -> HttpResponse:
    """The parts of the year's receipts, of the units that the person sees."""
    seen = taking_part(request).visible()
    moved = other_year(request, year)
    if moved is not None:
        return moved
    day = asked(request, year)
    parts = _parts(day, seen)
    context = {"day": day, "parts": parts, "total": sum(len(part.papers) for part in parts)}
    return render(request, "assessment/packs.html", context)


@require_POST
@login_required
def pack_part(request: HttpRequest, year: int, number: int) -> HttpResponse | StreamingHttpResponse:
    seen = taking_part(request).visible()
    day = asked(request, year)
    part = next((each for each in _parts(day, seen) if each.number == number), None)
    if part is None:
        return redirect(f"{reverse('packs', args=[year])}?{day.query}")
    _record(request, "导出票据包", f"{year} 年度", part=number, files=len(part.papers), as_of=day.as_of)
    response = StreamingHttpResponse(pack.stream(part), content_type="application/zip")
    return attached(response, f"{year}年度票据（截至{day.as_of:%Y%m%d}）第{number}包.zip")


def _parts(day: Asked, units: QuerySet[Unit]) -> list[Part]:
    return pack.parts(pack.papers(day.year, day.as_of, units))

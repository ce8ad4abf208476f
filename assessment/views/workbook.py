"""The year's assessment workbook as a download; each one is on record."""

from __future__ import annotations

import io

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from assessment.views.asked import asked, require_city
from cixi_xiezuo import audit
from cixi_xiezuo.downloads import XLSX
from cixi_xiezuo.errors import Refused


@require_POST
@login_required
def workbook(request: HttpRequest, year: int) -> HttpResponse | FileResponse:
    from assessment.workbook import build, file_name

    require_city(request)
    day = asked(request, year)
    try:
        content = build(year, day.as_of)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(f"{reverse('city')}?{day.year_query}")
    with transaction.atomic():
        audit.record(
            "导出考核工作簿", by=request.user, subject=f"{year} 年度", as_of=day.as_of, size=len(content)
        )
    return FileResponse(
        io.BytesIO(content), as_attachment=True, filename=file_name(year, day.as_of), content_type=XLSX
    )

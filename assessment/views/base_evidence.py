"""The documents behind a 年度基数: one sent up, one handed out. Who may not see the base finds neither."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from assessment import base_evidence
from assessment.models import BaseEvidence
from assessment.views.base import find
from cixi_xiezuo import audit
from cixi_xiezuo.errors import Refused
from procurement.history import TAKEN
from procurement.originals import handed_out


@require_POST
@login_required
def attach(request: HttpRequest, year: int, code: str) -> HttpResponse:
    found = find(request, year, code)
    file = request.FILES.get("file")
    if not found.may_file or not found.fields or file is None:
        told = "请先选择依据文件" if found.may_file and found.fields else "您没有为该单位填报的权限"
        messages.error(request, told)
        return redirect("base", year, code)
    try:
        evidence = base_evidence.attach(found.unit, year, file, by=request.user)
    except Refused as refused:
        messages.error(request, f"没有上传：{refused}")
    else:
        messages.success(request, f"已上传依据“{evidence.name}”")
    return redirect("base", year, code)


@require_safe
@login_required
def document(request: HttpRequest, year: int, code: str, pk: int) -> HttpResponseBase:
    found = find(request, year, code)
    evidence = get_object_or_404(BaseEvidence.objects.select_related("file"), base=found.base.pk, pk=pk)

    @transaction.atomic
    def on_record() -> None:
        audit.record(
            TAKEN,
            by=request.user,
            subject=f"{year} 年度基数 {code}",
            stream=code,
            name=evidence.name,
            sha256=evidence.file_id,
        )

    return handed_out(request, evidence.file, evidence.name, on_record)

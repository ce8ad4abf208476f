"""常用退回原因: one a line, for the bureau."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cixi_xiezuo.errors import Refused
from procurement import reasons
from units.guards import holding
from units.models import Role


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def return_reasons(request: HttpRequest) -> HttpResponse:
    holding(request, Role.BUREAU)
    text, status = "\n".join(reasons.offered()), 200
    if request.method == "POST":
        text = request.POST.get("reasons", "").replace("\0", "")
        try:
            reasons.set_reasons(text.splitlines(), by=request.user)
        except Refused as refused:
            messages.error(request, str(refused))
            status = 422
        else:
            messages.success(request, "常用退回原因已保存")
            return redirect("return_reasons")
    context = {"text": text, "most": reasons.MOST, "longest": reasons.LONGEST}
    return render(request, "procurement/review/reasons.html", context, status=status)

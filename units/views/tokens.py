"""Tokens of the open data interface, on 我的账户."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from cixi_xiezuo.errors import Refused
from cixi_xiezuo.pages import told
from units import tokens
from units.token import ApiToken


@require_POST
@login_required
def issue_token(request: HttpRequest) -> HttpResponse:
    """The page that follows shows the token, this once."""
    if not tokens.may_have(request.user):
        raise Http404
    days = request.POST.get("days", "")
    try:
        token = tokens.issue(
            request.POST.get("name", ""), int(days) if days in map(str, tokens.DAYS) else 0, by=request.user
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("account")
    return render(request, "people/token.html", {"token": token})


@require_POST
@login_required
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=pk, user=request.user.pk)
    with told(request, f"已撤销令牌“{token}”，使用它的程序不能再读取数据"):
        tokens.revoke(pk, by=request.user)
    return redirect("account")

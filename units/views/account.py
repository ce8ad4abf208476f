"""我的账户: who I am here, my password and telephone, where I am logged in; and the second factor."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_otp import login as otp_login

from cixi_xiezuo.pages import told, way_back
from units import accounts, second_factor, sessions, tokens
from units.models import ApiToken, LoginSession
from units.roles import roles_of

KEY = "second_factor_key"


@require_safe
@login_required
def account(request: HttpRequest) -> HttpResponse:
    mine = LoginSession.objects.filter(user=request.user.pk, key__in=sessions.live().values("pk"))
    return render(
        request,
        "people/account.html",
        {
            "roles": roles_of(request.user),  # type: ignore[arg-type]
            "sessions": [(each, each.key == request.session.session_key) for each in mine],
            "device": second_factor.device_of(request.user),
            "second_factor": settings.SECOND_FACTOR,
            "tokens": ApiToken.objects.filter(user=request.user.pk),
            "may_have_tokens": tokens.may_have(request.user),
            "token_days": tokens.DAYS,
            "now": timezone.now(),
            "password_days": settings.PASSWORD_DAYS,
        },
    )


@require_POST
@login_required
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(LoginSession, pk=pk, user=request.user.pk)
    with told(request, "已结束该处登录"):
        accounts.end_own_session(session, by=request.user)
    return redirect("account")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def second_factor_page(request: HttpRequest) -> HttpResponse:
    """The code is asked for; the first time, a telephone is bound with it."""
    device = second_factor.device_of(request.user)
    if device is None and KEY not in request.session:
        request.session[KEY] = second_factor.new_key()
    key = request.session.get(KEY, "")
    error = ""
    if request.method == "POST":
        code = request.POST.get("code", "").replace(" ", "")
        if device is None:
            device = bound = second_factor.bind(request.user, key, code)
        else:
            bound = device if second_factor.verified(device, code) else None
        if bound is not None:
            request.session.pop(KEY, None)
            otp_login(request, bound)
            return redirect(way_back(request, request.GET.get("next", "")))
        error = "动态口令不正确或已用过，请等手机上换一个新口令后再输入"
    context = {"error": error, "bound": device is not None, "next": request.GET.get("next", "")}
    if device is None:
        context |= {
            "key": second_factor.shown_key(key),
            "picture": second_factor.picture(key, request.user),
        }
    return render(request, "people/second_factor.html", context, status=422 if error else 200)

"""Logging in and out, and changing one's password."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy

from cixi_xiezuo import audit, throttle
from cixi_xiezuo.address import address_of
from cixi_xiezuo.errors import Refused
from units import sessions
from units.accounts import set_own_password
from units.forms.login import LoginForm, PasswordForm

METHODS = ["get", "head", "post", "options"]
"""Without PUT, which Django's form views take for POST."""


class Login(auth.LoginView):
    http_method_names = METHODS
    template_name = "registration/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True
    extra_context = {"site_name": settings.SITE_NAME}  # Django's own would be the host

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        sessions.begin(self.request)
        throttle.remember(form.get_user().get_username(), address_of(self.request))
        audit.record("登录", by=form.get_user(), subject=f"用户 {form.get_user().get_username()}")
        return response

    @transaction.atomic
    def form_invalid(self, form: Any) -> HttpResponse:
        name = form.data.get("username", "")
        audit.record("登录失败", by=audit.Stranger(), subject=f"用户 {name}")
        return super().form_invalid(form)


class Logout(auth.LogoutView):
    """Ends the session on the server, and lets the browser forget what it kept."""

    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            audit.record("退出", by=request.user, subject=f"用户 {request.user.get_username()}")
            sessions.forget(request)
        response = super().post(request, *args, **kwargs)
        if request.is_secure():
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response


class PasswordChange(auth.PasswordChangeView):
    http_method_names = METHODS
    template_name = "registration/password_change.html"
    form_class = PasswordForm
    success_url = reverse_lazy("home")

    def form_valid(self, form: Any) -> HttpResponse:
        old = self.request.session.session_key
        try:
            user = set_own_password(form.user, form.cleaned_data["new_password1"])
        except Refused as refused:
            form.add_error("new_password1", str(refused))
            return self.form_invalid(form)
        update_session_auth_hash(self.request, user)
        sessions.renamed(old, self.request.session.session_key)
        messages.success(self.request, "密码已修改，下次请用新密码登录。您在别处的登录已全部结束。")
        return redirect(self.get_success_url())


def locked_out(request: HttpRequest, credentials: Any = None, *args: Any, **kwargs: Any) -> HttpResponse:
    """What axes shows after too many wrong passwords."""
    name = (credentials or {}).get("username") or request.POST.get("username", "")
    with transaction.atomic():
        audit.record("登录锁定", by=audit.Stranger(), subject=f"用户 {name}")
    return render(request, "registration/locked.html", {"username": name}, status=429)

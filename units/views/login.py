"""Logging in and out, and changing one's password."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy

from cixi_xiezuo import audit
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
        audit.record("登录", by=form.get_user(), subject=f"用户 {form.get_user().get_username()}")
        return response

    @transaction.atomic
    def form_invalid(self, form: Any) -> HttpResponse:
        name = form.data.get("username", "")
        audit.record("登录失败", by=audit.Stranger(), subject=f"用户 {name}")
        return super().form_invalid(form)


class PasswordChange(auth.PasswordChangeView):
    http_method_names = METHODS
    template_name = "registration/password_change.html"
    form_class = PasswordForm
    success_url = reverse_lazy("home")

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            response = super().form_valid(form)
            audit.record("修改密码", by=self.request.user, subject=f"用户 {self.request.user.get_username()}")
        messages.success(self.request, "密码已修改，下次请用新密码登录。")
        return response


def locked_out(request: HttpRequest, credentials: Any = None, *args: Any, **kwargs: Any) -> HttpResponse:
    """What axes shows after too many wrong passwords."""
    name = (credentials or {}).get("username") or request.POST.get("username", "")
    with transaction.atomic():
        audit.record("登录锁定", by=audit.Stranger(), subject=f"用户 {name}")
    return render(request, "registration/locked.html", {"username": name}, status=429)

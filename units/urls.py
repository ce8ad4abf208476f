"""Addresses of this app."""

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, path

from units.views.login import Login, PasswordChange
from units.views.units import units

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", PasswordChange.as_view(), name="password_change"),
    path("units/", units, name="units"),
]

"""Addresses of this app."""

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, path

from units.views.login import Login, PasswordChange
from units.views.messages import messages, messages_read, reminder_rules
from units.views.units import units

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", PasswordChange.as_view(), name="password_change"),
    path("messages/", messages, name="messages"),
    path("messages/read/", messages_read, name="messages_read"),
    path("messages/rules/", reminder_rules, name="reminder_rules"),
    path("units/", units, name="units"),
]

"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, path

from units.views import people
from units.views.account import account, end_session, second_factor_page
from units.views.audit import export, trail
from units.views.delegations import delegations, end
from units.views.login import Login, Logout, PasswordChange
from units.views.messages import messages, messages_read, reminder_rules
from units.views.system import retry_errand, system, system_state
from units.views.tokens import issue_token, revoke_token
from units.views.tours import tour_seen
from units.views.units import units

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", Login.as_view(), name="login"),
    path("logout/", Logout.as_view(), name="logout"),
    path("password/", PasswordChange.as_view(), name="password_change"),
    path("messages/", messages, name="messages"),
    path("messages/read/", messages_read, name="messages_read"),
    path("messages/rules/", reminder_rules, name="reminder_rules"),
    path("account/", account, name="account"),
    path("account/sessions/<int:pk>/end/", end_session, name="end_session"),
    path("account/tokens/", issue_token, name="issue_token"),
    path("account/tokens/<int:pk>/revoke/", revoke_token, name="revoke_token"),
    path("account/second-factor/", second_factor_page, name="second_factor"),
    path("account/tour/seen/", tour_seen, name="tour_seen"),
    path("delegations/", delegations, name="delegations"),
    path("delegations/<int:pk>/end/", end, name="end_delegation"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new, name="new_person"),
    path("people/slips/", people.issue_slips, name="issue_slips"),
    path("people/requests/", people.requests, name="role_requests"),
    path("people/requests/decide/", people.decide, name="decide_role_requests"),
    path("people/roles/<int:pk>/revoke/", people.revoke, name="revoke_role"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/<slug:verb>/", people.act, name="act_on_person"),
    path("audit/", trail, name="audit"),
    path("audit/export/", export, name="audit_export"),
    path("system/", system, name="system"),
    path("system/state/", system_state, name="system_state"),
    path("system/errands/<int:pk>/retry/", retry_errand, name="retry_errand"),
    path("units/", units, name="units"),
]

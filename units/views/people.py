"""用户: the system administrator keeps people, the security administrator their roles and lock-outs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cixi_xiezuo.errors import Refused
from cixi_xiezuo.pages import page_of, told
from cixi_xiezuo.waits import waits
from units import accounts, roles, second_factor
from units import slips as first_slips
from units.filters_people import PeopleFilter
from units.forms.person import NameForm, NewPersonForm, RoleForm
from units.guards import holding
from units.models import Membership, Role, RoleRequest, User
from units.people import name_of
from units.scope import Scope
from units.trail import recorded
from units.trail import told as in_words

KEEPERS_OF_PEOPLE = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)


@require_safe
@login_required
def people(request: HttpRequest) -> HttpResponse:
    scope = holding(request, *KEEPERS_OF_PEOPLE)
    rows = User.objects.order_by("username").prefetch_related("memberships__unit", "role_requests")
    found = PeopleFilter(request.GET, queryset=rows)
    return render(
        request,
        "people/people.html",
        {
            "filter": found,
            "page": page_of(request, found.qs),
            "may_add": scope.has(Role.SYSTEM_ADMIN),
            "asked": waits(request).get("to_grant", 0),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    holding(request, Role.SYSTEM_ADMIN)
    form = NewPersonForm(request.POST or None, initial={"unit": request.GET.get("unit", "")})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            with transaction.atomic():
                user, slip = accounts.create_person(given["username"], given["name"], by=request.user)
                roles.request_role(user, given["unit"], given["role"], by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已新建用户 {user}，角色待安全管理员授予")
            return slips(request, [slip], user)
    return render(request, "people/new.html", {"form": form}, status=422 if form.errors else 200)


def slips(request: HttpRequest, made: list[accounts.Slip], user: User | None = None) -> HttpResponse:
    """First passwords to print and hand out. They are stored nowhere: this page is shown once."""
    return render(
        request,
        "people/slips.html",
        {"slips": made, "person": user, "first_password_days": settings.FIRST_PASSWORD_DAYS},
    )


@require_POST
@login_required
def issue_slips(request: HttpRequest) -> HttpResponse:
    """账户单 for the picked people, on one page to print."""
    holding(request, Role.SYSTEM_ADMIN)
    picked = [int(text) for text in request.POST.getlist("pick") if text.isdecimal() and len(text) < 19]
    with told(request):
        return slips(request, first_slips.issue(picked, by=request.user))
    return redirect(f"{reverse('people')}?{request.GET.urlencode()}")


@require_safe
@login_required
def person(request: HttpRequest, pk: int) -> HttpResponse:
    scope = holding(request, *KEEPERS_OF_PEOPLE)
    return _page(request, scope, get_object_or_404(User, pk=pk))


def _page(
    request: HttpRequest, scope: Scope, found: User, status: int = 200, form: RoleForm | None = None
) -> HttpResponse:
    events = recorded("site", [f"用户 {found.get_username()}"])[:20]
    return render(
        request,
        "people/person.html",
        {
            "person": found,
            "self": found.pk == request.user.pk,
            "keeps_people": scope.has(Role.SYSTEM_ADMIN),
            "keeps_roles": scope.has(Role.SECURITY_ADMIN),
            "memberships": found.memberships.select_related("unit").order_by("unit__code", "role"),
            "requests": found.role_requests.select_related("unit"),
            "attempts": accounts.attempts(found),
            "device": second_factor.device_of(found),
            "second_factor": settings.SECOND_FACTOR,
            "form": form or RoleForm(),
            "events": in_words(events, _notes),
        },
        status=status,
    )


def _notes(detail: dict[str, Any]) -> list[str]:
    """Before and after, a reason, and what else is to be read."""
    words = []
    if "before" in detail:
        words.append(f"{_list(detail['before'])} → {_list(detail.get('after'))}")
    if detail.get("unit"):
        words.append(f"{detail['unit']} {detail.get('role', '')}")
    if detail.get("reason"):
        words.append(f"原因：{detail['reason']}")
    return words


def _list(value: Any) -> str:
    return ("、".join(value) if isinstance(value, list) else str(value or "")) or "无"


@require_POST
@login_required
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One verb on a person. Whoever may not is told so by the verb itself."""
    scope = holding(request, *KEEPERS_OF_PEOPLE)
    found = get_object_or_404(User, pk=pk)
    if verb == "password":
        try:
            return slips(request, [accounts.reset_password(found, by=request.user)], found)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect("person", pk)
    if verb in ("ask", "grant"):
        return _role(request, scope, found, roles.grant_role if verb == "grant" else roles.request_role)
    if verb not in VERBS:
        raise Http404
    do, said = VERBS[verb]
    with told(request, said):
        do(request, found)
    return redirect("person", pk)


VERBS: dict[str, tuple[Callable[[HttpRequest, User], Any], str]] = {
    "rename": (
        lambda request, user: accounts.rename_person(user, _name(request), by=request.user),
        "姓名已修改",
    ),
    "disable": (
        lambda request, user: accounts.disable(user, by=request.user, reason=request.POST.get("reason", "")),
        "已停用，该用户的登录全部结束",
    ),
    "enable": (lambda request, user: accounts.enable(user, by=request.user), "已启用"),
    "log-out": (
        lambda request, user: accounts.log_out_everywhere(user, by=request.user),
        "该用户的登录已全部结束",
    ),
    "unlock": (lambda request, user: accounts.unlock(user, by=request.user), "已解除锁定"),
    "second-factor": (
        lambda request, user: accounts.reset_second_factor(user, by=request.user),
        "已重置，该用户下次登录时重新绑定",
    ),
}
"""Verb in the address → what it does, and what is said then."""


def _name(request: HttpRequest) -> str:
    form = NameForm(request.POST)
    return form.cleaned_data["name"] if form.is_valid() else ""


def _role(request: HttpRequest, scope: Scope, found: User, do: Callable[..., Any]) -> HttpResponse:
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            do(found, form.cleaned_data["unit"], form.cleaned_data["role"], by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已授予角色" if do is roles.grant_role else "已提交，待安全管理员授予")
            return redirect("person", found.pk)
    return _page(request, scope, found, 422, form)


@require_POST
@login_required
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    holding(request, *KEEPERS_OF_PEOPLE)
    membership = get_object_or_404(Membership.objects.select_related("user", "unit"), pk=pk)
    with told(request, f"已收回 {membership.user} 的{membership.get_role_display()}角色"):
        roles.revoke_role(membership, by=request.user)
    return redirect("person", membership.user_id)


@require_safe
@login_required
def requests(request: HttpRequest) -> HttpResponse:
    """待授权: what the system administrator asked for, the oldest first."""
    holding(request, Role.SECURITY_ADMIN)
    rows = RoleRequest.objects.select_related("user", "unit").annotate(asker_name=name_of("asked_by"))
    return render(request, "people/requests.html", {"page": page_of(request, rows)})


@require_POST
@login_required
def decide(request: HttpRequest) -> HttpResponse:
    """Grant the picked requests, or decline them with a reason; each by itself."""
    holding(request, Role.SECURITY_ADMIN)
    picked = [text for text in request.POST.getlist("pick") if text.isdecimal()]
    rows = list(RoleRequest.objects.filter(pk__in=picked).select_related("user", "unit"))
    if not rows:
        messages.warning(request, "请先勾选申请")
    done = 0
    for row in rows:
        try:
            if "decline" in request.POST:
                roles.decline_role(row, by=request.user, reason=request.POST.get("reason", ""))
            else:
                roles.grant_role(row.user, row.unit, row.role, by=request.user)
            done += 1
        except Refused as refused:
            messages.error(request, f"{row.user} {row.unit} {row.get_role_display()}：{refused}")
    if done:
        messages.success(request, f"{'不同意' if 'decline' in request.POST else '已授予'} {done} 项")
    return redirect("role_requests")

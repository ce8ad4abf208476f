"""消息: what the person was told, the unread first marked; and the bureau's rules for who is reminded when."""

from __future__ import annotations

from django.contrib import messages as notes
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cixi_xiezuo.errors import Refused
from cixi_xiezuo.pages import page_of
from units.guards import holding
from units.message import Message
from units.messages import mark_read
from units.models import Role
from units.people import name_of
from units.reminder_rules import rules, set_rules
from units.scope import Scope


@require_safe
@login_required
def messages(request: HttpRequest) -> HttpResponse:
    rows = Message.objects.filter(user=request.user.pk).annotate(sender_name=name_of("sender"))
    context = {
        "page": page_of(request, rows, 20),
        "unread": rows.filter(read_at=None).count(),
        "may_set": Scope.of(request.user).has(Role.BUREAU),
    }
    return render(request, "units/messages.html", context)


@require_POST
@login_required
def messages_read(request: HttpRequest) -> HttpResponse:
    """One, or all where none is named."""
    pk = request.POST.get("pk", "")
    if not pk:
        mark_read(request.user)
    elif pk.isdecimal() and len(pk) < 19:
        mark_read(request.user, int(pk))
    return redirect("messages")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def reminder_rules(request: HttpRequest) -> HttpResponse:
    holding(request, Role.BUREAU)
    if request.method != "POST":
        return render(request, "units/reminder_rules.html", {"rules": rules().values()})
    try:
        wanted = {kind: (_days(request, kind), f"{kind}-active" in request.POST) for kind in rules()}
        set_rules(wanted, by=request.user)
    except Refused as error:
        notes.error(request, str(error))
        return render(request, "units/reminder_rules.html", {"rules": rules().values()}, status=422)
    notes.success(request, "提醒规则已保存，从下一次提醒起生效")
    return redirect("reminder_rules")


def _days(request: HttpRequest, kind: str) -> int:
    text = request.POST.get(f"{kind}-days", "").strip()
    if not (text.isdecimal() and text.isascii() and len(text) < 6):
        raise Refused(f"天数应为整数，不能是“{text}”")
    return int(text)

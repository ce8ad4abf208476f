"""Applications that wait: for their unit to be completed, for the two offices to be decided, paid or taken back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from assessment.todo import Todo
from cixi_xiezuo.money import yuan_display
from initiatives.funds.models import ApplicationState
from initiatives.funds.scope import waiting, with_flag

SORTS = (("applications", "资金", "/initiatives/applications/"),)
WORDS = {
    ApplicationState.DRAFT: "补齐并提交",
    ApplicationState.SUBMITTED: "审定",
    ApplicationState.APPROVED: "拨付",
}


def _read(request: HttpRequest, limit: int) -> list[Todo]:
    rows = (
        with_flag(waiting(request.user)).select_related("unit", "scheme").order_by("changed_at", "pk")[:limit]
    )
    return [_todo(each) for each in rows]


def _todo(each: Any) -> Todo:
    lost = each.shaken and each.state == ApplicationState.APPROVED
    return Todo(
        since=each.changed_at,
        word="撤销审定" if lost else WORDS[ApplicationState(each.state)],
        state="revoked" if lost else each.badge,
        label="" if lost else each.get_state_display(),
        title=f"{each.scheme} · {each.title} · {each.unit} · {yuan_display(each.granted or each.requested)} 元",
        detail="所依据的采购已撤销核准" if each.shaken else "",
        url=reverse("application", args=[each.pk]),
    )


READ = ((("applications",), _read),)

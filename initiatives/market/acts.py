"""What may be done to a complaint and to an entry of the blacklist, from its page."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from initiatives.acting import Act, ReasonForm
from initiatives.market import blacklist, complaints
from initiatives.market.forms import CloseForm, FindForm, InspectForm, LiftForm
from initiatives.market.models import Complaint, ComplaintState
from initiatives.market.scope import is_theirs, may_handle, may_reopen
from initiatives.offices import supervises_market
from procurement.models import Blacklisting


def _handling(state: ComplaintState) -> Any:
    return lambda user, complaint: complaint.state == state and may_handle(user, complaint)


def _withdrawing(user: Any, complaint: Complaint) -> bool:
    return complaint.state == ComplaintState.FILED and is_theirs(user, complaint)


def _lifting(user: Any, entry: Blacklisting) -> bool:
    over = entry.until < timezone.localdate()
    return entry.lifted_on is None and not over and supervises_market(user)


COMPLAINT = (
    Act("inspect", "登记检查", complaints.inspect, _handling(ComplaintState.FILED), InspectForm),
    Act("find", "认定", complaints.find, _handling(ComplaintState.INSPECTED), FindForm),
    Act("close", "办结", complaints.close, _handling(ComplaintState.FOUND), CloseForm),
    Act(
        "decline",
        "不予受理",
        complaints.decline,
        _handling(ComplaintState.FILED),
        ReasonForm,
        "已记为不予受理",
    ),
    Act("withdraw", "撤回投诉", complaints.withdraw, _withdrawing, ReasonForm),
    Act("reopen", "重新检查", complaints.reopen, may_reopen, ReasonForm, "已回到待检查"),
)
BLACKLISTING = (Act("lift", "移出黑名单", blacklist.lift, _lifting, LiftForm),)

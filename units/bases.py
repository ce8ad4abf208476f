"""年度基数 are filed, not just stored: 未填报 → 已填报 → 退回重填 | 已确认. Only confirmed ones enter a figure.

A confirmed one that is filed anew is 已填报 again, and until it is confirmed again no figure is measured by it.
"""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed, Refused, Stale
from units.kinds import Canteen
from units.models import BaseStatus, Unit, YearBase
from units.scope import Scope
from units.years import require_open

VALUES = (
    "headcount",
    "canteen_budget",
    "holiday_gifts",
    "target",
    "assistance_base",
    "listed",
    "canteen",
    "canteen_representative_id",
    "reserve_percent",
)


def values(base: YearBase) -> dict[str, Any]:
    return {name: getattr(base, name) for name in VALUES}


def _log(action: str, base: YearBase, by: Any, **detail: Any) -> None:
    audit.record(
        action, by=by, subject=f"{base.year} 年度基数 {base.unit.code}", stream=base.unit.code, **detail
    )


def _log_decision(action: str, base: YearBase, by: Any, **detail: Any) -> None:
    """With 甲代乙 where the person decides for somebody else."""
    giver = "" if by is None else Scope.of(by).on_behalf(base.unit)
    _log(action, base, by, on_behalf=giver, **detail)


def _locked(base: YearBase) -> YearBase:
    return YearBase.objects.select_for_update(of=("self",)).select_related("unit").get(pk=base.pk)


def stamp(base: YearBase) -> str:
    """Stands for a declaration as somebody saw it: its values and where it is on its way."""
    seen = [values(base), base.status, base.filed_by, base.filed_at]
    text = json.dumps(seen, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _require_seen(base: YearBase, seen: str | None) -> None:
    if seen is not None and seen != stamp(base):
        raise Stale(f"{base.unit} 的 {base.year} 年度基数刚刚有了变化，请看清现在的内容再继续")


def problem(base: YearBase) -> str | None:
    """What can't be declared, in Chinese; None when nothing is wrong."""
    numbers = {
        "人数": base.headcount,
        "食堂采购预算": base.canteen_budget,
        "节日慰问品总额": base.holiday_gifts,
        "采购目标": base.target,
        "帮扶资金基数": base.assistance_base,
    }
    for label, value in numbers.items():
        if value is not None and value < 0:
            return f"{label}不能为负数"
    if base.reserve_percent is not None and not 0 <= base.reserve_percent <= 100:
        return "预留比例应在 0 到 100 之间"
    if base.reserve_percent is not None and base.reserve_percent != round(Decimal(base.reserve_percent), 2):
        return "预留比例最多两位小数"
    if base.canteen and base.canteen not in Canteen.values:
        return "食堂情况不在可选范围内"
    if base.canteen == Canteen.SHARED and base.canteen_representative_id is None:
        return "食堂共用，请选择共用代表单位"
    if base.canteen == Canteen.SHARED and base.canteen_representative_id == base.unit_id:
        return "共用代表单位不能是本单位自己"
    return None


@transaction.atomic
def file_base(unit: Unit, year: int, *, by: Any, seen: str | None = None, **declared: Any) -> YearBase:
    """填报: what a unit declares (names of VALUES); what is not named stays. The same again changes nothing.

    `seen`: the stamp of what the person saw, Stale where it has changed. A confirmed one is open again by it.
    """
    if by is not None and not Scope.of(by).may_record(unit):
        raise NotAllowed("您没有为该单位填报的权限")
    require_open([year])
    made, _ = YearBase.objects.get_or_create(unit=unit, year=year)
    base = _locked(made)
    _require_seen(base, seen)
    before, status = values(base), base.status
    for name in declared:
        if name not in VALUES:
            raise TypeError(f"no value of a base: {name}")
        setattr(base, name, declared[name])
    if base.canteen != Canteen.SHARED:
        base.canteen_representative = None
    if (wrong := problem(base)) is not None:
        raise Refused(wrong)
    if values(base) == before and status in (BaseStatus.FILED, BaseStatus.CONFIRMED):
        return base
    now = timezone.now()
    base.status, base.returned_reason = BaseStatus.FILED, ""
    base.confirmed_by, base.confirmed_at = "", None
    base.first_filed_at = base.first_filed_at or base.filed_at or now
    base.filed_by, base.filed_at = audit.actor_name(by), now
    base.save()
    _log("填报基数", base, by, before=before, after=values(base), was=status)
    return base


def _require_reviewer(base: YearBase, by: Any) -> None:
    if by is not None and (not Scope.of(by).may_review(base.unit) or base.filed_by == audit.actor_name(by)):
        raise NotAllowed("您没有确认该单位基数的权限，本人或本单位填报的须由他人确认")


def to_decide(user: Any) -> QuerySet[YearBase]:
    """Filed declarations, of whatever year, that the person may confirm or return."""
    filed = YearBase.objects.filter(status=BaseStatus.FILED, unit__active=True)
    return filed.filter(unit__in=Scope.of(user).reviewable()).exclude(filed_by=user.get_username())


@transaction.atomic
def confirm_base(base: YearBase, *, by: Any, seen: str | None = None) -> YearBase:
    """确认: from now on the declaration is what the figures are measured by. `seen` as in `file_base`."""
    base = _locked(base)
    _require_reviewer(base, by)
    require_open([base.year])
    _require_seen(base, seen)
    if base.status != BaseStatus.FILED:
        raise Refused(f"{base.unit} 的 {base.year} 年度基数为“{base.get_status_display()}”，不能确认")
    base.status = BaseStatus.CONFIRMED
    base.confirmed_by, base.confirmed_at = audit.actor_name(by), timezone.now()
    base.save()
    _log_decision("确认基数", base, by, values=values(base))
    return base


@transaction.atomic
def return_base(base: YearBase, *, by: Any, reason: str, seen: str | None = None) -> YearBase:
    """退回重填, also of a confirmed one, which then no longer enters any figure. `seen` as in `file_base`."""
    base = _locked(base)
    _require_reviewer(base, by)
    require_open([base.year])
    _require_seen(base, seen)
    if base.status not in (BaseStatus.FILED, BaseStatus.CONFIRMED):
        raise Refused(f"{base.unit} 的 {base.year} 年度基数为“{base.get_status_display()}”，不能退回")
    if not reason.strip():
        raise Refused("请填写退回原因")
    base.status, base.returned_reason = BaseStatus.RETURNED, reason.strip()
    base.save()
    _log_decision("退回基数", base, by, reason=reason.strip())
    return base

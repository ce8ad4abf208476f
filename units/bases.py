"""年度基数 are filed, not just stored: 未填报 → 已填报 → 退回重填 | 已确认. Only confirmed ones enter a figure."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed, Refused
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


@transaction.atomic
def file_base(unit: Unit, year: int, *, by: Any, **declared: Any) -> YearBase:
    """填报: what a unit declares (names of VALUES). A confirmed declaration must be returned first."""
    if by is not None and not Scope.of(by).may_record(unit):
        raise NotAllowed("您没有为该单位填报的权限")
    base = YearBase.objects.select_for_update(of=("self",)).filter(unit=unit, year=year).first()
    base = base or YearBase(unit=unit, year=year)
    if base.status == BaseStatus.CONFIRMED:
        raise Refused(f"{year} 年度基数已确认，如需更改，请先由确认单位退回重填")
    before = values(base)
    for name, value in declared.items():
        setattr(base, name, value)
    if base.canteen == Canteen.SHARED:
        if base.canteen_representative_id is None:
            raise Refused("食堂共用，请选择共用代表单位")
        if base.canteen_representative_id == unit.pk:
            raise Refused("共用代表单位不能是本单位自己")
    else:
        base.canteen_representative = None
    base.status, base.returned_reason = BaseStatus.FILED, ""
    base.filed_by, base.filed_at = audit.actor_name(by), timezone.now()
    base.save()
    _log("填报基数", base, by, before=before, after=values(base))
    return base


def _require_reviewer(base: YearBase, by: Any) -> None:
    if by is not None and (not Scope.of(by).may_review(base.unit) or base.filed_by == audit.actor_name(by)):
        raise NotAllowed("您没有确认该单位基数的权限，本人或本单位填报的须由他人确认")


@transaction.atomic
def confirm_base(base: YearBase, *, by: Any) -> YearBase:
    """确认: from now on the declaration is what the figures are measured by."""
    base = _locked(base)
    _require_reviewer(base, by)
    require_open([base.year])
    if base.status != BaseStatus.FILED:
        raise Refused(f"{base.unit} 的 {base.year} 年度基数为“{base.get_status_display()}”，不能确认")
    base.status = BaseStatus.CONFIRMED
    base.confirmed_by, base.confirmed_at = audit.actor_name(by), timezone.now()
    base.save()
    _log_decision("确认基数", base, by, values=values(base))
    return base


@transaction.atomic
def return_base(base: YearBase, *, by: Any, reason: str) -> YearBase:
    """退回重填, also of a confirmed one, which then no longer enters any figure."""
    base = _locked(base)
    _require_reviewer(base, by)
    require_open([base.year])
    if base.status not in (BaseStatus.FILED, BaseStatus.CONFIRMED):
        raise Refused(f"{base.unit} 的 {base.year} 年度基数为“{base.get_status_display()}”，不能退回")
    if not reason.strip():
        raise Refused("请填写退回原因")
    base.status, base.returned_reason = BaseStatus.RETURNED, reason.strip()
    base.save()
    _log_decision("退回基数", base, by, reason=reason.strip())
    return base

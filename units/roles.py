"""Who holds which role. Only the security administrator gives and takes; nobody their own.

Each verb is one transaction with its word in the trail; raises NotAllowed or Refused and changes nothing
otherwise. A change of roles ends every session of the person.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed, Refused
from units.kinds import PLACES
from units.models import KEEPERS, Membership, Role, RoleRequest, Unit, User
from units.scope import Scope


def require(by: Any, role: Role, doing: str) -> None:
    """`by` None is the server's operator, who may."""
    if by is not None and not Scope.of(by).has(role):
        raise NotAllowed(f"只有{role.label}可以{doing}")


def require_another(by: Any, user: User, doing: str) -> None:
    if by is not None and by.pk == user.pk:
        raise NotAllowed(f"不能{doing}自己的账户，请由另一位管理员办理")


def roles_of(user: User) -> list[str]:
    """In words, for the trail: 市教育局 牵头/主管审核, …"""
    rows = user.memberships.select_related("unit").order_by("unit__code", "role")
    return [f"{row.unit} {row.get_role_display()}" for row in rows]


def require_fitting(user: User, unit: Unit, role: str) -> None:
    """Would the role go together with what the person is already?"""
    if role not in Role.values:
        raise Refused("没有这个角色，请重新选择")
    if not user.is_active:
        raise Refused(f"用户 {user.get_username()} 已停用，请先启用")
    if not unit.active:
        raise Refused(f"单位“{unit}”已停用，不能授予角色")
    if (wrong := misfit(role, unit, set(user.memberships.values_list("role", flat=True)))) is not None:
        raise Refused(wrong)


def misfit(role: str, unit: Unit, held: set[str]) -> str | None:
    """Why the role does not go together with the unit, or with the roles that the person holds."""
    if role == Role.TOWN and unit.kind not in PLACES:
        return "镇街审核只能授予镇、街道、管委会的人员"
    if role in KEEPERS and held - {role}:
        return "系统管理员、安全管理员、审计员须由不同的人担任，也不能兼任业务角色"
    if role not in KEEPERS and held & set(KEEPERS):
        return "系统管理员、安全管理员、审计员不能兼任业务角色"
    return None


@transaction.atomic
def request_role(user: User, unit: Unit, role: str, *, by: Any) -> RoleRequest:
    """申请授权: the system administrator asks, the security administrator decides."""
    require(by, Role.SYSTEM_ADMIN, "申请授权")
    require_fitting(user, unit, role)
    if user.memberships.filter(unit=unit, role=role).exists():
        raise Refused(f"用户 {user.get_username()} 已是{unit}的{Role(role).label}")
    request, created = RoleRequest.objects.get_or_create(
        user=user, unit=unit, role=role, defaults={"asked_by": audit.actor_name(by)}
    )
    if created:
        _log("申请授权", user, by, unit=str(unit), role=Role(role).label)
    return request


@transaction.atomic
def decline_role(request: RoleRequest, *, by: Any, reason: str) -> None:
    """不同意 a request, with the reason."""
    require(by, Role.SECURITY_ADMIN, "决定授权")
    if not reason.strip():
        raise Refused("请填写不同意的原因")
    _log(
        "不同意授权", request.user, by, unit=str(request.unit), role=request.get_role_display(), reason=reason
    )
    request.delete()


@transaction.atomic
def grant_role(user: User, unit: Unit, role: str, *, by: Any) -> Membership:
    """授予角色."""
    require(by, Role.SECURITY_ADMIN, "授予角色")
    user = _locked(user)
    require_another(by, user, "授权给")
    require_fitting(user, unit, role)
    before = roles_of(user)
    try:
        with transaction.atomic():
            membership = Membership.objects.create(user=user, unit=unit, role=role)
    except IntegrityError as error:
        raise Refused(f"用户 {user.get_username()} 已有{Role(role).label}角色，不能重复授予") from error
    RoleRequest.objects.filter(user=user, unit=unit, role=role).delete()
    end_sessions(user)
    _log("授予角色", user, by, before=before, after=roles_of(user))
    return membership


@transaction.atomic
def revoke_role(membership: Membership, *, by: Any) -> None:
    """收回角色."""
    require(by, Role.SECURITY_ADMIN, "收回角色")
    user = _locked(membership.user)
    require_another(by, user, "收回")
    before = roles_of(user)
    if not Membership.objects.filter(pk=membership.pk).delete()[0]:
        raise Refused("该角色已被收回")
    end_sessions(user)
    _log("收回角色", user, by, before=before, after=roles_of(user))


def end_sessions(user: User) -> None:
    """Every session begun before now ends with the next request."""
    User.objects.filter(pk=user.pk).update(epoch=F("epoch") + 1)
    user.refresh_from_db(fields=["epoch"])


def _locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def _log(action: str, user: User, by: Any, **detail: Any) -> None:
    audit.record(action, by=by, subject=f"用户 {user.get_username()}", **detail)

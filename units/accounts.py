"""People's accounts: made, renamed, disabled and enabled by the system administrator; passwords and lock-outs.

Each verb is one transaction with its word in the trail; raises NotAllowed or Refused and changes nothing
otherwise. Passwords themselves are never on record.
"""

from __future__ import annotations

import datetime
import secrets
from dataclasses import dataclass
from typing import Any

from axes.models import AccessAttempt
from axes.utils import reset as reset_attempts
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from cixi_xiezuo import audit
from cixi_xiezuo.errors import Refused
from units.models import LoginSession, Role, User
from units.roles import end_sessions, require, require_another
from units.token import ApiToken

LETTERS = "abcdefghjkmnpqrstuvwxyz"
DIGITS = "23456789"
"""Without what looks like another on paper."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What is handed to a person once, on paper: with this password they log in and set their own."""

    username: str
    name: str
    password: str


def first_password() -> str:
    """Such as `kd7m-PW4x-tu9n`: more than 60 bits by chance, and it meets every rule for passwords."""
    while True:
        blocks = ["".join(secrets.choice(LETTERS + DIGITS) for _ in range(4)) for _ in range(3)]
        blocks[1] = blocks[1].upper()
        text = "-".join(blocks)
        if (
            any(c.isdigit() for c in text)
            and any(c.isupper() for c in text)
            and any(c.islower() for c in text)
        ):
            return text


@transaction.atomic
def create_person(username: str, name: str, *, by: Any) -> tuple[User, Slip]:
    """新建用户, without any role yet; the slip is shown once and stored nowhere."""
    require(by, Role.SYSTEM_ADMIN, "新建用户")
    username, name = username.strip(), name.strip()
    require_new_name(username, name)
    user = User(username=username, display_name=name)
    password = first_password()
    user.give_first_password(password)
    _log("新建用户", user, by, name=name)
    return user, Slip(username, name, password)


def require_new_name(username: str, name: str) -> None:
    """Could an account be made of these two? Raises Refused."""
    require_well_formed(username, name)
    if User.objects.filter(username__iexact=username).exists():
        raise Refused(f"用户名“{username}”已被使用，请换一个")


def require_well_formed(username: str, name: str) -> None:
    """The same, whether the user name is taken or not."""
    try:
        UnicodeUsernameValidator()(username)
    except ValidationError as error:
        raise Refused("用户名只能包含文字、数字和 @ . + - _") from error
    if not 2 <= len(username) <= 30:
        raise Refused("用户名应为 2 到 30 个字符")
    if not name or len(name) > 50:
        raise Refused("请填写姓名，最多 50 个字")


@transaction.atomic
def rename_person(user: User, name: str, *, by: Any) -> User:
    """修改姓名."""
    require(by, Role.SYSTEM_ADMIN, "修改用户")
    user, name = _locked(user), name.strip()
    if not name or len(name) > 50:
        raise Refused("请填写姓名，最多 50 个字")
    before, user.display_name = user.display_name, name
    user.save(update_fields=["display_name"])
    _log("修改用户", user, by, before=before, after=name)
    return user


@transaction.atomic
def reset_password(user: User, *, by: Any) -> Slip:
    """重置密码: a new first password; every session of the person ends."""
    require(by, Role.SYSTEM_ADMIN, "重置密码")
    user = _locked(user)
    require_another(by, user, "重置")
    password = first_password()
    user.give_first_password(password)
    _log("重置密码", user, by)
    return Slip(user.get_username(), str(user), password)


@transaction.atomic
def set_own_password(user: User, password: str) -> User:
    """修改密码, by the person themselves; all their other sessions end. Raises Refused for a weak one."""
    user = _locked(user)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused("".join(error.messages)) from error
    if user.check_password(password):
        raise Refused("新密码不能与当前密码相同")
    user.set_password(password)
    user.must_change_password, user.password_set_at = False, timezone.now()
    user.save()
    _log("修改密码", user, user)
    return user


@transaction.atomic
def disable(user: User, *, by: Any, reason: str) -> User:
    """停用: the person can't log in, and every session of theirs ends with its next request."""
    require(by, Role.SYSTEM_ADMIN, "停用用户")
    user = _locked(user)
    require_another(by, user, "停用")
    if not user.is_active:
        raise Refused(f"用户 {user.get_username()} 已经停用")
    if not reason.strip():
        raise Refused("请填写停用原因")
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user)
    _log("停用用户", user, by, reason=reason.strip())
    return user


@transaction.atomic
def enable(user: User, *, by: Any) -> User:
    """启用 a disabled person again."""
    require(by, Role.SYSTEM_ADMIN, "启用用户")
    user = _locked(user)
    if user.is_active:
        raise Refused(f"用户 {user.get_username()} 没有停用")
    user.is_active, user.enabled_at = True, timezone.now()
    user.save(update_fields=["is_active", "enabled_at"])
    _log("启用用户", user, by)
    return user


def idle(days: int) -> QuerySet[User]:
    """Active people who have neither logged in nor been enabled for more than `days` days.

    Whoever has a token of the data interface that is still good works by it, and never logs in.
    """
    now = timezone.now()
    since = now - datetime.timedelta(days=days)
    working = ApiToken.objects.filter(user=OuterRef("pk"), expires_at__gt=now)
    return User.objects.filter(
        ~Exists(working), Q(last_login=None) | Q(last_login__lt=since), is_active=True, enabled_at__lt=since
    )


@transaction.atomic
def disable_idle(days: int) -> list[User]:
    """停用 the accounts nobody uses, as 等保2.0 asks; 0 days: none. One word in the trail for each.

    The system administrator who was here last stays: somebody must be able to enable the others.
    """
    if not days:
        return []
    keepers = User.objects.filter(memberships__role=Role.SYSTEM_ADMIN, is_active=True)
    last = keepers.order_by(F("last_login").desc(nulls_last=True), "pk").values_list("pk")[:1]
    found = list(idle(days).exclude(pk__in=last).select_for_update())
    for user in found:
        user.is_active = False
        user.save(update_fields=["is_active"])
        end_sessions(user)
        _log("停用用户", user, None, reason=f"连续 {days} 天未登录")
    return found


@transaction.atomic
def unlock(user: User, *, by: Any) -> None:
    """解除锁定 before its time is over."""
    require(by, Role.SECURITY_ADMIN, "解除锁定")
    require_another(by, user, "解除锁定")
    if not reset_attempts(username=user.get_username()):
        raise Refused(f"用户 {user.get_username()} 没有被锁定")
    _log("解除锁定", user, by)


def attempts(user: User) -> list[AccessAttempt]:
    """Where wrong passwords for the person came from lately."""
    return list(AccessAttempt.objects.filter(username=user.get_username()).order_by("-attempt_time"))


@transaction.atomic
def reset_second_factor(user: User, *, by: Any) -> None:
    """重置动态口令: the telephone is lost; the next log-in binds a new one."""
    require(by, Role.SECURITY_ADMIN, "重置动态口令")
    require_another(by, user, "重置动态口令")
    if not TOTPDevice.objects.filter(user=user).delete()[0]:
        raise Refused(f"用户 {user.get_username()} 没有绑定动态口令")
    end_sessions(user)
    _log("重置动态口令", user, by)


@transaction.atomic
def log_out_everywhere(user: User, *, by: Any) -> None:
    """强制下线."""
    require(by, Role.SYSTEM_ADMIN, "强制下线")
    end_sessions(_locked(user))
    _log("强制下线", user, by)


@transaction.atomic
def end_own_session(session: LoginSession, *, by: Any) -> None:
    """结束 one of one's own sessions, such as that on a computer left behind."""
    if session.user_id != by.pk:
        raise Refused("只能结束自己的登录")
    Session.objects.filter(pk=session.key).delete()
    session.delete()
    _log("结束登录", by, by, address=session.address, started=session.started_at)


def _locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def _log(action: str, user: User, by: Any, **detail: Any) -> None:
    audit.record(action, by=by, subject=f"用户 {user.get_username()}", **detail)

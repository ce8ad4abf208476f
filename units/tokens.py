"""Tokens of the open data interface: made and taken back by their owner, good for what the owner may see."""

from __future__ import annotations

import datetime
import hashlib
import secrets
from typing import Any

from django.db import transaction
from django.utils import timezone

from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed, Refused
from units.models import User
from units.scope import REVIEWING, Scope
from units.token import ApiToken

MOST = 5
DAYS = (30, 90, 365)
"""How long a token may be good for."""


def may_have(user: Any) -> bool:
    """Reviewers, the bureau and the oversight office; a clerk's figures are on the pages."""
    return Scope.of(user).has(*REVIEWING)


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def issue(name: str, days: int, *, by: Any) -> str:
    """Make a token and give it, the only time that it is seen. Raises NotAllowed or Refused."""
    if not may_have(by):
        raise NotAllowed("只有审核人员可以建立数据接口令牌")
    name = name.strip()
    if not name or len(name) > 50:
        raise Refused("请填写令牌的用途，不超过 50 个字，例如“市大数据平台”")
    if days not in DAYS:
        raise Refused("有效期应为 30、90 或 365 天")
    if ApiToken.objects.filter(user=by.pk).count() >= MOST:
        raise Refused(f"每人最多 {MOST} 个令牌，请先撤销不用的")
    token = f"cx_{secrets.token_urlsafe(32)}"
    until = timezone.now() + datetime.timedelta(days=days)
    ApiToken.objects.create(user=by, name=name, digest=digest_of(token), expires_at=until)
    audit.record(
        "建立数据接口令牌", by=by, subject=f"用户 {by.get_username()}", name=name, until=until.isoformat()
    )
    return token


@transaction.atomic
def revoke(pk: int, *, by: Any) -> None:
    """Raises Refused where the person has no such token (any more)."""
    token = ApiToken.objects.select_for_update().filter(pk=pk, user=by.pk).first()
    if token is None:
        raise Refused("该令牌已撤销，请刷新页面")
    audit.record("撤销数据接口令牌", by=by, subject=f"用户 {by.get_username()}", name=token.name)
    token.delete()


def owner_of(token: str) -> User | None:
    """Whose token it is; None where it is unknown, over, or its owner may have none any more."""
    found = (
        ApiToken.objects.select_related("user")
        .filter(digest=digest_of(token), expires_at__gt=timezone.now(), user__is_active=True)
        .first()
    )
    return found.user if found is not None and may_have(found.user) else None

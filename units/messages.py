"""Telling people: the system's digests, a reviewer's 催报, and that a person has read them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from cixi_xiezuo import audit
from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.errors import NotAllowed, Refused
from units import mail
from units.message import Message, MessageKind
from units.models import Membership, Role, Unit, User
from units.scope import REVIEWING, Scope

LONGEST = 1000  # characters of a reminder
REMINDED = "催报"
"""The action in the trail."""
NOBODY = "这些单位都没有经办人、负责人或审核人账户，没有人可以通知，请先联系系统管理员建立账户"
AGAIN = datetime.timedelta(days=7)
"""After so long the same digest is sent once more."""


@dataclass(slots=True)
class Reminded:
    """What became of a 催报: units told, units with nobody to tell, people told, e-mails that failed."""

    units: list[Unit] = field(default_factory=list)
    nobody: list[Unit] = field(default_factory=list)
    people: int = 0
    unmailed: int = 0


def people_of(units: Iterable[Unit]) -> dict[int, list[User]]:
    """Unit id → its clerks and heads, where it has none whoever reviews there; of a union also those of its host. One query."""
    units = list(units)
    at = {unit.pk for unit in units} | {unit.host_id for unit in units if unit.host_id}
    roles = (Role.CLERK, Role.HEAD, *REVIEWING)
    rows = Membership.objects.filter(unit__in=at, role__in=roles, user__is_active=True).select_related("user")
    acting: dict[int, dict[int, User]] = {}
    reviewing: dict[int, dict[int, User]] = {}
    for row in rows.order_by("user__username"):
        found = reviewing if row.role in REVIEWING else acting
        found.setdefault(row.unit_id, {})[row.user_id] = row.user

    def of(unit: Unit, people: dict[int, dict[int, User]]) -> list[User]:
        return list((people.get(unit.host_id or 0, {}) | people.get(unit.pk, {})).values())

    return {unit.pk: of(unit, acting) or of(unit, reviewing) for unit in units}


def last_reminded(units: Iterable[Unit]) -> dict[int, datetime.datetime]:
    """Unit id → when it was last reminded by hand, by whomever and of whatever; the others are left out. One query."""
    codes = {unit.code: unit.pk for unit in units}
    rows = AuditEvent.objects.filter(action=REMINDED, stream__in=codes).order_by()
    return {codes[stream]: at for stream, at in rows.values_list("stream").annotate(last=Max("at"))}


def remind(
    units: Iterable[Unit],
    *,
    by: Any,
    title: str,
    text: str,
    lines: Mapping[int, list[str]] | None = None,
    also: Callable[[list[Unit]], None] | None = None,
) -> Reminded:
    """催报: one message to each of the units' people (`people_of`), one trail entry a unit.

    `lines` (by unit id) stand below the text; `also` is called within the transaction with the units that were told.
    Refused where the text is empty or too long, a unit is not one the person looks after, or none has anybody to
    tell. E-mail goes out after
    all is stored; what cannot be sent is counted, not refused.
    """
    units = sorted(set(units), key=lambda unit: unit.code)
    text = text.strip()
    if not units:
        raise Refused("请先勾选要催报的单位")
    if not text:
        raise Refused("请填写催报内容")
    if len(text) > LONGEST:
        raise Refused(f"催报内容最多 {LONGEST} 个字，现在是 {len(text)} 个")
    result, sent = Reminded(), []
    with transaction.atomic():
        _require_looked_after(units, by)
        told = people_of(units)
        people: dict[int, tuple[User, list[Unit]]] = {}
        for unit in units:
            (result.units if told[unit.pk] else result.nobody).append(unit)
            for user in told[unit.pk]:
                people.setdefault(user.pk, (user, []))[1].append(unit)
        if not people:
            raise Refused(NOBODY)
        for user, about in people.values():
            body = "、".join(unit.name for unit in about) + "：\n" + text
            below = [line for unit in about for line in (lines or {}).get(unit.pk, [])]
            body = "\n".join([body, *dict.fromkeys(below)])
            sent.append(_new(user, MessageKind.REMINDER, title, body, audit.actor_name(by)))
        Message.objects.bulk_create(sent)
        for unit in result.units:
            names = [user.get_username() for user in told[unit.pk]]
            audit.record(
                REMINDED,
                by=by,
                subject=f"单位 {unit.code}",
                stream=unit.code,
                title=title,
                text=text,
                to=names,
            )
        if also is not None:
            also(result.units)
    result.people = len(sent)
    result.unmailed = mail.send(sent)
    return result


def _require_looked_after(units: list[Unit], by: Any) -> None:
    if by is None:
        return
    allowed = set(
        Scope.of(by).remindable().filter(pk__in=[unit.pk for unit in units]).values_list("pk", flat=True)
    )
    others = [unit.name for unit in units if unit.pk not in allowed]
    if others:
        raise NotAllowed(f"{'、'.join(others[:5])} 不在您督促的范围内")


def _new(user: User, kind: str, title: str, body: str, sender: str = "") -> Message:
    return Message(user=user, kind=kind, title=title, body=body, sender=sender, sent_at=timezone.now())


def send_digests(digests: dict[int, tuple[str, str]]) -> int:
    """User id → (title, text). Gives how many were sent; what a person has before them is not sent again.

    A new one takes the place of one not read yet; the same one is sent again after AGAIN.
    """
    latest = {
        message.user_id: message
        for message in Message.objects.filter(kind=MessageKind.DIGEST, user__in=digests).order_by("sent_at")
    }
    sent: list[Message] = []
    with transaction.atomic():
        for pk, (title, body) in digests.items():
            old = latest.get(pk)
            if old is not None and old.body == body and timezone.now() - old.sent_at < AGAIN:
                continue
            user = User.objects.get(pk=pk)
            Message.objects.filter(user=user, kind=MessageKind.DIGEST, read_at=None).delete()
            message = _new(user, MessageKind.DIGEST, title, body)
            message.save()
            sent.append(message)
        if sent:
            names = [message.user.get_username() for message in sent]
            audit.record("发送逾期提醒", by=None, subject="站内消息", to=names)
    mail.send(sent)
    return len(sent)


@transaction.atomic
def mark_read(user: Any, pk: int | None = None) -> int:
    """标为已读: one of the person's messages, or all. Gives how many were unread."""
    unread = Message.objects.filter(user=user.pk, read_at=None)
    if pk is not None:
        unread = unread.filter(pk=pk)
    count = unread.update(read_at=timezone.now())
    if count:
        audit.record("读过消息", by=user, subject=f"用户 {user.get_username()}", count=count)
    return count

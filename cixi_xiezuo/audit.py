"""The audit trail: append-only, chained by hash, one chain a stream (a unit's code, or "site").

`record` belongs inside the transaction of the change it records: both are stored or neither is.
A stream a unit keeps units from waiting on each other. The head row holds the stream's last hash, so that
rows cut off at the end are found as well as rows changed in the middle.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.utils import timezone

from cixi_xiezuo import stored
from cixi_xiezuo.appendonly import unprotected

SITE = "site"
GENESIS = "0" * 64
WHERE: ContextVar[str] = ContextVar("WHERE", default="")
"""The address that the request at hand comes from; "" for commands and background work."""


class AuditHead(models.Model):
    """The last link of a stream; its row lock orders the writers of that stream."""

    stream = models.CharField(max_length=64, primary_key=True)
    seq = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default=GENESIS)

    class Meta:
        db_table = "audit_head"


class AuditEvent(models.Model):
    stream = models.CharField(max_length=64)
    seq = models.BigIntegerField()
    at = models.DateTimeField(db_index=True)
    actor = models.CharField("操作人", max_length=150)
    on_behalf = models.CharField("代", max_length=150, blank=True)
    origin = models.CharField("来源", max_length=64, blank=True)
    action = models.CharField("动作", max_length=64, db_index=True)
    subject = models.CharField("对象", max_length=128, db_index=True)
    detail = models.JSONField("内容", default=dict, encoder=DjangoJSONEncoder)
    digest = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_event"
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="audit_event_stream_seq")]
        indexes = [  # by the beginning of an address, whatever the database's order of letters
            models.Index(fields=["origin"], name="audit_event_origin", opclasses=["varchar_pattern_ops"])
        ]
        ordering = ["-at", "-id"]


def _digest(previous: str, event: AuditEvent) -> str:
    """SHA-256 over the previous link and every recorded field, in a fixed text form."""
    body = json.dumps(
        [
            event.stream,
            event.seq,
            event.at.astimezone(timezone.get_default_timezone()).isoformat(),
            event.actor,
            event.on_behalf,
            event.origin,
            event.action,
            event.subject,
            event.detail,
        ],
        ensure_ascii=False,
        sort_keys=True,
        cls=DjangoJSONEncoder,
    )
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


class Stranger:
    """Who acts where nobody is logged in."""

    def get_username(self) -> str:
        return "未登录"


def actor_name(by: Any) -> str:
    """How a trail row names who acted: a user's log-in name, or the server's operator for commands."""
    return by.get_username() if by is not None else "服务器操作员"


def record(
    action: str,
    *,
    by: Any,
    subject: str,
    stream: str = SITE,
    origin: str = "",
    on_behalf: str = "",
    **detail: Any,
) -> AuditEvent:
    """Append one event to a stream. Must run inside the transaction of the change itself."""
    if not connection.in_atomic_block:
        raise RuntimeError("audit.record belongs inside the transaction of the change it records")
    seq, last = _next_link(stream)
    plain = _storable(json.loads(json.dumps(detail, cls=DjangoJSONEncoder)))
    event = AuditEvent(
        stream=stream,
        seq=seq,
        at=timezone.now(),
        actor=actor_name(by),
        on_behalf=on_behalf,
        origin=origin or WHERE.get(),
        action=action,
        subject=_one_line(subject)[:128],
        detail=plain,
    )
    event.digest = _digest(last, event)
    stored.insert(event)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_head SET digest = %s WHERE stream = %s", [event.digest, stream])
    return event


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Name → [before, after] of what is no longer the same: a change as the trail keeps it."""
    return {name: [before[name], after[name]] for name in after if before[name] != after[name]}


def _one_line(text: str) -> str:
    """What a stranger typed may not look like two lines, nor turn the text around."""
    return "".join(char if char.isprintable() else "�" for char in text)


def _storable(value: Any) -> Any:
    """PostgreSQL keeps no NUL in JSON."""
    if isinstance(value, str):
        return value.replace("\0", "�")
    if isinstance(value, list):
        return [_storable(each) for each in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(each) for name, each in value.items()}
    return value


def _next_link(stream: str) -> tuple[int, str]:
    """A stream's next number and last hash. Its head row stays ours until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_head (stream, seq, digest) VALUES (%s, 1, %s)"
            " ON CONFLICT (stream) DO UPDATE SET seq = audit_head.seq + 1 RETURNING seq, digest",
            [stream, GENESIS],
        )
        seq, last = cursor.fetchone()
    return seq, last


def broken_links() -> Iterator[str]:
    """One Chinese sentence for each place where a chain does not hold; nothing when all is well."""
    yield from unprotected(AuditEvent._meta.db_table)
    heads = {head.stream: head for head in AuditHead.objects.all()}
    last: dict[str, tuple[int, str]] = {}
    for event in AuditEvent.objects.order_by("stream", "seq").iterator(chunk_size=2000):
        seq, digest = last.get(event.stream, (0, GENESIS))
        if event.seq != seq + 1:
            yield f"审计链 {event.stream}：第 {seq + 1} 条缺失"
        elif event.digest != _digest(digest, event):
            yield f"审计链 {event.stream}：第 {event.seq} 条与校验值不符"
        last[event.stream] = (event.seq, event.digest)
    for stream, head in heads.items():
        if last.get(stream, (0, GENESIS)) != (head.seq, head.digest):
            yield f"审计链 {stream}：末尾与链头记录不符（应为第 {head.seq} 条）"
    for stream in last.keys() - heads.keys():
        yield f"审计链 {stream}：缺少链头"

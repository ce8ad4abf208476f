"""The same messages by e-mail, where EMAIL_URL names a server. What cannot be sent stays a message on the site."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from units.message import Mailed, Message

log = logging.getLogger(__name__)


def send(messages: Iterable[Message]) -> int:
    """Send to those who have an address, over one connection. Gives how many failed; never raises for a server."""
    due = [message for message in messages if settings.MAIL and message.user.email]
    if not due:
        return 0
    done: list[int] = []
    try:
        with get_connection() as connection:
            for message in due:
                connection.send_messages([_mail(message)])
                done.append(message.pk)
    except (OSError, smtplib.SMTPException) as error:
        log.warning(
            "e-mail server away, %d of %d messages not mailed: %s", len(due) - len(done), len(due), error
        )
    Message.objects.filter(pk__in=done).update(mailed=Mailed.SENT)
    failed = [message.pk for message in due if message.pk not in done]
    Message.objects.filter(pk__in=failed).update(mailed=Mailed.FAILED)
    return len(failed)


def _mail(message: Message) -> EmailMessage:
    subject = " ".join(f"{settings.SITE_NAME}：{message.title}".split())  # one line
    return EmailMessage(subject, message.body, settings.DEFAULT_FROM_EMAIL, [message.user.email])

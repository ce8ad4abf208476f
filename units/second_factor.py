"""动态口令: a code from the person's telephone, besides the password, for whoever reviews or administers."""

from __future__ import annotations

import base64
import secrets
from typing import Any
from urllib.parse import quote

import zxingcpp
from django.conf import settings
from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from cixi_xiezuo import audit
from units.models import KEEPERS
from units.scope import REVIEWING, Scope


def required_of(scope: Scope) -> bool:
    """Of whom it is asked, where the setting SECOND_FACTOR is on."""
    return scope.reviewing or scope.has(*REVIEWING, *KEEPERS)


def device_of(user: Any) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user=user.pk, confirmed=True).first()


def new_key() -> str:
    """160 bits by chance, in hexadecimal."""
    return secrets.token_hex(20)


def shown_key(key: str) -> str:
    """The key as a person types it into the telephone: base32 in blocks of four."""
    text = base64.b32encode(bytes.fromhex(key)).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def picture(key: str, user: Any) -> str:
    """The QR code that the telephone reads, as the address of a picture."""
    label = quote(f"{settings.SITE_NAME}:{user.get_username()}")
    secret = shown_key(key).replace(" ", "")
    text = f"otpauth://totp/{label}?secret={secret}&issuer={quote(settings.SITE_NAME)}"
    svg = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_svg()
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


@transaction.atomic
def bind(user: Any, key: str, code: str) -> TOTPDevice | None:
    """绑定: keep the key once a code made from it is right; None when it is not. A code is good once."""
    device = TOTPDevice(user=user, name="手机", key=key, confirmed=False)
    device.save()
    if not _verified(device, code):
        device.delete()
        return None
    device.confirmed = True
    device.save()
    audit.record("绑定动态口令", by=user, subject=f"用户 {user.get_username()}")
    return device


@transaction.atomic
def verified(device: TOTPDevice, code: str) -> bool:
    """Is the code right, and not used before? Failures are on record, and slow down what follows."""
    device = TOTPDevice.objects.select_for_update().get(pk=device.pk)
    if _verified(device, code):
        return True
    audit.record("动态口令错误", by=device.user, subject=f"用户 {device.user.get_username()}")
    return False


def _verified(device: TOTPDevice, code: str) -> bool:
    allowed, _ = device.verify_is_allowed()
    return bool(allowed and code.isdecimal() and device.verify_token(code))

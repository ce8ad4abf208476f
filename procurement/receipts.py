"""Keeping receipts: original bytes once by content, private; invoice identity normalised and held."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from procurement.choices import Scan
from procurement.models.receipt import StoredFile


def normal_number(text: Any) -> str:
    """Full-width digits to ASCII, blanks and dashes removed, upper case."""
    plain = unicodedata.normalize("NFKC", "" if text is None else str(text))
    return "".join(char for char in plain if char.isalnum()).upper()


def identity(code: Any, number: Any) -> str:
    """发票代码+发票号码, or the 20-digit number alone: what makes an invoice the same invoice."""
    number = normal_number(number)
    if not number:
        return ""
    return number if len(number) == 20 else f"{normal_number(code)}-{number}"


def path_of(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def store(data: bytes, media_type: str, scan: str = Scan.WAITING) -> StoredFile:
    """Keep the bytes (once) and return their row. The bytes are on disk before the row is committed."""
    digest = hashlib.sha256(data).hexdigest()
    path = path_of(digest)
    if not _holds(path, len(data)):
        default_storage.save(path, ContentFile(data))
    stored, _ = StoredFile.objects.get_or_create(
        sha256=digest,
        defaults={
            "size": len(data),
            "media_type": media_type,
            "scan": scan,
            "scanned_at": None if scan == Scan.WAITING else timezone.now(),
        },
    )
    return stored


def _holds(path: str, size: int) -> bool:
    try:
        return default_storage.size(path) == size
    except FileNotFoundError:
        return False


class Damaged(OSError):
    """The stored bytes are not what was uploaded."""


def content(stored: StoredFile) -> bytes:
    """The original bytes. Raises OSError: FileNotFoundError, Damaged, or the store's own trouble."""
    with default_storage.open(path_of(stored.sha256), "rb") as file:
        data: bytes = file.read()
    if hashlib.sha256(data).hexdigest() != stored.sha256:
        raise Damaged(stored.sha256)
    return data


def paths() -> Iterator[str]:
    """Where the store keeps the original bytes, file by file."""
    return (path_of(sha256) for sha256 in StoredFile.objects.order_by("pk").values_list("pk", flat=True))


def damaged_files() -> Iterator[str]:
    """One Chinese sentence for each stored file that is missing, not its hash, or cannot be read now."""
    for stored in StoredFile.objects.order_by("pk").iterator():
        try:
            content(stored)
        except FileNotFoundError:
            yield f"票据文件缺失：{stored.sha256}"
        except Damaged:
            yield f"票据文件与校验值不符：{stored.sha256}"
        except OSError as error:
            yield f"票据文件读不出来（{error}）：{stored.sha256}"

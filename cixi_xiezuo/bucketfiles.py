"""Receipts in a private bucket of an S3-compatible store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from django.core.files.base import ContentFile
from storages.backends.s3 import S3Storage

_WHOLE = (
    64 * 1024 * 1024
)  # bytes; a receipt is smaller and goes up in one request, so it is there whole or not at all


def options(
    *, bucket: str, endpoint: str, region: str, key_id: str, secret: str, prefix: str, path_style: bool
) -> dict[str, Any]:
    """What the settings say, as the store wants it. Times are seconds."""
    return {
        "bucket_name": bucket,
        "endpoint_url": endpoint or None,
        "region_name": region or None,
        "access_key": key_id or None,
        "secret_key": secret or None,
        "location": prefix,
        "default_acl": None,
        "file_overwrite": True,  # names are hashes: what is there already is the same
        "querystring_auth": True,
        "transfer_config": TransferConfig(multipart_threshold=_WHOLE, use_threads=False),
        "client_config": Config(
            s3={"addressing_style": "path" if path_style else "auto"},
            signature_version="s3v4",
            connect_timeout=5,
            read_timeout=30,
            retries={"max_attempts": 3, "mode": "standard"},
            # compatible stores do not all know the newer checksums
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    }


@contextmanager
def _as_os_errors() -> Iterator[None]:
    """The store's failures as what a file's failures are: FileNotFoundError, or OSError."""
    try:
        yield
    except ClientError as error:
        if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404:
            raise FileNotFoundError(str(error)) from error
        raise OSError(str(error)) from error
    except (BotoCoreError, HTTPClientError) as error:
        raise OSError(str(error)) from error


class BucketFiles(S3Storage):
    """As django-storages', but a file is read whole when it is opened, and every failure is an OSError."""

    def _open(self, name: str, mode: str = "rb") -> ContentFile[bytes]:
        with _as_os_errors(), super()._open(name, mode) as file:
            return ContentFile(file.read(), name)

    def _save(self, name: str, content: Any) -> str:
        with _as_os_errors():
            return str(super()._save(name, content))

    def delete(self, name: str) -> None:
        with _as_os_errors():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with _as_os_errors():
            return bool(super().exists(name))

    def size(self, name: str) -> int:
        with _as_os_errors():
            return int(super().size(name))

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with _as_os_errors():
            folders, files = super().listdir(path)
            return list(folders), list(files)

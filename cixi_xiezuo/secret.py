"""The signing key: given by the environment, else made once and kept in a private file."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

MIN_LENGTH = 50


def secret_key(given: str, keep_in: Path, *, required: bool) -> str:
    """Return `given`, else the key kept in the file `keep_in` (made with mode 0600 when missing).

    Raises ImproperlyConfigured where a key is `required` and none is given, or the given one is too weak.
    """
    if given:
        if required and (
            len(given) < MIN_LENGTH or len(set(given)) < 5 or given.startswith("django-insecure")
        ):
            raise ImproperlyConfigured(f"SECRET_KEY 过于简单：正式环境须为至少 {MIN_LENGTH} 个随机字符。")
        return given
    if required:
        raise ImproperlyConfigured("正式环境（DEBUG=0 或 HTTPS=1）必须设置环境变量 SECRET_KEY。")
    return _kept(keep_in)


def _kept(path: Path) -> str:
    """Read the key in `path`; the first process to come makes it, and others wait for nothing."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(get_random_secret_key())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()

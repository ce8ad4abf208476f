"""The product's settings, made quick for tests. DATABASE_URL chooses the database as always."""

import tempfile
from pathlib import Path

from cixi_xiezuo.settings import *  # noqa: F403
from cixi_xiezuo.settings import ALLOWED_HOSTS, STORAGES

ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
MEDIA_ROOT = Path(tempfile.gettempdir()) / "cixi-xiezuo-tests"
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {}

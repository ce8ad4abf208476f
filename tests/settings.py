"""The product's settings, made quick for tests. DATABASE_URL chooses the database as always.

Everything a test run writes lies in one temporary folder of its own, so runs side by side do not meet.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

RUN_DIR = Path(tempfile.mkdtemp(prefix="cixi-test-"))
atexit.register(shutil.rmtree, RUN_DIR, ignore_errors=True)
os.environ["VAR_DIR"] = str(RUN_DIR)
for name in (
    "DEBUG",
    "DEMO",
    "HTTPS",
    "SECRET_KEY",
    "MEDIA_ROOT",
    "REDIS_URL",
    "STATIC_ROOT",
    "S3_BUCKET",
    "CLAMAV_ADDRESS",
    "EMAIL_URL",
    "ALLOWED_HOSTS",
):
    os.environ.pop(name, None)
os.environ.setdefault("DATABASE_URL", f"sqlite:///{RUN_DIR / 'unused.sqlite3'}")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's synchronous calls run an event loop

from cixi_xiezuo.settings import *  # noqa: E402, F403
from cixi_xiezuo.settings import ALLOWED_HOSTS, DATABASES, STORAGES  # noqa: E402

ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT = RUN_DIR / "static"
STATIC_ROOT.mkdir()
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if "sqlite3" in DATABASES["default"]["ENGINE"]:
    # a file, as in the product, so that threads and a real worker meet the same locks
    DATABASES["default"]["TEST"] = {"NAME": str(RUN_DIR / "test.sqlite3")}
elif template := os.environ.get("DATABASE_TEMPLATE"):
    DATABASES["default"]["TEST"] = {"TEMPLATE": template}

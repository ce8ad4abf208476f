"""WSGI entry point: `gunicorn cixi_xiezuo.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cixi_xiezuo.settings")
os.environ.setdefault(
    "STATEMENT_SECONDS", "30"
)  # of pages alone: commands and background work may take longer

application = get_wsgi_application()

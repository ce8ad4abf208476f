"""WSGI entry point: `gunicorn cixi_xiezuo.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cixi_xiezuo.settings")

application = get_wsgi_application()

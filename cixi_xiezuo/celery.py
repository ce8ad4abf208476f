"""The Celery application. The database is the truth; the broker only carries a nudge to look at it."""

import os

from celery import Celery

from cixi_xiezuo.clock import KeepClock

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cixi_xiezuo.settings")

app = Celery("cixi_xiezuo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(KeepClock)

"""A real Celery worker takes work from a real broker and writes to the database of the test."""

import pytest

from cixi_xiezuo.celery import app

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_worker_answers(celery_worker_process, eventually):
    eventually(lambda: app.control.ping(timeout=1), "no worker answered")


def test_the_worker_takes_no_pickle(celery_worker_process):
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_acks_late
    assert app.conf.worker_prefetch_multiplier == 1

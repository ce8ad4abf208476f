"""A real Celery worker takes work from a real broker and writes to the database of the test."""

from unittest.mock import Mock

import pytest

from cixi_xiezuo import clock
from cixi_xiezuo.celery import app

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_worker_answers(celery_worker_process, eventually):
    eventually(lambda: app.control.ping(timeout=1), "no worker answered")


def test_the_worker_takes_no_pickle(celery_worker_process):
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_acks_late
    assert app.conf.worker_prefetch_multiplier == 1


def test_a_clock_that_was_killed_alone_is_started_again(monkeypatch):
    begun = []
    monkeypatch.setattr(clock, "EmbeddedService", lambda *_, **__: begun.append(Mock()) or begun[-1])
    worker = Mock(beat=Mock(is_alive=Mock(return_value=True)))
    keep = clock.KeepClock(worker)
    keep.start(worker)
    [(_, look, given)] = [call.args for call in worker.timer.call_repeatedly.call_args_list]
    look(*given)
    assert not begun
    worker.beat.is_alive.return_value = False
    look(*given)
    assert worker.beat is begun[0] and begun[0].start.called
    keep.stop(worker)
    assert begun[0].stop.called
    assert clock.KeepClock in app.steps["worker"]


def test_a_worker_without_a_clock_keeps_none():
    worker = Mock(beat=None)
    clock.KeepClock(worker).start(worker)
    assert not worker.timer.call_repeatedly.called

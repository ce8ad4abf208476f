"""The embedded Redis-protocol server, and what happens without one."""

import stat
import tempfile
import time

import pytest
from celery import Celery
from django.core.cache import caches
from django.db import transaction
from redis import Redis

from cixi_xiezuo import background, tasks
from cixi_xiezuo.background import enqueue
from cixi_xiezuo.broker import answers, embedded, socket_path
from cixi_xiezuo.outbox.models import Errand

pytestmark = pytest.mark.nodb
CACHE = {
    "BACKEND": "cixi_xiezuo.cache.ForgivingRedisCache",
    "OPTIONS": {"serializer": "cixi_xiezuo.cache.JsonSerializer"},
}


def test_the_embedded_server_is_reached_by_its_owner_only(tmp_path):
    with embedded(tmp_path / "valkey") as url:
        path = socket_path(tmp_path / "valkey")
        assert answers(url)
        assert Redis.from_url(url).config_get("port") == {"port": "0"}
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert not answers(url)


def test_a_second_start_uses_the_server_that_runs_and_leaves_it_running(tmp_path):
    with embedded(tmp_path / "valkey") as url:
        with embedded(tmp_path / "valkey") as again:
            assert again == url
        assert answers(url)


def test_messages_outlive_a_restart(tmp_path):
    for expected in (b"1", b"2"):
        with embedded(tmp_path / "valkey") as url:
            client = Redis.from_url(url)
            client.incr("n")
            assert client.get("n") == expected


def test_a_deep_folder_still_gets_a_socket_the_kernel_accepts(tmp_path, monkeypatch):
    deep = tmp_path.joinpath(*["a-rather-long-name"] * 8)
    with tempfile.TemporaryDirectory(prefix="cixi-test-") as short:
        monkeypatch.setattr(tempfile, "tempdir", short)
        assert len(str(socket_path(deep))) < 100
        with embedded(deep) as url:
            assert answers(url)


@pytest.mark.parametrize("url", ["redis+socket:///nowhere/valkey.sock", "redis://127.0.0.1:1/0"])
@pytest.mark.django_db(transaction=True)
def test_work_handed_over_while_the_broker_is_away_is_kept_and_nobody_waits(caplog, monkeypatch, url):
    monkeypatch.setattr(background, "_away", {})
    app = Celery("away", set_as_current=False)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.conf.broker_url = url

    @app.task(name="core.run_errand")
    def nothing(pk):
        pass

    monkeypatch.setattr(tasks, "run_errand", nothing)
    began = time.monotonic()
    with transaction.atomic():
        for number in range(50):
            enqueue(tasks.run_job, number)
        assert not caplog.records
    assert caplog.text.count("left for the next sweep") == 1, "asked once, not fifty times"
    assert Errand.objects.count() == 50
    assert time.monotonic() - began < 3


def test_without_redis_the_cache_finds_nothing_and_breaks_nothing(settings):
    settings.CACHES = {"default": CACHE | {"LOCATION": "unix:///nowhere/valkey.sock"}}
    cache = caches.create_connection("default")
    cache.set("a", 1)
    assert cache.get("a", "none") == "none"
    assert cache.get_or_set("a", lambda: 5) == 5
    assert cache.get_many(["a"]) == {}
    assert not cache.delete("a")


def test_with_redis_the_cache_keeps_what_json_can_say(settings, valkey):
    settings.CACHES = {"default": CACHE | {"LOCATION": valkey}}
    cache = caches.create_connection("default")
    cache.set("a", {"合计": [1, "2.00", None]})
    assert cache.get("a") == {"合计": [1, "2.00", None]}
    cache.set("n", 1)
    assert cache.incr("n") == 2

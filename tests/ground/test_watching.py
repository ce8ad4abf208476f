"""What a monitor and whoever reads the log are told, and nobody else."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from cixi_xiezuo import health, incidents
from cixi_xiezuo.jsonlines import JsonLine
from cixi_xiezuo.outbox import work
from cixi_xiezuo.outbox.models import Errand
from tests.factories import line, make_policy, make_purchase, make_unit, make_user
from units.models import Role

pytestmark = pytest.mark.nodb


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch):
    """lines(): what the log said as JSON."""
    kept = logging.StreamHandler(io.StringIO())
    kept.setFormatter(JsonLine())
    kept.addFilter(incidents.Numbered())
    monkeypatch.setattr(logging.getLogger("cixi_xiezuo"), "handlers", [kept])
    return lambda: [json.loads(each) for each in kept.stream.getvalue().splitlines()]


@pytest.mark.django_db
def test_it_is_ready_once_the_database_has_the_programs_tables(client, monkeypatch) -> None:
    monkeypatch.setattr(health, "_seen", False)
    looked = []
    with monkeypatch.context() as before:
        before.setattr(MigrationExecutor, "migration_plan", lambda self, nodes: [object()])
        assert client.get("/readyz").status_code == 503
    assert client.get("/readyz").json() == {"database": "ok", "migrations": "ok"}
    monkeypatch.setattr(health, "upgrades_waiting", lambda: looked.append(1))
    assert client.get("/readyz").status_code == 200
    assert not looked, "each look builds the graph of all migrations"


@pytest.mark.django_db
def test_every_process_of_web_and_worker_is_counted(client, tmp_path, monkeypatch) -> None:
    """Two containers whose processes have the same number, both gone when the monitor asks."""
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    for machine, times in (("web_1", 2), ("worker", 3)):
        program = (
            f"import os, socket; os.getpid = lambda: 7; socket.gethostname = lambda: {machine!r}\n"
            f"from cixi_xiezuo.counters import TASKS, TASK_SECONDS\n"
            f"TASKS.labels('read', 'done').inc({times}); TASK_SECONDS.labels('read').observe(1)"
        )
        subprocess.run([sys.executable, "-c", program], check=True)
    told = client.get("/metrics").content.decode()
    assert 'cixi_tasks_total{outcome="done",task="read"} 5.0' in told
    assert 'cixi_task_seconds_count{task="read"} 2.0' in told
    assert "cixi_queue_waiting 0.0" in told
    printed = io.StringIO()
    call_command("metrics", stdout=printed)
    assert 'cixi_tasks_total{outcome="done",task="read"} 5.0' in printed.getvalue()


@pytest.mark.django_db
def test_metrics_count_requests_work_and_what_waits(client) -> None:
    make_policy()
    make_purchase(make_unit("S01"), line("1.00"), status="submitted")
    Errand.objects.create(task="core.nothing")
    work.run(Errand.objects.get().pk)
    client.get("/healthz")
    told = client.get("/metrics").content.decode()
    for sample in (
        'cixi_requests_total{method="GET",page="healthz",status="200"}',
        'cixi_tasks_total{outcome="failed",task="core.nothing"} 1.0',
        "cixi_queue_waiting 1.0",
        "cixi_review_backlog 1.0",
    ):
        assert sample in told


@pytest.mark.django_db
def test_metrics_are_for_this_machine_and_for_the_token(client, settings) -> None:
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.7").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    assert (
        client.get("/metrics", REMOTE_ADDR="10.0.0.7", headers={"Authorization": "Bearer "}).status_code
        == 404
    )
    settings.METRICS_TOKEN = "of-the-monitor"
    for token, status in (("of-the-monitor", 200), ("other", 404)):
        headers = {"Authorization": f"Bearer {token}"}
        assert client.get("/metrics", REMOTE_ADDR="10.0.0.7", headers=headers).status_code == status


@pytest.mark.django_db
def test_a_line_of_the_log_has_the_requests_number_and_names_nobody(client, settings, lines) -> None:
    settings.LOG_REQUESTS = True
    client.force_login(make_user("wang-xiaoming", Role.CLERK, make_unit("S01")))
    client.get("/messages/?q=13800000000")
    (told,) = [each for each in lines() if each["logger"] == "cixi_xiezuo.watching"]
    assert told["message"].startswith("GET messages 200 ")
    assert len(told["number"]) == 9
    assert not {"wang", "1380000", "127.0.0.1"} & {
        word for word in ("wang", "1380000", "127.0.0.1") if word in str(told)
    }


@pytest.mark.django_db
def test_background_work_has_its_number_too(lines) -> None:
    errand = Errand.objects.create(task="core.nothing")
    work.run(errand.pk)
    assert [each["number"] for each in lines() if "failed" in each["message"]] == [f"E{errand.pk}"]
    assert "LookupError" in lines()[-1]["trace"]


@pytest.mark.django_db
def test_a_slow_statement_is_written_down_without_its_values(settings, lines) -> None:
    settings.SLOW_QUERY_MS = 0.000001
    from cixi_xiezuo.watching import timed

    with connection.execute_wrapper(timed), connection.cursor() as cursor:
        cursor.execute("SELECT %s", ["a-secret"])
    told = lines()[-1]["message"]
    assert "slow statement" in told
    assert "a-secret" not in told

"""`doctor` finds what is wrong with an installation and says what to do."""

from __future__ import annotations

import datetime
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest
import time_machine
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from cixi_xiezuo import background, doctor, measures
from cixi_xiezuo import settings as product
from cixi_xiezuo.tasks import sweep


def findings() -> dict[str, list[doctor.Finding]]:
    found: dict[str, list[doctor.Finding]] = {}
    for finding in doctor.examine():
        found.setdefault(finding.part, []).append(finding)
    return found


@pytest.mark.nodb  # the tests' PostgreSQL runs without fsync, and is told so
@pytest.mark.django_db
def test_an_installation_without_broker_is_told_to_start_it_and_nothing_else_is_wrong(run, settings) -> None:
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    outcome = run("doctor")
    assert outcome.code == 1
    assert "✗ 消息队列：没有应答" in outcome.out
    assert "→ 启动 Redis" in outcome.out
    assert outcome.out.count("✗") == 1, outcome.out
    assert outcome.err.strip() == "有 1 处需要处理，见上"


@pytest.mark.django_db(transaction=True)
def test_worker_and_clock_are_seen_where_they_run(celery_worker_process: None, eventually, settings) -> None:
    settings.CACHES = product.CACHES  # the worker tells through Redis
    cache.delete(background.BEAT)
    found = findings()
    assert [finding.level for finding in found["后台进程"]] == ["ok"]
    assert [finding.level for finding in found["定时任务"]] == ["fail"], "the worker runs without --beat"
    sweep.delay()
    eventually(lambda: cache.get(background.BEAT), "the sweep told that the clock runs")
    assert [finding.level for finding in findings()["定时任务"]] == ["ok"]


@pytest.mark.django_db
def test_a_database_that_waits_for_migrations_is_told_so(monkeypatch) -> None:
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda self, nodes: [object()])
    (finding,) = findings()["数据结构"]
    assert (finding.level, finding.remedy) == ("fail", "运行 python manage.py migrate")


@pytest.mark.django_db
def test_a_database_that_is_away_is_told_and_the_rest_still_examined(monkeypatch) -> None:
    def away() -> None:
        raise DatabaseError("connection refused\nmore")

    monkeypatch.setattr(connection, "cursor", away)
    found = findings()
    assert found["数据库"][0].words == "连不上：connection refused"
    assert found["票据存储"][0].level == "ok"


@pytest.mark.django_db
def test_a_store_that_cannot_be_written_is_told(media: Path, settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings.MEDIA_ROOT = str(tmp_path / "file")
    (finding,) = findings()["票据存储"]
    assert finding.level == "fail"
    assert "MEDIA_ROOT" in finding.remedy


@pytest.mark.django_db
def test_it_leaves_nothing_behind(media: Path) -> None:
    assert findings()["票据存储"][0].level == "ok"
    assert not [path for path in media.rglob("*") if path.is_file()]


@pytest.mark.parametrize(("answers", "told", "levels"), [(7, 9, ["fail"]), (7, 7, [])])
def test_a_pool_that_the_settings_do_not_know_is_told(monkeypatch, settings, answers, told, levels) -> None:
    link = SimpleNamespace(info=SimpleNamespace(backend_pid=told))
    monkeypatch.setattr(doctor, "connection", SimpleNamespace(vendor="postgresql", connection=link))
    cursor = MagicMock()
    cursor.fetchone.return_value = (answers,)
    found = list(doctor._pool(cursor))
    assert [finding.level for finding in found] == levels
    assert all("DATABASE_POOLED=1" in finding.remedy for finding in found)
    settings.PREPARED_STATEMENTS = False
    assert not list(doctor._pool(cursor))


@pytest.mark.django_db
def test_a_backup_that_is_missing_or_late_is_told(run, media: Path, tmp_path: Path) -> None:
    (finding,) = findings()["备份"]
    assert (finding.level, finding.words) == ("warn", "还没有备份过")
    with time_machine.travel("2021-03-02T02:30:00+08:00", tick=False):
        assert run("backup", tmp_path / "backups").code == 0
        (finding,) = findings()["备份"]
        assert (finding.level, finding.words) == ("ok", "上次在 2021-03-02 02:30")
        assert b"cixi_backup_age_seconds 0.0" in measures.text()
    with time_machine.travel("2021-03-04T02:30:00+08:00", tick=False):
        (finding,) = findings()["备份"]
        assert finding.level == "warn" and "cixi-backup" in finding.remedy
        assert b"cixi_backup_age_seconds 172800.0" in measures.text()


@pytest.mark.django_db
def test_a_clock_that_differs_from_the_databases_is_told() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has this machine's clock; the suite's other half runs on PostgreSQL")
    assert [finding.level for finding in findings()["时钟"]] == ["ok"]
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)):
        (finding,) = findings()["时钟"]
    assert finding.level == "fail" and "3600 秒" in finding.words and "NTP" in finding.remedy

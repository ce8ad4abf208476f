"""What every test may ask for: the real services, and a browser."""

import os
import shutil
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from cixi_xiezuo import prepared
from cixi_xiezuo.appendonly import lifted
from cixi_xiezuo.broker import embedded
from procurement import confined
from procurement.extraction.limited import RECOGNITION
from tests import services, tables
from tests.amount import PARTS
from tests.forge import MAINS, Forge

pytest_plugins = ["tests.browser.fixtures"]

SHARED = services.ROOT.parent / "shared"


DATABASES = {"db", "transactional_db", "live_server", "postgres_url"}
DATABASES |= {"empty_database_url", "migrated_database_url", "celery_worker_process"}
"""What a test asks for that meets a database; without any it may open none."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that can open no database is `nodb` without saying so."""
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        if not asked & DATABASES and not item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.nodb)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A process of xdist tells the one that prints what it ran in part."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["parts"] = PARTS


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    PARTS.update(getattr(node, "workeroutput", {}).get("parts", {}))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if PARTS:
        terminalreporter.section("in part, to be quick; make test-all (FULL=1) runs all")
        for what, part in sorted(PARTS.items()):
            terminalreporter.line(f"{what}: {part}")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference material beside the work tree; its tests skip where it is not laid."""
    if not SHARED.is_dir():
        pytest.skip(f"the reference folder {SHARED.name}/ is not beside the work tree")
    return SHARED


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL: the one the suite runs on, else one started now."""
    given = os.environ["DATABASE_URL"]
    if given.startswith("postgres"):
        yield given
        return
    with services.postgres() as (_, url):
        yield url


@pytest.fixture
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A new database without tables, for commands run as programs.

    On SQLite, or where the test is parametrised indirectly with "postgresql", on PostgreSQL.
    """
    if getattr(request, "param", "sqlite") == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    server = request.getfixturevalue("postgres_url")
    return services.new_postgres_database(server, f"empty_{uuid.uuid4().hex}")


@pytest.fixture(scope="session", autouse=True)
def prepared_statements_answer_as_plain_ones() -> Iterator[None]:
    """On PostgreSQL whatever is asked by a prepared statement is also asked as it stands, to the same rows.

    Not while other threads write, which may come in between.
    """
    run, usual = prepared.run, threading.active_count()

    @wraps(run)
    def compared(cursor: Any, sql: str, given: Sequence[Any], about: str) -> None:
        alone = threading.active_count() <= usual
        if connection.vendor == "postgresql" and alone and sql.startswith("SELECT"):
            with connection.wrap_database_errors, connection.connection.cursor() as plain:
                plain.execute(sql, given)
                wanted = sorted(map(repr, plain.fetchall()))
                run(plain, sql, given, about)
                assert sorted(map(repr, plain.fetchall())) == wanted, sql
        run(cursor, sql, given, about)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prepared, "run", compared)
        yield


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """pytest-django takes what `django_db_modify_db_settings` laid, and finds nothing to migrate."""
    return settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """On SQLite the tests' database is a copy (on PostgreSQL it has a template, where the server has one)."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        shutil.copy(tables.sqlite(), database["TEST"]["NAME"])


@pytest.fixture(scope="session")
def migrated_postgres(postgres_url: str) -> str:
    """The name of a database on the server with all tables and nothing in them, to be copied."""
    if not os.environ["DATABASE_URL"].startswith("postgres"):
        return tables.TEMPLATE
    if "DATABASE_TEMPLATE" in os.environ:
        return os.environ["DATABASE_TEMPLATE"]
    name = f"migrated_{uuid.uuid4().hex}"
    tables.migrate(services.new_postgres_database(postgres_url, name))
    return name


@pytest.fixture
def migrated_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """As `empty_database_url`, with all tables made."""
    if getattr(request, "param", "sqlite") == "sqlite":
        path = tmp_path / "migrated.sqlite3"
        shutil.copy(tables.sqlite(), path)
        return f"sqlite:///{path}"
    server, ready = request.getfixturevalue("postgres_url"), request.getfixturevalue("migrated_postgres")
    return services.new_postgres_database(server, f"copy_{uuid.uuid4().hex}", template=ready)


@pytest.fixture(scope="session")
def valkey() -> Iterator[str]:
    """A real Redis-protocol server at settings.REDIS_URL, where until now nothing answered."""
    with embedded(Path(settings.VAR_DIR) / "valkey") as url:
        assert url == settings.REDIS_URL
        yield url


@pytest.fixture(scope="module")
def celery_worker_process(valkey: str, django_db_setup: None) -> Iterator[None]:
    """A real `celery worker` on the test database, for as long as the module's tests run.

    It sees only what is committed: use it with `transactional_db` or `live_server`.
    """
    from django.db import connection
    from redis import Redis

    Redis.from_url(valkey).flushall()  # what earlier tests sent is about rows that are gone
    environment = {
        "DJANGO_SETTINGS_MODULE": "cixi_xiezuo.settings",
        "DATABASE_URL": services.url_of(connection.settings_dict),
        "REDIS_URL": valkey,
        "VAR_DIR": str(settings.VAR_DIR),
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
    }
    with services.celery_worker(environment, Path(settings.VAR_DIR) / "worker.log"):
        yield


@pytest.fixture(autouse=True, scope="session")
def emptied_tables() -> Iterator[None]:
    """Tests that commit are followed by the emptying of all tables, of those that never change too."""
    from django.db.backends.base.operations import BaseDatabaseOperations as Operations

    plain = Operations.execute_sql_flush

    def flush(self: Operations, statements: list[str]) -> None:
        with lifted("audit_event", "assessment_snapshot", "initiatives_keptsheet"):
            plain(self, statements)

    Operations.execute_sql_flush = flush
    yield
    Operations.execute_sql_flush = plain


def emptied(folder: Path) -> None:
    """Empty `folder`, made if missing; what a request of the last test still writes there is waited out."""
    for patience in range(50):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        if not any(folder.iterdir()):
            return
        time.sleep(0.02 * patience)
    raise AssertionError(f"{folder} does not stay empty")


@pytest.fixture(autouse=True)
def media(settings) -> Path:
    """An empty receipts folder for every test, at the same place, so that a running worker sees it.

    What tasks made for people is gone too.
    """
    folder = Path(settings.MEDIA_ROOT)
    for each in (folder, Path(settings.VAR_DIR) / "work"):
        emptied(each)
    return folder


@pytest.fixture(scope="session")
def forge() -> Iterator[Forge]:
    running = Forge()
    yield running
    running.close()


@pytest.fixture(autouse=True)
def quick_children(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, forge: Forge) -> None:
    """Confined children come from a process that has loaded what they load, but where `own_start` is what is tested.

    Recognition has memory measured to its own start.
    """
    if request.node.get_closest_marker("own_start"):
        return
    started = confined.run

    def run(module: str, *args: Any, **kwargs: Any) -> confined.Ended:
        quick = module in MAINS and module != RECOGNITION
        return (forge.run if quick else started)(module, *args, **kwargs)

    monkeypatch.setattr(confined, "run", run)


@pytest.fixture(autouse=True)
def forgetful() -> None:
    """What a test counted and remembered in the cache of this process is gone for the next."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def eventually() -> Callable[..., None]:
    """Wait until `check()` is true, at most `seconds`; then fail with `message`."""

    def wait(check: Callable[[], object], message: str, seconds: float = 20) -> None:
        deadline = time.monotonic() + seconds
        while not check():
            if time.monotonic() > deadline:
                pytest.fail(f"{message} (waited {seconds} s)")
            time.sleep(0.1)

    return wait

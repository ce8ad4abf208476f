"""From an installed project to a running site: database, reference data, broker, web server, worker.

PORT and HOST say where (8000, 127.0.0.1). Unless DEMO=0 or HTTPS=1, an empty database gets the demonstration year.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
HOST = os.environ.get("HOST", "127.0.0.1")
PORT = int(os.environ.get("PORT") or 8000)
START = 90  # seconds
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cixi_xiezuo.settings")
if os.environ.get("HTTPS", "0").lower() in ("", "0", "false", "no", "off"):
    os.environ.setdefault("DEMO", "1")


def say(text: str) -> None:
    """Tell the operator how far we are."""
    print(text, file=sys.stderr, flush=True)


def fail(text: str) -> NoReturn:
    """Tell why it cannot be done, and end."""
    say(text)
    sys.exit(1)


def stop(number: int, frame: FrameType | None) -> NoReturn:
    """End in order on SIGTERM or Ctrl-C; a second one does not disturb the order."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    say("\n正在停止……/ stopping")
    sys.exit(0)


def claim_port() -> None:
    """End with one sentence where the port is another's."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, PORT))
        except OSError as error:
            fail(
                f"端口 {PORT} 无法使用（{error.strerror}），请先停止占用它的程序，或换一个端口：PORT=8001 make run\n"
                f"Port {PORT} cannot be used ({error.strerror}): stop what uses it, or run PORT=8001 make run"
            )


def prepare() -> None:
    """Bring the database and the static files up to date, and load what an empty database needs."""
    import django

    django.setup()
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    say("更新数据库……/ migrating")
    call_command("migrate", verbosity=0, interactive=False)
    say("载入基础数据……/ loading reference data")
    call_command("load", "reference", stdout=sys.stderr)
    if settings.DEMO and not apps.get_model("units", "Unit").objects.exists():
        say("载入演示数据（仅第一次，约一分钟）……/ loading the demonstration year, once")
        from assessment.demo import load_demo

        say(str(load_demo()))
    if static_files_changed():
        say("整理静态文件……/ collecting static files")
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    connections.close_all()


def static_files_changed() -> bool:
    """Tell whether a static file is newer than the collected ones."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders

    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not manifest.exists():
        return True
    collected = manifest.stat().st_mtime
    files = (Path(store.path(name)) for finder in get_finders() for name, store in finder.list([]))
    return any(file.stat().st_mtime > collected for file in files)


def web_command() -> list[str]:
    """Give the web server's command line."""
    workers = os.environ.get("WEB_WORKERS", "2")
    command = [sys.executable, "-m", "gunicorn", "cixi_xiezuo.wsgi", "--bind", f"{HOST}:{PORT}"]
    return [*command, "--workers", workers, "--threads", "4", "--log-level", "warning", "--timeout", "120"]


def worker_command() -> list[str]:
    """Give the Celery worker's command line."""
    concurrency = os.environ.get("WORKER_CONCURRENCY", "1")
    quiet = ["-W", "ignore:You're running the worker with superuser"]
    command = [sys.executable, *quiet, "-m", "celery", "-A", "cixi_xiezuo", "--quiet", "worker"]
    return [
        *command,
        "--concurrency",
        concurrency,
        "--beat",
        "--loglevel",
        "WARNING",
        "--without-gossip",
        "--without-mingle",
    ]


def await_health(children: Mapping[str, "subprocess.Popen[bytes]"]) -> None:
    """Wait until /healthz answers 200."""
    from django.conf import settings

    host = next((name for name in settings.ALLOWED_HOSTS if not name.startswith((".", "*"))), "localhost")
    target = "127.0.0.1" if HOST in ("0.0.0.0", "") else HOST  # noqa: S104
    request = urllib.request.Request(f"http://{target}:{PORT}/healthz", headers={"Host": host})
    deadline = time.monotonic() + START
    while True:
        ended(children)
        try:
            urllib.request.urlopen(request, timeout=5).close()  # noqa: S310
            return
        except (urllib.error.URLError, OSError) as error:
            if time.monotonic() > deadline:
                fail(f"网站在 {START} 秒内没有就绪 / the site did not become ready: {error}")
        time.sleep(0.2)


def ended(children: Mapping[str, "subprocess.Popen[bytes]"]) -> None:
    """End everything where one part has ended by itself: whoever supervises us starts all of it again."""
    for name, process in children.items():
        if process.poll() is not None:
            fail(f"{name} 意外退出（{process.returncode}）/ {name} ended unexpectedly")


def welcome() -> None:
    """Print the address, and in a demonstration the log-ins."""
    from django.conf import settings
    from django.core.management import call_command

    print(f"\n{settings.SITE_NAME}已启动 / running at: http://{HOST}:{PORT}/", flush=True)
    if settings.DEMO:
        call_command("load", "demo", "--logins")
    print("按 Ctrl-C 停止 / Ctrl-C stops it", flush=True)


def main() -> None:
    """Run until told to stop, or until a part ends by itself."""
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    claim_port()
    prepare()

    from django.conf import settings

    from cixi_xiezuo.broker import served
    from cixi_xiezuo.process import child

    with ExitStack() as stack:
        counted = stack.enter_context(tempfile.TemporaryDirectory(prefix="cixi-counted-"))
        os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", counted)  # several processes count together
        children = {}
        if not os.environ.get("REDIS_URL"):
            os.environ["REDIS_URL"], broker = stack.enter_context(served(settings.VAR_DIR / "valkey"))
            if broker is not None:
                children["broker"] = broker
        children["worker"] = stack.enter_context(child(worker_command(), cwd=ROOT))
        children["web"] = stack.enter_context(child(web_command(), cwd=ROOT))
        await_health(children)
        welcome()
        while True:
            ended(children)
            time.sleep(0.5)


if __name__ == "__main__":
    main()

"""A whole installation that is hit while people work on it, and what must be left of their work.

Clerks upload and submit, a reviewer approves; every answer that told them it was done is noted. Between, web,
worker, broker and database are killed with SIGKILL at moments of chance and started again by their supervisor.
"""

from __future__ import annotations

import http.cookiejar
import itertools
import os
import random
import re
import shutil
import signal
import string
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import psutil

from cixi_xiezuo.broker import socket_url
from tests import services, tables
from tests.resilience.nodes import command_in, inside
from tests.services import ROOT

READY = 60  # seconds until a part answers again
PASSWORD = "drill-Mountain-2021"


class Part:
    """A process that is started again whenever it ends, as systemd would."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self.command, self.environment, self.log = command, environment, log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdout=out, stderr=out, start_new_session=True
            )

    def keep_up(self) -> None:
        if self.process is None or self.process.poll() is not None:
            self._end_group()
            self.start()

    def hit(self, chance: random.Random) -> None:
        """Kill all of it, or one of its processes."""
        assert self.process is not None
        try:
            tree = [
                psutil.Process(self.process.pid),
                *psutil.Process(self.process.pid).children(recursive=True),
            ]
        except psutil.NoSuchProcess:
            return
        for process in tree if chance.random() < 0.5 else [chance.choice(tree)]:
            with suppress(psutil.NoSuchProcess):
                process.kill()

    def stop(self) -> None:
        self._end_group()
        if self.process is not None:
            self.process.wait(15)

    def _end_group(self) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


class Postgres:
    """A PostgreSQL of its own, durable as in production, whose postmaster is killed."""

    def __init__(self) -> None:
        self.running = services.postgres(durable=True)
        self.server, url = self.running.__enter__()
        self.url = services.new_postgres_database(url, "drill", template=tables.TEMPLATE)

    def hit(self, chance: random.Random) -> None:
        with suppress(psutil.NoSuchProcess, TypeError):
            psutil.Process(self.server.get_pid()).kill()

    def keep_up(self) -> None:
        pid = self.server.get_pid()
        if pid is None or not psutil.pid_exists(pid):
            with suppress(Exception):  # its last backends may still be going: tried again at the next turn
                self.server.ensure_postgres_running()

    def stop(self) -> None:
        self.running.__exit__(None, None, None)


class _Forms(HTMLParser):
    """The forms of a page with the values they would send."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[dict[str, str], dict[str, list[str]]]] = []
        self.named: dict[str, dict[str, list[str]]] = {}
        self._fields: dict[str, list[str]] | None = None
        self._select = self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._fields = {}
            self.forms.append((values, self._fields))
            if "id" in values:
                self.named[values["id"]] = self._fields
        fields = self.named.setdefault(values["form"], {}) if "form" in values else self._fields
        if fields is None:
            return
        name = values.get("name", "")
        if tag == "input" and name and values.get("type") not in ("submit", "file", "button"):
            choice = values.get("type") in ("checkbox", "radio")
            if not choice or "checked" in values:
                fields.setdefault(name, []).append(values.get("value", "on" if choice else ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in values:
            fields[self._select] = [values.get("value", "")]
        elif tag == "textarea":
            self._text = name
            fields[name] = [""]

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._text = ""
        elif tag == "form":
            self._fields = None

    def handle_data(self, data: str) -> None:
        if self._text and self._fields is not None:
            self._fields[self._text][0] += data


class Browser:
    """What a person's browser does: cookies, forms, redirects. Raises `Away` where there is no good answer."""

    class Away(Exception):
        pass

    def __init__(self, site: str, node: str = "") -> None:
        self.site, self.node = site, node
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def get(self, path: str) -> tuple[str, str]:
        return self._open(urllib.request.Request(self.site + path))

    def log_in(self, name: str) -> None:
        self.send("/login/", lambda action: True, {"username": name, "password": PASSWORD})

    def send(
        self,
        page: str,
        which: Callable[[str], bool],
        changes: dict[str, str],
        files: dict[str, bytes] | None = None,
    ) -> tuple[str, str]:
        """Fill in the first form of a page whose action `which` takes, and send it; (address, page) that follows."""
        address, text = self.get(page)
        parser = _Forms()
        parser.feed(text)
        for attributes, fields in parser.forms:
            if attributes.get("method", "").lower() == "post" and which(attributes.get("action", "")):
                target = attributes.get("action") or urllib.parse.urlsplit(address).path
                return self._post(
                    target, {**fields, **{name: [value] for name, value in changes.items()}}, files
                )
        raise Browser.Away(f"no such form at {address}")

    def _post(
        self, path: str, fields: dict[str, list[str]], files: dict[str, bytes] | None
    ) -> tuple[str, str]:
        boundary = uuid.uuid4().hex
        body = b""
        for name, values in fields.items():
            for value in values:
                body += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, data in (files or {}).items():
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
            body += f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + data + b"\r\n"
        body += f"--{boundary}--\r\n".encode()
        request = urllib.request.Request(self.site + path, data=body)
        request.add_header("Content-Type", f"multipart/form-data; boundary={boundary}")
        request.add_header("Referer", self.site + path)
        return self._open(request)

    def _open(self, request: urllib.request.Request) -> tuple[str, str]:
        try:
            with inside(self.node), self.opener.open(request, timeout=30) as answer:
                text = answer.read().decode()
                return answer.geturl(), text
        except urllib.error.HTTPError as error:
            if error.code >= 500:
                raise Browser.Away(str(error)) from error
            return error.geturl(), error.read().decode()
        except (urllib.error.URLError, OSError, http.client.HTTPException) as error:
            raise Browser.Away(str(error)) from error


@dataclass
class Acknowledged:
    """What people were told is done."""

    uploads: list[str] = field(default_factory=list)
    submitted: list[int] = field(default_factory=list)
    approved: list[int] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)

    def count(self) -> int:
        return len(self.uploads) + len(self.submitted) + len(self.approved)


class Drill:
    """`with Drill(folder, seed) as drill: drill.run(kills)`, then look at `drill.done` and the database.

    `nodes`: the namespaces that have a web and a worker each, of one database, one broker and one store of receipts.
    """

    def __init__(
        self, folder: Path, *, postgresql: bool, port: int, seed: int, nodes: Sequence[str] = ("",)
    ) -> None:
        self.nodes = list(nodes)
        self.folder, self.port, self.chance = folder, port, random.Random(seed)
        self.postgres = Postgres() if postgresql else None
        file = folder / "drill.sqlite3"
        url = self.postgres.url if self.postgres else f"sqlite:///{file}"
        if not self.postgres:
            shutil.copy(tables.sqlite(), file)
        self.environment = os.environ | {
            "THROTTLE_FILES": "1000000",
            "THROTTLE_LOG_INS": "1000000",
            "DJANGO_SETTINGS_MODULE": "cixi_xiezuo.settings",
            "DATABASE_URL": url,
            "VAR_DIR": str(folder / "var"),
            "MEDIA_ROOT": str(folder / "receipts"),
            "SWEEP_SECONDS": "5",
            "ALIVE_SECONDS": "6",
            "WORK_ROOT": str(folder / "work"),
            "REDIS_URL": socket_url(folder / "valkey"),
            "SECRET_KEY": "".join(self.chance.choices(string.ascii_letters, k=50)),
            "DEMO": "0",
        }
        python = [sys.executable]
        broker = "from pathlib import Path; from cixi_xiezuo.broker import served\n"
        broker += f"with served(Path({str(folder / 'valkey')!r})) as (url, process): process.wait()"
        web = [
            "-m",
            "gunicorn",
            "cixi_xiezuo.wsgi",
            "--bind",
            f"127.0.0.1:{port}",
            "--workers",
            "2",
            "--threads",
            "2",
        ]
        worker = ["-m", "celery", "-A", "cixi_xiezuo", "worker", "--concurrency", "1"]
        worker += ["--without-gossip", "--without-mingle"]
        self.parts: dict[str, Any] = {
            "broker": Part([*python, "-c", broker], self.environment, folder / "broker.log")
        }
        for number, node in enumerate(self.nodes, start=1):
            own = self.environment | {"VAR_DIR": str(folder / f"var{number}")}
            work = [
                *python,
                *worker,
                *(["--beat"] if number == 1 else []),
                "--hostname",
                f"worker{number}@%h",
            ]
            logs = (folder / f"web{number}.log", folder / f"worker{number}.log")
            self.parts[f"web{number}"] = Part(command_in(node, [*python, *web]), own, logs[0])
            self.parts[f"worker{number}"] = Part(command_in(node, work), own, logs[1])
        if self.postgres:
            self.parts["database"] = self.postgres
        self.done = Acknowledged()
        self.hits: list[str] = []
        self.next_draft = 1
        self.grown = 1.0
        """What the first web's processes held at the end of a load, ÷ after the first third of it."""
        self._stop = threading.Event()

    def __enter__(self) -> Drill:
        self.program("-m", "tests.resilience.seed", PASSWORD)
        self.program("manage.py", "collectstatic", "--no-input", "--verbosity", "0")
        for part in self.parts.values():
            part.keep_up()
        for node in self.nodes:
            self._await(lambda node=node: Browser(self.site, node).get("/healthz"))
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for part in reversed(self.parts.values()):
            part.stop()

    def _browser(self) -> Browser:
        return Browser(self.site, self.nodes[0])

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def program(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def run(self, kills: int) -> None:
        people = [
            threading.Thread(target=self._person, args=(work,))
            for work in (self._upload, self._submit, self._approve)
        ]
        with self._supervised():
            for person in people:
                person.start()
            for _ in range(kills):
                self._await_work()
                time.sleep(self.chance.uniform(0, 1))
                name = self.chance.choice(list(self.parts))
                self.hits.append(name)
                self.parts[name].hit(self.chance)
            time.sleep(2)
            self._stop.set()
            for person in people:
                person.join(60)
            self._await(lambda: self._browser().get("/healthz"))
            self._await(self._all_read, seconds=150)

    def _memory(self) -> int:
        """Bytes of the first web's processes, which all stay."""
        web = psutil.Process(self.parts["web1"].process.pid)
        return sum(int(each.memory_info().rss) for each in [web, *web.children(recursive=True)])

    def load(self, clients: int, seconds: float) -> tuple[list[str], list[float]]:
        """So many people at once, nothing killed: what failed, and how long each thing took (seconds)."""
        failed: list[str] = []
        took: list[float] = []
        inside = threading.Barrier(clients + 1)  # the time counts once all are logged in
        works = itertools.cycle([self._upload, self._look, self._submit, self._approve])

        def person(work: Callable[[Browser], None], node: str) -> None:
            browser = Browser(self.site, node)
            browser.log_in("reviewer" if work in (self._approve, self._look) else "clerk")
            inside.wait(READY)
            while not self._stop.is_set():
                began = time.monotonic()
                try:
                    work(browser)
                except Browser.Away as away:
                    if not str(away).startswith("no such form"):  # somebody else was first
                        failed.append(f"{work.__name__}: {away}")
                took.append(time.monotonic() - began)

        with self._supervised():
            people = [
                threading.Thread(target=person, args=(work, self.nodes[number // 4 % len(self.nodes)]))
                for number, work in enumerate(itertools.islice(works, clients))
            ]
            for each in people:
                each.start()
            inside.wait(READY)
            time.sleep(seconds / 3)
            early = self._memory()
            time.sleep(seconds * 2 / 3)
            self.grown = self._memory() / early
            self._stop.set()
            for each in people:
                each.join(60)
            self._await(self._all_read, seconds=max(150, seconds))
        return failed, took

    def _look(self, browser: Browser) -> None:
        for page in ("/city/?year=2021", "/purchases/", "/review/"):
            browser.get(page)

    @contextmanager
    def _supervised(self) -> Iterator[None]:
        ended = threading.Event()

        def watch() -> None:
            while not ended.wait(0.2):
                for part in self.parts.values():
                    part.keep_up()

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            yield
        finally:
            ended.set()
            watcher.join(30)

    def _await(self, check: Callable[[], Any], seconds: float = READY) -> None:
        deadline = time.monotonic() + seconds
        while True:
            try:
                return check()
            except (Browser.Away, AssertionError):
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.3)

    def _await_work(self) -> None:
        """Until people got on since the last hit, so that every hit meets work."""
        before, deadline = self.done.count(), time.monotonic() + READY
        while self.done.count() < before + 3 and time.monotonic() < deadline:
            time.sleep(0.05)

    def _all_read(self) -> None:
        assert self.program("-m", "tests.resilience.seed", "--waiting").strip() == "0"

    def _person(self, work: Callable[[Browser], None]) -> None:
        browser: Browser | None = None
        while not self._stop.is_set():
            try:
                if browser is None:
                    browser = self._browser()
                    browser.log_in("reviewer" if work == self._approve else "clerk")
                work(browser)
            except Browser.Away:
                browser = None  # as a person would: begin anew
                self._stop.wait(0.3)

    def _upload(self, browser: Browser) -> None:
        from tests.resilience.seed import invoice

        name = uuid.uuid4().hex
        address, text = browser.send(
            "/inbox/", lambda action: "inbox" in action, {}, {f"{name}.xml": invoice(name)}
        )
        if "已收到 1 个文件" in text:
            self.done.uploads.append(name)
        elif not address.endswith("/login/"):
            self.done.strange.append(f"upload: {address}")
        self._stop.wait(0.2)

    def _numbers(self, browser: Browser, path: str, pattern: str) -> list[int]:
        return [int(found) for found in re.findall(pattern, browser.get(path)[1])]

    def _submit(self, browser: Browser) -> None:
        """The prepared drafts one by one; one that was not acknowledged is tried again, as a person would."""
        pk = self.next_draft
        try:
            _, text = browser.send(f"/purchases/{pk}/", lambda action: action == "", {"submit": "1"})
        except Browser.Away as away:
            if str(away).startswith("no such form"):  # done, but the answer was lost
                self.next_draft = pk + 1
            raise
        if re.search(r"采购 \S+ 已提交审核", text):
            self.done.submitted.append(pk)
        self.next_draft = pk + 1
        self._stop.wait(0.1)

    def _approve(self, browser: Browser) -> None:
        for pk in dict.fromkeys(self._numbers(browser, "/review/", r'href="/review/(\d+)/')):
            _, text = browser.send(f"/review/{pk}/", lambda action: "/approve/" in action, {})
            if re.search(r"采购 \S+ 已核准|已核准采购", text):
                self.done.approved.append(pk)
            if self._stop.is_set():
                return
        self._stop.wait(0.3)

"""Three pages under 16 readers at once ÷ the same template rendered from ready rows on the same server.

全市看板, 我的单位 and the list of purchases, p50 and p99, at each size. The baseline is the page's own context kept
from one request and rendered again: same server, same middleware, same log-in, no figures read. Printed besides:
how many queries the page makes, how flat its p50 is against the smallest size, and the same two ratios of processor
time for one reader alone, which other work on the machine does not stretch; and the first of them where something is
written before each request, so that no figure is kept (`cixi_xiezuo/unchanged.py`).
"""

from __future__ import annotations

import http.client
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import place
from benchmarks.ratios import note

SIZES = (10_000, 1_000_000)
READERS, SECONDS, WORKERS = 16, 6, 2
PAGES = {
    "全市看板": ("bureau", "/city/?year=2021"),
    "我的单位": ("clerk", "/unit/?year=2021"),
    "采购台账": ("bureau", "/purchases/?year=2021"),
}
MOST = 1.5
PORT = 8157


def main(sizes: tuple[int, ...]) -> None:
    folder = place.prepare(settings="benchmarks.ready")
    from procurement import tallies

    try:
        units, done = place.make_units(), 0
        first: dict[str, float] = {}
        least: dict[str, float] = {}
        sessions = _people(units)
        print(f"{'purchases':>10} {'page':>6} {'queries':>8} {'p50':>9} {'p99':>9} {'ready p50':>10} {'ready p99':>10}"
              f" {'p50 ÷':>7} {'p99 ÷':>7} {'÷ smallest':>10} {'work ÷':>7} {'÷ smallest':>10} {'written ÷':>10}")  # fmt: skip
        worst = 0.0
        for size in sizes:
            place.make_purchases(units, size - done)
            done = size
            tallies.rebuild()
            _analyse()
            with _Server(folder):
                for name, (who, address) in PAGES.items():
                    queries = _queries(sessions[who], address)
                    ours, ready = _in_turn(sessions[who], address)
                    worked = _worked(sessions[who], address), _worked(sessions[who], f"{address}&{READY}")
                    written = _worked(sessions[who], address, writing=True)
                    first.setdefault(name, ours[0])
                    least.setdefault(name, worked[0])
                    ratios = ours[0] / ready[0], ours[1] / ready[1], ours[0] / first[name]
                    worst = max(worst, *ratios)
                    print(f"{size:>10,} {name:>6} {queries:>8} {ours[0] * 1000:>7.1f}ms {ours[1] * 1000:>7.1f}ms"
                          f" {ready[0] * 1000:>8.1f}ms {ready[1] * 1000:>8.1f}ms {ratios[0]:>6.2f}× {ratios[1]:>6.2f}×"
                          f" {ratios[2]:>9.2f}× {worked[0] / worked[1]:>6.2f}× {worked[0] / least[name]:>9.2f}×"
                          f" {written / worked[1]:>9.2f}×",
                          flush=True)  # fmt: skip
                    note(
                        f"{name}, {size:,} purchases, p50",
                        "the same template, rows given",
                        ratios[0],
                        f"≤ {MOST}×",
                    )
                    note(
                        f"{name}, {size:,} purchases, processor",
                        "the same template, rows given",
                        worked[0] / worked[1],
                        f"≤ {MOST}×",
                    )
                    note(
                        f"{name}, {size:,} purchases, processor, after a write",
                        "the same template, rows given",
                        written / worked[1],
                    )
                    note(
                        f"{name}, {size:,} purchases, processor",
                        f"{sizes[0]:,}",
                        worked[0] / least[name],
                        f"≤ {MOST}×",
                    )
        print(f"the worst {worst:.2f}×, wanted at most {MOST}×")
    finally:
        place.clean(folder)


def _people(units: list[int]) -> dict[str, str]:
    """A reader a role, logged in: name → session key."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from units.models import Membership, Role, Unit, User

    office = Unit.objects.create(code="OFFICE", name="商务局", kind="department")
    found = {}
    for name, role, unit in (
        ("bureau", Role.BUREAU, office),
        ("clerk", Role.CLERK, Unit.objects.get(code="T000")),
    ):
        user = User.objects.create(username=name)
        Membership.objects.create(user=user, unit=unit, role=role)
        session = SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
        session["year"], session["seen"] = 2021, int(time.time())
        session.create()
        found[name] = session.session_key or ""
    return found


def _analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


class _Server:
    """gunicorn as `make run` starts it, on a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "web.log"

    def __enter__(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "cixi_xiezuo.wsgi", "--bind", f"127.0.0.1:{PORT}"]
        command += ["--workers", str(WORKERS), "--threads", "4", "--log-level", "error"]
        self.process = subprocess.Popen(command, env=os.environ.copy(), stderr=self.log.open("ab"))
        for _ in range(100):
            try:
                _get(http.client.HTTPConnection("127.0.0.1", PORT), "/login/", "")
                return
            except OSError:
                time.sleep(0.2)
        raise SystemExit(self.log.read_text())

    def __exit__(self, *problem: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)


def _get(link: http.client.HTTPConnection, address: str, session: str) -> Any:
    link.request("GET", address, headers={"Cookie": f"sessionid={session}", "Host": "127.0.0.1"})
    answer = link.getresponse()
    body = answer.read()
    if answer.status != 200 or len(body) < 1000:
        raise SystemExit(f"{address}: {answer.status} {answer.getheader('Location')} {body[:300]!r}")
    return answer


def _queries(session: str, address: str) -> str:
    """As the server counted them, once it is warm."""
    link = http.client.HTTPConnection("127.0.0.1", PORT)
    for _ in range(4 * WORKERS):
        answer = _get(link, address, session)
    return str(answer.getheader("X-Queries", "?"))


def _in_turn(session: str, address: str) -> tuple[tuple[float, float], tuple[float, float]]:
    """(p50, p99) of the page and of its ready rows, in short turns so that both see the same machine."""
    taken: tuple[list[float], list[float]] = [], []
    ready = f"{address}&{READY}"
    for _ in range(3):
        taken[0].extend(_readers(session, address, SECONDS / 3))
        taken[1].extend(_readers(session, ready, SECONDS / 3))
    return _middle_and_slow(taken[0]), _middle_and_slow(taken[1])


def _worked(session: str, address: str, *, writing: bool = False) -> float:
    """Seconds of processor time that a request takes in this process, by itself; `writing`: after a write each."""
    from django.contrib.sessions.models import Session
    from django.db.models import F
    from django.test import Client

    client, times, taken = Client(HTTP_HOST="127.0.0.1"), 20, 0.0
    client.cookies["sessionid"] = session
    for turn in range(times + 3):
        if writing:
            Session.objects.update(expire_date=F("expire_date"))
        start = time.process_time()
        client.get(address)
        if turn >= 3:
            taken += time.process_time() - start
    return taken / times


READY = "ready=1"


def _middle_and_slow(taken: list[float]) -> tuple[float, float]:
    ordered = sorted(taken)
    return ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]


def _readers(session: str, address: str, seconds: float) -> list[float]:
    """Seconds each answer took, of 16 people who ask again as soon as they have it."""
    taken: list[float] = []
    until = time.monotonic() + seconds

    def read() -> None:
        link = http.client.HTTPConnection("127.0.0.1", PORT)
        time.sleep(random.random() / 20)
        while time.monotonic() < until:
            start = time.perf_counter()
            _get(link, address, session)
            taken.append(time.perf_counter() - start)

    _together(read)
    return taken


def _together(work: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work) for _ in range(READERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main(tuple(int(size) for size in sys.argv[1:]) or SIZES)

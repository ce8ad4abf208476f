"""Hostile files through the whole way: sent by a browser, kept, read, drawn, shown, handed out.

Some 500 (here a part of them, FULL=1 for all) are put through the pages and verbs of the product. The reader and the drawer run in confined
children as in the product; to save half a second of start-up each, the children of this module are forked by one
process that has the same modules loaded (test_confined.py proves the product's own start of them).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client

from procurement import confined, previews, reading, receipts
from procurement.choices import Reading
from procurement.models import Receipt, StoredFile
from tests.amount import one_in
from tests.factories import make_unit, make_user
from tests.forge import Forge
from tests.security.hostile import CORPUS, Bait, Hostile
from tests.security.hostile.names import upload_name
from tests.services import ROOT
from units.kinds import Kind

pytestmark = [pytest.mark.django_db, pytest.mark.nodb]

FILES = one_in(5, "hostile files", CORPUS)
SECONDS = 30
RECOGNISED = os.environ.get("EXTRACTION_OCR") == "1"  # by hand: each file that asks for it is recognised too
PATIENCE = 28 if RECOGNISED else 1  # what a child may take here: what the product ends later is ended sooner
MEMORY = 512 * 1024 * 1024
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def visits() -> Iterator[tuple[int, list[object]]]:
    """A port that nobody may knock at, and who did."""
    seen: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            while True:
                try:
                    connection, address = server.accept()
                except OSError:
                    return
                seen.append(address)
                connection.close()

        threading.Thread(target=listen, daemon=True).start()
        yield server.getsockname()[1], seen
        server.shutdown(socket.SHUT_RDWR)


@pytest.fixture(scope="module")
def bait(visits: tuple[int, list[object]]) -> Iterator[Bait]:
    """The secret in its file; at the end nothing of that name has been written anywhere."""
    port, seen = visits
    with tempfile.TemporaryDirectory() as folder:
        secret = "canary-7f3a9c51e0"
        path = Path(folder) / "canary.txt"
        path.write_text(secret)
        marker = f"escaped-{Path(folder).name}"
        yield Bait(str(path), secret, f"http://127.0.0.1:{port}/", marker)
        assert seen == []
        places = [Path("/tmp"), Path.home(), Path("/"), ROOT, ROOT.parent, Path(django_settings.VAR_DIR)]
        assert [found for place in places for found in place.glob(f"*{marker}*")] == []
        assert list(ROOT.glob(f"procurement/**/*{marker}*")) == []


@pytest.fixture(scope="module")
def forged() -> Iterator[Forge]:
    """A forge of this module's own, so that the peak is these files'."""
    running = Forge()
    yield running
    running.close()


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch, forged: Forge) -> Forge:
    """Where the confined children come from during a test."""

    def run(*args: object, seconds: float, **kwargs: object) -> confined.Ended:
        return forged.run(*args, seconds=min(seconds, PATIENCE), **kwargs)

    monkeypatch.setattr(confined, "run", run)
    return forged


@pytest.fixture
def browser_of_a_clerk(client: Client) -> Client:
    unit = make_unit("S01", Kind.SCHOOL)
    client.force_login(make_user("clerk", "clerk", unit))
    return client


def send(client: Client, name: str, data: bytes) -> str:
    """Drop one file into the inbox, its name on the wire byte by byte; the page where nothing was taken, else ""."""
    quoted = name.replace("\\", "\\\\").replace('"', '\\"').encode("utf-8", "surrogatepass")
    body = (
        b'--x\r\nContent-Disposition: form-data; name="unit"\r\n\r\nS01\r\n'
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="' + quoted + b'"\r\n'
        b"Content-Type: application/pdf\r\n\r\n" + data + b"\r\n--x--\r\n"
    )
    answer = client.post("/inbox/", body, content_type="multipart/form-data; boundary=x")
    if answer.status_code == 400:  # a head longer than any browser sends
        return answer.content.decode()
    assert answer.status_code == 302
    return "" if Receipt.objects.exists() else client.get("/inbox/").content.decode()


@pytest.mark.parametrize("hostile", FILES, ids=str)
def test_a_hostile_file_harms_nobody_and_is_told_of(
    hostile: Hostile,
    bait: Bait,
    browser_of_a_clerk: Client,
    children: Forge,
    media: Path,
) -> None:
    data = hostile.make(bait)
    began = time.monotonic()
    page = send(browser_of_a_clerk, upload_name(hostile.upload, bait), data)
    kept = list(Receipt.objects.select_related("file"))
    if not kept:
        assert any(said in page for said in ("没有上传：", "请先选择票据文件", "没有保存", "无法处理")), page
        assert files_in(media) == set() and not StoredFile.objects.exists()
        return
    shown = "".join(follow(browser_of_a_clerk, receipt) for receipt in kept)
    assert time.monotonic() - began < SECONDS
    assert children.peak < MEMORY
    for receipt in kept:
        receipt.refresh_from_db()
        assert receipt.reading in (Reading.READ, Reading.FAILED)
        assert receipt.data["problems"] and all(map(CHINESE.search, receipt.data["problems"]))
        assert receipt.name == receipt.name.strip() and receipt.name.isprintable() and "/" not in receipt.name
    places = {receipts.path_of(receipt.file_id) for receipt in kept}
    drawn = tuple(str(Path(previews.path_of(receipt.file, "x")).parent) for receipt in kept)
    assert all(name in places or name.startswith(drawn) for name in files_in(media))
    assert len(kept) > 1 or data.startswith(b"PK") or receipts.content(kept[0].file) == data
    everything = json.dumps(list(Receipt.objects.values("data", "name")), ensure_ascii=False, default=str)
    assert bait.secret not in everything + page + shown
    assert "<script>alert" not in page + shown and "onerror=alert(1)>" not in page + shown


def follow(client: Client, receipt: Receipt) -> str:
    """Read it as the worker does, then look at everything a clerk can look at."""
    reading.read(receipt.pk)
    receipt.refresh_from_db()
    pages = [client.get("/inbox/"), client.get(f"/purchases/{receipt.purchase_id}/")]
    assert [page.status_code for page in pages] == [200, 200]
    assert client.get(f"/receipts/{receipt.pk}/page/1/").status_code in (200, 404)
    original = client.get(f"/receipts/{receipt.pk}/file/")
    assert (
        original["Content-Disposition"].startswith("attachment")
        and "\n" not in original["Content-Disposition"]
    )
    assert (
        original["X-Content-Type-Options"] == "nosniff" and "sandbox" in original["Content-Security-Policy"]
    )
    assert hashlib.sha256(original.getvalue()).hexdigest() == receipt.file_id
    return "".join(page.content.decode() for page in pages)


def files_in(media: Path) -> set[str]:
    return {str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()}

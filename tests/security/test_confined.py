"""The children that read and draw receipts, started as in the product."""

from __future__ import annotations

import io
import json
import os
import re
import socket
import subprocess
import sys
import time
from random import Random

import pytest
from PIL import Image

from procurement import confined, drawing
from procurement.extraction import limits, run_limited
from tests.security.hostile import CORPUS, Bait

pytestmark = [pytest.mark.nodb, pytest.mark.own_start]

MODULE = "tests.security.misbehave"


def test_a_child_taken_over_reaches_nothing_and_changes_nothing(tmp_path) -> None:
    (tmp_path / "kept").write_text("kept")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        arguments = ["try", str(tmp_path), str(server.getsockname()[1])]
        ended = confined.run(MODULE, arguments, b"", seconds=10, most=10_000)
        with pytest.raises(TimeoutError):
            server.accept()
    outcomes = json.loads(ended.output)
    assert set(outcomes.values()) <= {"PermissionError", "OSError", "MemoryError"}, outcomes
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert (tmp_path / "kept").read_text() == "kept"


@pytest.mark.parametrize(("how", "late"), [("sleep", True), ("work", True), ("talk", False)])
def test_a_child_that_does_not_end_is_ended(how, late) -> None:
    began = time.monotonic()
    ended = confined.run(MODULE, [how], b"", seconds=1, most=1_000_000)
    assert (ended.output, ended.late) == (b"", late)
    assert time.monotonic() - began < 3


def test_what_a_child_chats_is_thrown_away() -> None:
    assert confined.run(MODULE, ["chat"], b"", seconds=10, most=100).output == b"done\n"


def test_a_child_that_does_not_listen_is_no_trouble() -> None:
    assert not confined.run(MODULE, ["nothing"], bytes(20 * 1024 * 1024), seconds=10, most=100).late


def test_a_child_knows_no_secret(monkeypatch) -> None:
    for name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "not for you")
    assert b"not for you" not in confined.run(MODULE, ["tell"], b"", seconds=10, most=100_000).output


def test_reading_and_drawing_together_take_less_than_half_a_minute_and_512_megabytes() -> None:
    assert limits.SECONDS + drawing.SECONDS < 30
    assert limits.WHOLE < 30
    assert limits.MEMORY <= 512 * 1024 * 1024


READ_ALONE = """
import json, resource, sys, time
from procurement.extraction import run_limited
began = time.monotonic()
problems = run_limited(sys.stdin.buffer.read()).problems
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([time.monotonic() - began, peak, [str(each) for each in problems]]))
"""
"""In a process of its own: the system keeps the peak of all the children that one ever had, browsers too."""


def test_recognition_has_no_more_memory_of_its_own_than_that_and_says_what_it_left_unread() -> None:
    """Five pages of noise: more than are recognised, and with every limit that the product sets."""
    pages = [Image.frombytes("L", (1000, 1400), Random(seed).randbytes(1_400_000)) for seed in range(5)]
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:])
    given = os.environ | {"EXTRACTION_OCR": "1", "DJANGO_SETTINGS_MODULE": "cixi_xiezuo.settings"}
    command = [sys.executable, "-c", READ_ALONE]
    ended = subprocess.run(command, input=out.getvalue(), env=given, stdout=subprocess.PIPE, check=True)
    seconds, peak, problems = json.loads(ended.stdout)
    assert seconds < 30
    assert limits.OCR_DATA < 512 * 1024 * 1024
    assert peak * 1024 < 512 * 1024 * 1024
    assert any(re.search(r"扫描件有 5 页，只识别了前 \d 页", problem) for problem in problems)


FIRST = {hostile.case.split(":")[0]: hostile for hostile in CORPUS}


@pytest.mark.parametrize("hostile", FIRST.values(), ids=str)
def test_the_products_own_reader_and_drawer_survive_too(hostile, tmp_path) -> None:
    data = hostile.make(Bait(str(tmp_path / "no"), "secret", "http://127.0.0.1:9/", "marker"))
    assert run_limited(data, hostile.upload.replace("{}", "")).problems
    drawn = drawing.draw_limited(data, "application/pdf" if data.startswith(b"%PDF") else "image/png", 1)
    assert drawn is None or drawn.pages

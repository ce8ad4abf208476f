"""Formulas kept in every text of the database come out of every download as text."""

from __future__ import annotations

import csv
import io
import itertools
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from openpyxl import load_workbook

from cixi_xiezuo.jobs import work
from cixi_xiezuo.jobs.models import Job, State
from cixi_xiezuo.sheettext import triggers
from procurement.models import Import
from tests.amount import FULL
from tests.security.access import cases
from tests.security.poison import fill, poison
from tests.security.test_access import asked
from tests.security.test_stored_scripts import allowed
from tests.security.world import World, build

pytestmark = [pytest.mark.nodb, pytest.mark.django_db]
EVIL = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1+1)",
    "==1+1",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    " =1+1",
    "=cmd|' /C 1+1'!A0",
)
OFFICE = shutil.which("soffice")
NUMBER = re.compile(r"-?[\d,]+(\.\d+)?%?")
LISTS = [case for case in cases() if case.data.get("format")]
FILES = [case for case in cases() if case.url in ("audit_export", "workbook", "import_template")]


@pytest.fixture
def world(media: Any, db: None) -> World:
    world = build()
    fill(world)
    turn = itertools.cycle(EVIL)
    poison(world, lambda text: next(turn) + text)
    return world


def downloads(world: World) -> Iterator[tuple[str, str, bytes]]:
    """What it is, its media type, its bytes: every list, the trail, the year's workbook, the templates."""
    for case in LISTS + FILES:
        for column, relation in allowed(case, ("200",))[-2:]:
            for form in ("csv", "xlsx") if case.method == "POST" else ("",):
                more = {"format": form} if form else {}
                response = asked(world, case, column, relation, **more)
                body = b"".join(response.streaming_content) if response.streaming else response.content
                yield f"{case} {column} {form}", response.headers["Content-Type"], body
    yield "marked errors", "xlsx", marked(world)


def marked(world: World) -> bytes:
    """The workbook that came back with its problems marked."""
    client = world.clients["bureau"]
    rows = [
        ["采购编号", "单位编码", "采购日期", "供应商", "采购渠道", "用途", "产地", "产品名称", "金额", "其他"]
    ]
    rows += [[evil] * 10 for evil in EVIL]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    client.post("/imports/", {"kind": "purchases", "file": ContentFile(text.getvalue().encode(), "a.csv")})
    found = Import.objects.latest("pk")
    for job in Job.objects.filter(pk=found.job_id, state=State.WAITING):
        work.run(job.pk)
    answer: Any = client.get(f"/tasks/{found.job_id}/file/")
    return b"".join(answer.streaming_content)


def live(media_type: str, body: bytes) -> Iterator[str]:
    """Cells that a spreadsheet would work out."""
    if "csv" in media_type:
        for row in csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")):
            yield from (cell for cell in row if triggers(cell) and not NUMBER.fullmatch(cell))
    elif body[:2] == b"PK":
        assert not [name for name in zipfile.ZipFile(io.BytesIO(body)).namelist() if "externalLink" in name]
        for sheet in load_workbook(io.BytesIO(body)):
            for row in sheet.iter_rows():
                yield from (f"{sheet.title}!{c.coordinate} {c.value}" for c in row if c.data_type == "f")


def test_no_download_holds_a_formula(world: World) -> None:
    wrong, said = set(), 0
    for name, media_type, body in downloads(world):
        wrong |= {f"{name}: {cell}" for cell in live(media_type, body) if not ours(name, cell)}
        said += b"1+1" in body or body[:2] == b"PK"
    assert not wrong, "\n".join(sorted(wrong))
    assert said > 15


def ours(name: str, cell: str) -> bool:
    """The sums and counts that the product writes itself."""
    return name.startswith(("workbook", "explain_export")) and "1+1" not in cell


@pytest.mark.skipif(not FULL, reason="make test-all opens each download in LibreOffice")
@pytest.mark.skipif(not OFFICE, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_shows_the_texts(world: World, tmp_path: Path) -> None:
    """What LibreOffice makes of each download, saved as CSV again: the payloads stand there as they were typed."""
    for place, (name, media_type, body) in enumerate(downloads(world)):
        if body[:2] != b"PK" and "csv" not in media_type:
            continue
        path = tmp_path / f"d{place}.{'csv' if 'csv' in media_type else 'xlsx'}"
        path.write_bytes(body)
        out = tmp_path / f"out{place}"
        command = [
            str(OFFICE),
            "--headless",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1",
        ]
        subprocess.run([*command, "--outdir", out, path], check=True, capture_output=True, timeout=120)
        text = "".join(each.read_text() for each in out.glob("*.csv"))
        assert "1+1" in text or "模板" in name or "template" in name, name
        assert "#NAME?" not in text and "Err:" not in text and "#REF!" not in text, name

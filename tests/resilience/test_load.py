"""Many people at once: nobody is shown an error, and what each was told is there."""

from __future__ import annotations

import dataclasses
import json
import os
import statistics
from pathlib import Path

import pytest

from tests.amount import in_part
from tests.resilience.drill import Drill
from tests.resilience.test_kill import free_port
from tests.resilience.verified import agrees

CLIENTS = int(os.environ.get("CLIENTS") or in_part("people at once", 4, 16))
SECONDS = float(os.environ.get("SECONDS") or in_part("seconds that they work", 2, 60))
DATABASES = ["sqlite", "postgresql"][: in_part("databases under load", 1, 2)]


@pytest.mark.nodb
@pytest.mark.parametrize("database", DATABASES)
def test_nobody_meets_an_error_while_many_work_at_once(database: str, tmp_path: Path) -> None:
    with Drill(tmp_path, postgresql=database == "postgresql", port=free_port(), seed=1) as drill:
        failed, took = drill.load(CLIENTS, SECONDS)
        told = tmp_path / "told.json"
        told.write_text(json.dumps(dataclasses.asdict(drill.done)))
        assert drill.program("-m", "tests.resilience.seed", "--lost", str(told)) == ""
        assert agrees(drill.program("manage.py", "verify"))
        assert "database is locked" not in (tmp_path / "web1.log").read_text()
    assert not failed
    assert not drill.done.strange
    assert took
    if SECONDS >= 60:  # before, much is loaded for the first time
        assert drill.grown < 1.1
    slowest = sorted(took)[int(len(took) * 0.95)]
    print(
        f"{database}: {CLIENTS} clients, {SECONDS:.0f} s: {len(took)} rounds, {drill.done.count()} things done "
        f"({len(drill.done.uploads)} uploads, {len(drill.done.submitted)} submissions, "
        f"{len(drill.done.approved)} approvals), half within {statistics.median(took):.2f} s, 95 % within {slowest:.2f} s, "
        f"web's memory × {drill.grown:.3f}"
    )

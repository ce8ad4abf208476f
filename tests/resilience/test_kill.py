"""SIGKILL at moments of chance loses nothing that anybody was told is done. KILLS says how many."""

from __future__ import annotations

import dataclasses
import json
import os
import socket
from pathlib import Path

import pytest

from tests.amount import in_part
from tests.resilience.drill import Drill
from tests.resilience.verified import agrees

KILLS = int(os.environ.get("KILLS") or in_part("kills of an installation on each database", 3, 100))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.nodb
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_what_was_acknowledged_is_there_once_after_kills_of_every_part(database: str, tmp_path: Path) -> None:
    with Drill(tmp_path, postgresql=database == "postgresql", port=free_port(), seed=KILLS) as drill:
        drill.run(KILLS)
        told = tmp_path / "told.json"
        told.write_text(json.dumps(dataclasses.asdict(drill.done)))
        assert drill.program("-m", "tests.resilience.seed", "--lost", str(told)) == ""
        assert agrees(drill.program("manage.py", "verify"))
    assert not drill.done.strange
    assert min(len(drill.done.uploads), len(drill.done.submitted), len(drill.done.approved)) > KILLS / 4
    print(f"{KILLS} kills: {drill.hits}; told: {drill.done.count()} things done")

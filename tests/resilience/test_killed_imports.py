"""An import whose worker is killed leaves all of it or nothing, and can be done again. KILLS=20 for more of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.resilience.verified import agrees
from tests.services import ROOT

KILLS = int(os.environ.get("KILLS", "5"))


@pytest.mark.nodb
@pytest.mark.parametrize("migrated_database_url", ["sqlite", "postgresql"], indirect=True)
def test_an_import_killed_at_moments_of_chance_leaves_all_or_nothing(
    migrated_database_url: str, tmp_path: Path
) -> None:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "cixi_xiezuo.settings",
        "DATABASE_URL": migrated_database_url,
        "MEDIA_ROOT": str(tmp_path / "media"),
        "VAR_DIR": str(tmp_path / "var"),
        "REDIS_URL": "redis://127.0.0.1:9/0",
    }

    def program(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    found = json.loads(program("-m", "tests.resilience.killed_imports", str(KILLS)).splitlines()[-1])
    assert sum(found.values()) == KILLS
    assert found["nothing"], "no kill came in time"
    assert agrees(program("manage.py", "verify"))
    print(f"{KILLS} kills: {found}")

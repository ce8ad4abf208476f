"""Two machines over one database, one broker and one store of receipts. make test-all tries it, or NODES=1."""

from __future__ import annotations

import dataclasses
import json
import os
import re
from pathlib import Path

import pytest

from tests.amount import FULL
from tests.resilience.drill import Browser, Drill
from tests.resilience.nodes import hindrance, namespaces
from tests.resilience.test_kill import free_port
from tests.resilience.verified import agrees

CLIENTS, SECONDS = int(os.environ.get("CLIENTS", "16")), float(os.environ.get("SECONDS", "20"))


@pytest.mark.nodb
def test_two_nodes_share_the_work_and_neither_does_the_others(tmp_path: Path) -> None:
    if not FULL and os.environ.get("NODES") != "1":
        pytest.skip("two nodes in network namespaces of their own: make test-all, or NODES=1")
    if why := hindrance():
        pytest.skip(f"no network namespaces here: {why}")
    with (
        namespaces(2) as nodes,
        Drill(tmp_path, postgresql=True, port=free_port(), seed=2, nodes=nodes) as drill,
    ):
        moving = Browser(drill.site, nodes[0])
        moving.log_in("clerk")
        moving.node = nodes[1]
        address, _ = moving.get("/inbox/")
        assert address.endswith("/inbox/"), "who logged in at one node is nobody at the other"
        with pytest.raises(Browser.Away):
            Browser(drill.site).get("/healthz")  # neither listens but to its own
        failed, took = drill.load(CLIENTS, SECONDS)
        told = tmp_path / "told.json"
        told.write_text(json.dumps(dataclasses.asdict(drill.done)))
        assert drill.program("-m", "tests.resilience.seed", "--lost", str(told)) == ""
        assert agrees(drill.program("manage.py", "verify"))
        read = [len(re.findall(r"succeeded in", (tmp_path / f"worker{n}.log").read_text())) for n in (1, 2)]
    assert not failed
    assert not drill.done.strange
    assert len(set(drill.done.submitted)) == len(drill.done.submitted), (
        "one draft was submitted at both nodes"
    )
    assert len(set(drill.done.approved)) == len(drill.done.approved), (
        "one purchase was approved at both nodes"
    )
    print(
        f"{len(took)} rounds, {drill.done.count()} things done, none failed; tasks done by the two workers: {read}"
    )

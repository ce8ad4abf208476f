"""Imports whose worker is killed, again and again: run as a program on an empty database with its tables.

`N` kills. Prints a JSON object: how many kills found nothing done, and how many all; fails for anything between.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from typing import Any

ROWS = 60
"""Purchases of one import."""


def main(kills: int) -> None:
    from tests.factories import make_policy, make_unit, make_user
    from units.models import Role

    make_policy()
    make_unit("S01", name="演练学校")
    bureau = make_user("bureau", Role.BUREAU, make_unit("D09", name="市商务局"))
    long = min(
        _undisturbed(_ready(bureau, f"U{number}")) for number in range(2)
    )  # another program may have slowed one
    found = {"nothing": 0, "all": 0}
    for number, after in enumerate(_moments(kills, random.Random(kills))):
        found[_killed(_ready(bureau, f"K{number}"), after * long)] += 1
    print(json.dumps(found))


def _moments(kills: int, chance: random.Random) -> list[float]:
    """As parts of an undisturbed import: one of chance in each of `kills` equal parts."""
    return [1.1 * (number + chance.random()) / kills for number in range(kills)]


def _ready(by: Any, name: str) -> Any:
    """An import that is confirmed and waits for its worker."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from cixi_xiezuo.jobs import work
    from procurement.imports import runs
    from procurement.imports.kinds import KINDS
    from tests.workbooks import PURCHASES, purchase, records

    rows = [
        purchase(f"{name}-{row:03d}", "S01", 发票号码=f"{abs(hash((name, row))) % 10**20:020d}")
        for row in range(ROWS)
    ]
    file = SimpleUploadedFile(f"{name}.xlsx", records(PURCHASES, *rows))
    found = runs.upload(file, KINDS["purchases"], by=by)
    work.run(found.job_id)
    found.refresh_from_db()
    return runs.confirm(found, by=by, digest=found.digest)


def _undisturbed(found: Any) -> float:
    """Seconds that it takes a worker."""
    began = time.monotonic()
    os.waitpid(_worker(found), 0)
    assert _done(found) == "all"
    return time.monotonic() - began


def _killed(found: Any, after: float) -> str:
    """What was done when the worker was killed; then another worker does what is left."""
    worker = _worker(found)
    time.sleep(after)  # the moment of the kill
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)
    before = _done(found)
    os.waitpid(_worker(found), 0)
    assert _done(found) == "all", f"{found.name}: it can't be done again"
    return before


def _worker(found: Any) -> int:
    """A process of its own, as the worker that takes the job."""
    from django.db import connections

    from cixi_xiezuo.jobs import work

    connections.close_all()
    pid = os.fork()
    if not pid:
        try:
            work.run(found.job_id)
        finally:
            os._exit(0)
    return pid


def _done(found: Any) -> str:
    from cixi_xiezuo.audit import AuditEvent
    from procurement.models import Import, Purchase, Receipt
    from procurement.models.imported import ImportState

    name = found.name.partition(".")[0]
    purchases = Purchase.objects.filter(number__startswith=f"{name}-", lines__posted=True)
    told = AuditEvent.objects.filter(detail__file=found.name).exclude(action__in=("上传导入文件", "确认导入"))
    counts = (
        purchases.distinct().count(),
        purchases.values("lines").count(),
        Receipt.objects.filter(purchase__in=purchases, live=True).count(),
        Import.objects.filter(pk=found.pk, state=ImportState.DONE).count() * ROWS,
    )
    if set(counts) not in ({0}, {ROWS}) or told.exists() != bool(counts[0]):
        raise SystemExit(f"{found.name}: half done: {counts}, trail {list(told.values('action', 'subject'))}")
    return "all" if counts[0] else "nothing"


if __name__ == "__main__":
    import django

    django.setup()
    main(int(sys.argv[1]))

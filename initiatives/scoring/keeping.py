"""The sheet as 封账 keeps it: written once, never changed, its digest in the trail beside the snapshot's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from assessment.sealing import CLOSED, canonical, digest
from assessment.standing import YearStanding
from cixi_xiezuo.appendonly import unprotected
from cixi_xiezuo.audit import AuditEvent
from initiatives.scoring.models import KeptSheet
from initiatives.scoring.sheet import Sheet, live


def keep(year: int, version: int) -> KeptSheet:
    """Within 封账: the sheet as it is now, for the snapshot's version."""
    content = canonical(_plain(live(YearStanding.read(year))))
    return KeptSheet.objects.create(year=year, version=version, content=content, digest=digest(content))


def _plain(sheet: Sheet) -> dict[str, Any]:
    return {
        "year": sheet.year,
        "as_of": sheet.as_of.isoformat(),
        "example": sheet.criteria.example,
        "items": [asdict(item) for item in sheet.items],
        "rows": [asdict(row) for row in sheet.rows],
    }


def broken_sheets() -> Iterator[str]:
    """One Chinese sentence for each sheet that is not its digest, not the one that the trail says was kept, or gone."""
    yield from unprotected(KeptSheet._meta.db_table)
    kept = {
        (f"{each.year} 年度", each.version): each for each in KeptSheet.objects.order_by("year", "version")
    }
    for each in kept.values():
        if digest(each.content) != each.digest:
            yield f"{each}：内容与校验值不符"
    closings = AuditEvent.objects.filter(action=CLOSED, detail__has_key="score_digest").order_by("pk")
    for subject, said in closings.values_list("subject", "detail"):
        found = kept.get((subject, said["version"]))
        if found is None:
            yield f"{subject}封账评分第 {said['version']} 版：留存的评分不在了"
        elif found.digest != said["score_digest"]:
            yield f"{found}：校验值与审计记录不符"

"""Exporting a list: at once where it is short, in the background where it is long. Each one is on the trail."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed, Refused
from cixi_xiezuo.exports.listing import Listing, Rows, listings
from cixi_xiezuo.exports.text import write_csv
from cixi_xiezuo.exports.xlsx import write_xlsx
from cixi_xiezuo.jobs import work
from cixi_xiezuo.jobs.models import Job
from cixi_xiezuo.jobs.progress import Progress
from cixi_xiezuo.jobs.work import Outcome
from cixi_xiezuo.snapshot import snapshot

SHORT = 2000
"""Rows up to which a list is made while the person waits."""
FORMATS = ("xlsx", "csv")
KIND = "export"


@dataclass(frozen=True, slots=True)
class Exported:
    """Either the file, ready, or the job that makes it."""

    file: IO[bytes] | None = None
    name: str = ""
    job: Job | None = None


def export(listing: Listing, *, by: Any, query: str, form: str) -> Exported:
    """The list as the address asks for it. Raises NotAllowed; Refused for an unknown format."""
    if form not in FORMATS:
        raise Refused("请选择导出为 Excel 或 CSV")
    asked = QueryDict(query)
    with snapshot():
        rows = _rows(listing, by, asked)
        long = rows.count > SHORT
        file = None if long else _written(listing, by, asked, rows, form)
    with transaction.atomic():
        audit.record("导出", by=by, subject=listing.title, query=query, format=form, rows=rows.count)
        if not long:
            return Exported(file, _name(listing, form))
        title = f"导出{listing.title}（{rows.count} 行）"
        return Exported(job=work.start(KIND, title, by=by, slug=listing.slug, query=query, form=form))


def run(job: Job, progress: Progress) -> Outcome:
    listing = listings()[job.params["slug"]]
    asked, form = QueryDict(job.params["query"]), job.params["form"]
    with snapshot():
        rows = _rows(listing, job.owner, asked)
        told = Rows(rows.count, _told(rows, progress))
        file = _written(listing, job.owner, asked, told, form)
    return Outcome(f"共 {rows.count} 行", file, _name(listing, form))


def _rows(listing: Listing, by: Any, asked: QueryDict) -> Rows:
    rows = listing.rows(by, asked)
    if rows is None:
        raise NotAllowed(f"您没有导出{listing.title}的权限")
    return rows


def _told(rows: Rows, progress: Progress) -> Iterator[Sequence[Any]]:
    for number, row in enumerate(rows.values):
        if not number % 1000:
            progress("导出", number, rows.count)
        yield row


def _written(listing: Listing, by: Any, asked: QueryDict, rows: Rows, form: str) -> IO[bytes]:
    columns = listing.columns(asked)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever gets it closes it
    if form == "csv":
        write_csv(file, columns, rows.values)
    else:
        write_xlsx(file, listing.title, columns, rows.values, _notes(listing, by, asked, rows.count))
    file.seek(0)
    return file


def _notes(listing: Listing, by: Any, asked: QueryDict, count: int) -> list[str]:
    conditions = "、".join(f"{name}={value}" for name, value in asked.items() if value and name != "page")
    now = timezone.localtime()
    return [
        f"{listing.title}，共 {count} 行",
        f"导出人：{by}　时间：{now:%Y-%m-%d %H:%M}",
        f"查询条件：{conditions or '无'}",
    ]


def _name(listing: Listing, form: str) -> str:
    return f"{listing.title} {timezone.localtime():%Y%m%d-%H%M}.{form}"

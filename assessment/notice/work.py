"""起草通报: at once where it is short, in 我的任务 where it is long. Each one is on the trail."""

from __future__ import annotations

import datetime
import io
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from assessment.notice.content import ISSUERS, Notice, date, draft
from assessment.standing import YearStanding
from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed, Refused
from cixi_xiezuo.jobs import work
from cixi_xiezuo.jobs.models import Job
from cixi_xiezuo.jobs.progress import Progress
from cixi_xiezuo.jobs.work import Outcome
from cixi_xiezuo.snapshot import snapshot
from units.scope import Scope

KIND = "notice"
FORMATS = ("docx", "pdf")
SHORT = 300
"""Rows of tables up to which a notice is made while the person waits."""


@dataclass(frozen=True, slots=True)
class Made:
    """Either the file, ready, or the job that makes it."""

    content: bytes = b""
    name: str = ""
    job: Job | None = None


def read(user: Any, year: int, as_of: datetime.date) -> Notice:
    """As the person may see the year. Raises NotAllowed; Refused where there is no policy."""
    if not Scope.of(user).has(*ISSUERS):
        raise NotAllowed("只有市商务局、市对口支援办和牵头部门可以起草通报")
    with snapshot():
        return draft(YearStanding.read(year, as_of), user)


def make(year: int, as_of: datetime.date, form: str, *, by: Any) -> Made:
    """Raises NotAllowed; Refused for an unknown format or a year without policy."""
    if form not in FORMATS:
        raise Refused("请选择下载 Word 文档或 PDF")
    notice = read(by, year, as_of)
    long = notice.rows > SHORT
    content = b"" if long else _written(notice, form)
    with transaction.atomic():
        audit.record("起草通报", by=by, subject=f"{year} 年度", as_of=as_of, format=form, rows=notice.rows)
        if not long:
            return Made(content, _name(notice, form))
        params: dict[str, Any] = {"year": year, "as_of": as_of.isoformat(), "form": form}
        return Made(job=work.start(KIND, f"起草通报（{year} 年度，截至 {as_of}）", by=by, **params))


def run(job: Job, progress: Progress) -> Outcome:
    progress("起草通报", 0, 0)
    as_of = datetime.date.fromisoformat(job.params["as_of"])
    notice = read(job.owner, job.params["year"], as_of)
    form = job.params["form"]
    return Outcome(
        f"截至 {date(as_of)}，共 {notice.rows} 行", io.BytesIO(_written(notice, form)), _name(notice, form)
    )


def _written(notice: Notice, form: str) -> bytes:
    from assessment.notice import docx, pdf  # with libraries that no other page needs

    return docx.write(notice) if form == "docx" else pdf.write(notice)


def _name(notice: Notice, form: str) -> str:
    return f"{notice.title}（截至{notice.as_of:%Y%m%d}）.{form}"

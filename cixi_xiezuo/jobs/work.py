"""Starting a job and doing it: begun in one transaction, done outside any of ours, finished in another.

A handler may run again after a crash, so it looks at the database first and does what is left.
"""

from __future__ import annotations

import datetime
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from cixi_xiezuo import audit
from cixi_xiezuo.background import enqueue
from cixi_xiezuo.errors import NotAllowed, Refused
from cixi_xiezuo.jobs.models import PENDING, Job, State
from cixi_xiezuo.jobs.progress import Progress
from cixi_xiezuo.parts import modules

log = logging.getLogger(__name__)

MOST = 20
"""Jobs that one person may have waiting at once."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job: words for the person, and the file it made, if any (an open binary file)."""

    words: str = ""
    file: IO[bytes] | None = None
    file_name: str = ""


Handler = Callable[[Job, Progress], Outcome]


def handlers() -> dict[str, Handler]:
    from cixi_xiezuo.exports.work import KIND, run  # the core's own, which itself starts jobs

    found: dict[str, Handler] = {KIND: run}
    for module in modules("jobs"):
        found |= module.HANDLERS
    return found


@transaction.atomic
def start(kind: str, title: str, *, by: Any, url: str = "", **params: Any) -> Job:
    """Put a job into the person's queue. Raises Refused where too many of theirs wait already."""
    from cixi_xiezuo.tasks import run_job

    if Job.objects.of(by).filter(state__in=PENDING).count() >= MOST:
        raise Refused(f"您已有 {MOST} 个任务在进行，请等它们完成后再提交")
    job = Job.objects.create(owner=by, kind=kind, title=title[:200], url=url, params=params)
    enqueue(run_job, job.pk)
    return job


def run(pk: int) -> None:
    """Do a job that waits, or whose worker died (cixi_xiezuo.outbox sees to it that one worker at a time is at it)."""
    job = Job.objects.select_related("owner").filter(pk=pk, state__in=PENDING).first()
    if job is None:
        return
    job.state, job.claim = State.RUNNING, uuid.uuid4().hex
    job.save(update_fields=["state", "claim"])
    words = "系统出错，没有完成，请稍后重试；仍不行请联系系统管理员"
    try:
        handler = handlers()[job.kind]
        with Progress(pk) as progress:
            outcome = handler(job, progress)
        stored = _keep(job, outcome)
    except Refused as refused:
        _finish(job, state=State.FAILED, words=str(refused)[:2000])
    except Exception:
        log.exception("job %s (%s) failed", pk, job.kind)
        _finish(job, state=State.FAILED, words=words)
    else:
        if not _finish(job, state=State.DONE, words=outcome.words[:2000], **stored):
            _drop(stored.get("file", ""))


def given_up(pk: int) -> None:
    """Its worker died again and again."""
    Job.objects.filter(pk=pk, state__in=PENDING).update(
        state=State.FAILED,
        finished_at=timezone.now(),
        words="多次中断，没有完成，请稍后重试；仍不行请联系系统管理员",
    )


def again(pk: int) -> None:
    """What was given up waits once more."""
    Job.objects.filter(pk=pk, state=State.FAILED).update(state=State.WAITING, finished_at=None, words="")


def _keep(job: Job, outcome: Outcome) -> dict[str, Any]:
    """Put the file into the store; its fields of the job."""
    if outcome.file is None:
        return {}
    with outcome.file as file:
        file.seek(0, 2)
        size = file.tell()
        file.seek(0)
        path = storages["work"].save(f"jobs/{uuid.uuid4().hex}", File(file))
    kept = timezone.now() + datetime.timedelta(days=settings.JOB_DAYS)
    return {"file": path, "file_name": outcome.file_name[:200], "size": size, "kept_until": kept}


def _finish(job: Job, **changes: Any) -> bool:
    """Store what came of it, unless somebody else has taken it over meanwhile."""
    mine = Job.objects.filter(pk=job.pk, claim=job.claim, state=State.RUNNING)
    return bool(mine.update(finished_at=timezone.now(), **changes))


def _drop(path: str) -> None:
    if path:
        try:
            storages["work"].delete(path)
        except OSError as error:
            log.warning("file %s of a job could not be removed: %s", path, error)


@transaction.atomic
def remove(job: Job, *, by: Any) -> None:
    """Take a job that is over off its owner's list, with its file."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.owner_id != by.pk:
        raise NotAllowed("只能删除自己的任务")
    if job.pending:
        raise Refused("任务还在进行，完成后才能删除")
    path = job.file
    audit.record("删除任务", by=by, subject=f"任务 {job.pk}", title=job.title)
    job.delete()
    transaction.on_commit(lambda: _drop(path))


def expire() -> int:
    """Remove the files of jobs whose time is over; the jobs stay on the list without them."""
    over = list(Job.objects.filter(kept_until__lt=timezone.now()).exclude(file="")[:500])
    for job in over:
        _drop(job.file)
        Job.objects.filter(pk=job.pk).update(file="")
    return len(over)

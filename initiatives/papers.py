"""Files of a case: photos, evidence, vouchers. Kept in the receipts' private store, scanned, handed out as downloads."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q, QuerySet

from cixi_xiezuo.errors import NotAllowed, Refused
from initiatives.funds import applications as applying
from initiatives.funds import scope as funds
from initiatives.funds.models import ApplicationState
from initiatives.inspection import scope as inspection
from initiatives.inspection import verbs as inspecting
from initiatives.market import complaints
from initiatives.market import scope as market
from initiatives.paper import Paper
from initiatives.progress import reports
from initiatives.publicity import scope as publicity
from initiatives.publicity import stories
from procurement import inbox
from procurement.history import TAKEN


def _any(user: Any, case: Any, paper: Paper) -> bool:
    """Where one side alone adds papers, whoever may add some may take any off."""
    return True


def _own(user: Any, case: Any, paper: Paper) -> bool:
    """Where two sides add papers, nobody takes off what another put forward. `user` None is the server's operator."""
    return user is None or paper.uploaded_by_id == user.pk


def _since(user: Any, case: Any, paper: Paper) -> bool:
    """What an application had when it was submitted or decided stays with it."""
    return _own(user, case, paper) and (
        case.state == ApplicationState.DRAFT or paper.uploaded_at > case.changed_at
    )


@dataclass(frozen=True, slots=True)
class Holder:
    """A sort of case that holds papers: how to lock one, who sees and who adds to it, how its trail is written, and
    which papers whoever adds to it may take off."""

    lock: Callable[[Any], Any]
    visible: Callable[[Any], QuerySet[Any]]
    may_attach: Callable[[Any, Any], bool]
    note_act: Callable[..., None]
    theirs: Callable[[Any, Any, Paper], bool] = _any


HOLDERS: dict[str, Holder] = {
    "complaint": Holder(complaints.locked, market.visible, market.may_attach, complaints.note_act, _own),
    "inspection": Holder(
        inspecting.locked, inspection.visible, inspection.may_attach, inspecting.note_act, _own
    ),
    "question": Holder(
        inspecting.lock_question, inspection.questions, inspection.may_answer, inspecting.note_question
    ),
    "application": Holder(applying.locked, funds.visible, funds.may_attach, applying.note_act, _since),
    "story": Holder(stories.locked, publicity.kept_by, publicity.may_attach, stories.note_act),
    "report": Holder(reports.locked, reports.visible, reports.may_attach, reports.note_act),
}
"""By the field of Paper that names the case."""


def visible(user: Any) -> QuerySet[Paper]:
    seen = Q()
    for field, holder in HOLDERS.items():
        seen |= Q(**{f"{field}__in": holder.visible(user).order_by().values("pk")})
    return Paper.objects.filter(seen)


def holding(paper: Paper) -> tuple[str, Any]:
    """Which sort of case the paper is with, and the case."""
    field = next(each for each in HOLDERS if getattr(paper, f"{each}_id") is not None)
    return field, getattr(paper, field)


def may_remove(user: Any, paper: Paper) -> bool:
    field, case = holding(paper)
    return HOLDERS[field].may_attach(user, case) and HOLDERS[field].theirs(user, case, paper)


def shown(field: str, case: Any, user: Any) -> list[Any]:
    """The papers of a case, each with `may_remove`. One query."""
    found: list[Any] = list(case.papers.all())
    attaching = HOLDERS[field].may_attach(user, case)
    for paper in found:
        paper.may_remove = attaching and HOLDERS[field].theirs(user, case, paper)
    return found


def _mine(field: str, case: Any, by: Any) -> Any:
    """The case, its row locked."""
    case = HOLDERS[field].lock(case)
    if not HOLDERS[field].may_attach(by, case):
        raise NotAllowed("您不能改动这里的材料，或者这件事已经办结")
    return case


def attach(field: str, case: Any, file: UploadedFile[bytes], *, by: Any) -> Paper:
    """上传材料: one file; the same file again stays one. Raises Refused for what is no document or picture."""
    with transaction.atomic():
        unit = _mine(field, case, by).unit  # before anything is kept
    try:
        name, stored = inbox.keep_beside(file, unit, by)
    except Refused as refused:
        raise Refused(f"“{inbox.plain_name(file.name)}”没有上传：{refused}") from refused
    with transaction.atomic():
        case = _mine(field, case, by)
        values = {"name": name, "uploaded_by": by}
        made, new = Paper.objects.get_or_create(**{field: case}, file=stored, defaults=values)
        if new:
            HOLDERS[field].note_act("上传材料", case, by, name=name, sha256=stored.sha256, size=stored.size)
    return made


def attach_all(field: str, case: Any, files: Iterable[UploadedFile[bytes]], *, by: Any) -> list[str]:
    """Each file by itself; gives the sentences of those that were not kept."""
    wrong = []
    for file in files:
        try:
            attach(field, case, file, by=by)
        except Refused as refused:
            wrong.append(str(refused))
    return wrong


@transaction.atomic
def detach(paper: Paper, *, by: Any) -> None:
    """删除材料, by whoever may add some and put it there. The bytes stay in storage; the trail says whose they were."""
    field, case = holding(paper)
    case = _mine(field, case, by)
    if not HOLDERS[field].theirs(by, case, paper):
        raise NotAllowed("只能删除自己上传的材料；提交或审定时已有的材料不能删除")
    HOLDERS[field].note_act("删除材料", case, by, name=paper.name, sha256=paper.file_id)
    paper.delete()


@transaction.atomic
def note_download(paper: Paper, *, by: Any) -> None:
    """Whoever takes a file away is on record, as with receipts."""
    field, case = holding(paper)
    HOLDERS[field].note_act(TAKEN, case, by, name=paper.name, sha256=paper.file_id)

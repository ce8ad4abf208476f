"""An import from the upload to the end: 预检 in the background, shown, confirmed, carried out; nothing in between.

Each step is one transaction, and each may be done again after a crash: the row of the import says what is left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from cixi_xiezuo import audit
from cixi_xiezuo.dates import parse_date
from cixi_xiezuo.errors import NotAllowed, Refused, Stale
from cixi_xiezuo.jobs import work
from cixi_xiezuo.jobs.models import Job
from cixi_xiezuo.jobs.progress import Progress
from cixi_xiezuo.jobs.work import Outcome
from cixi_xiezuo.money import yuan_display
from cixi_xiezuo.snapshot import snapshot
from procurement import receipts, scanning
from procurement.choices import Scan
from procurement.imports.alone import alone
from procurement.imports.kinds import Kind, known
from procurement.imports.marked import marked
from procurement.imports.plan import Plan
from procurement.imports.report import Problem
from procurement.imports.sheet import Read, read
from procurement.inbox import plain_name
from procurement.models import Import
from procurement.models.imported import OPEN, ImportState
from procurement.tablefile import limits
from units.scope import Scope

TABLE = "application/octet-stream"
LISTED = 500
"""Problems that a preview lists; the marked workbook has all."""
CHECK, APPLY = "import.check", "import.apply"


def upload(
    file: UploadedFile[bytes] | None,
    kind: Kind,
    *,
    by: Any,
    text: str = "",
    options: Mapping[str, Any] | None = None,
    follows: Import | None = None,
) -> Import:
    """Keep the workbook (or the pasted text) and begin its dry run. Raises Refused; NotAllowed without the right."""
    if not kind.may(Scope.of(by)):
        raise NotAllowed(f"您没有导入{kind.label}的权限")
    name, data = _given(file, text)
    verdict, virus = scanning.verdict(data)
    if verdict == Scan.INFECTED:
        raise Refused(f"文件含有病毒（{virus}），已拒收；请用杀毒软件检查电脑")
    with transaction.atomic():
        stored = receipts.store(data, TABLE, verdict)
        if stored.closed:
            raise Refused(stored.closed)
        found = Import.objects.create(
            owner=by, kind=kind.slug, file=stored, name=name, options=_options(options), follows=follows
        )
        if follows is not None and follows.state == ImportState.WRONG:
            _set(follows, ImportState.DROPPED)
        audit.record("上传导入文件", by=by, subject=f"导入 {found.pk}", kind=kind.label, **_source(found))
        _begin(found, CHECK, f"预检{kind.label}：{name}")
    return found


def _given(file: UploadedFile[bytes] | None, text: str) -> tuple[str, bytes]:
    if file is None:
        if not text.strip():
            raise Refused("请选择文件，或粘贴从 Excel 复制的内容（连同列名一行）")
        return "粘贴的内容.csv", text.encode()
    if not file.size:
        raise Refused("文件是空的，请重新选择")
    if file.size > limits.MAX_FILE:
        raise Refused(f"文件超过上限 {limits.MAX_FILE // 2**20} MB，请分成几份导入")
    return plain_name(file.name), file.read()


def _options(given: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (given or {}).items() if value}


def _source(found: Import) -> dict[str, Any]:
    return {"file": found.name, "sha256": found.file_id}


def _begin(found: Import, work_kind: str, title: str) -> None:
    url = f"/imports/{found.pk}/"
    found.job = work.start(work_kind, title, by=found.owner, url=url, pk=found.pk)
    found.save(update_fields=["job"])


def _set(found: Import, state: str, **changes: Any) -> None:
    found.state = state
    for name, value in changes.items():
        setattr(found, name, value)
    found.save(update_fields=["state", *changes])


def _locked(pk: int) -> Import:
    rows = Import.objects.select_for_update(of=("self",)).select_related("owner", "file")
    return rows.get(pk=pk)


def _require_state(found: Import, *states: str) -> None:
    if found.state not in states:
        raise Stale(f"这次导入目前为“{found.get_state_display()}”，请刷新页面")


def _planned(found: Import, sheet: Read) -> Plan:
    options: dict[str, Any] = dict(found.options)
    if since := options.get("since"):
        options["since"] = parse_date(since)
    return known()[found.kind].make_plan(sheet, by=found.owner, options=options)


def _read(found: Import, progress: Progress) -> tuple[bytes, Read]:
    if found.file.closed:
        raise Refused(found.file.closed)
    kind, data = known()[found.kind], receipts.content(found.file)
    return data, read(data, kind.columns, kind.label, progress)


def check(job: Job, progress: Progress) -> Outcome:
    """The dry run: nothing of what the workbook names is changed."""
    found = Import.objects.select_related("owner", "file").get(pk=job.params["pk"])
    if found.state != ImportState.CHECKING:
        return Outcome(found.get_state_display())
    try:
        data, sheet = _read(found, progress)
        progress("核对", 0, 0)
        with snapshot():
            plan = _planned(found, sheet)
    except Refused as refused:
        _checked(found, ImportState.WRONG, {"refused": str(refused)}, "")
        return Outcome(str(refused))
    if not plan.wrong:
        _checked(found, ImportState.READY, preview(plan), plan.digest)
        return Outcome(f"预检通过，待确认：{_counts(plan)}")
    kind = known()[found.kind]
    file = marked(kind, found.owner, data, plan.wrong, progress)
    _checked(found, ImportState.WRONG, preview(plan), "")
    stem = found.name.rpartition(".")[0] or found.name
    return Outcome(f"有 {_bad_rows(plan)} 行需要改正", file, f"{stem}（已标出问题）.xlsx")


def _bad_rows(plan: Plan) -> int:
    return len({problem.row for problem in plan.wrong})


def _counts(plan: Plan) -> str:
    return f"新增 {plan.created}，更新 {plan.updated}，未变 {plan.unchanged}"


@transaction.atomic
def _checked(found: Import, state: str, seen: dict[str, Any], digest: str) -> None:
    found = _locked(found.pk)
    if found.state == ImportState.CHECKING:
        _set(found, state, preview=seen, digest=digest)


def preview(plan: Plan) -> dict[str, Any]:
    """What the page shows of a plan."""
    return {
        "created": plan.created,
        "updated": plan.updated,
        "unchanged": plan.unchanged,
        "bad_rows": _bad_rows(plan),
        "problem_count": len(plan.wrong),
        "problems": [asdict(problem) for problem in plan.wrong[:LISTED]],
        "new": [asdict(change) for change in plan.new],
        "changed": [asdict(change) for change in plan.changed],
        "totals": [[name, yuan_display(amount)] for name, amount in plan.totals],
        "notices": plan.notices,
    }


def problems_of(found: Import) -> list[Problem]:
    return [Problem(**each) for each in found.preview.get("problems", [])]


@transaction.atomic
def confirm(found: Import, *, by: Any, digest: str) -> Import:
    """确认: carry out what was previewed. `digest`: of the preview that the person saw."""
    found = _locked(found.pk)
    if found.owner_id != by.pk:
        raise NotAllowed("只有上传的人可以确认导入")
    _require_state(found, ImportState.READY)
    if digest != found.digest:
        raise Stale("预检结果已经更新，请重新核对后再确认")
    _set(found, ImportState.APPLYING)
    audit.record(
        "确认导入", by=by, subject=f"导入 {found.pk}", kind=known()[found.kind].label, **_source(found)
    )
    _begin(found, APPLY, f"导入{known()[found.kind].label}：{found.name}")
    return found


def apply(job: Job, progress: Progress) -> Outcome:
    """Carry it out, all or nothing, in one transaction with the import's own state: a crash leaves either."""
    found = Import.objects.select_related("owner", "file").get(pk=job.params["pk"])
    if found.state != ImportState.APPLYING:
        return Outcome(found.preview.get("report") or found.get_state_display())
    try:
        data, sheet = _read(found, progress)
        del data
        return _carried_out(found, sheet, progress)
    except Refused as refused:
        _refused(found.pk, str(refused))
        return Outcome(f"没有导入：{refused}")


def _carried_out(found: Import, sheet: Read, progress: Progress) -> Outcome:
    progress("等待其他导入完成", 0, 0)
    with alone():
        found = _locked(found.pk)
        if found.state != ImportState.APPLYING:
            return Outcome(found.preview.get("report") or found.get_state_display())
        progress("核对", 0, 0)
        plan = _planned(found, sheet)
        if plan.wrong or plan.digest != found.digest:
            return _shown_anew(found, plan)
        report = str(plan.carry_out(_source(found), progress))
        seen = preview(plan) | {"report": report}
        _set(found, ImportState.DONE, preview=seen, done_at=timezone.now())
    return Outcome(report)


def _shown_anew(found: Import, plan: Plan) -> Outcome:
    """Somebody changed what the workbook names since it was looked through: back to the person."""
    words = "预检之后系统中的数据有变化，请重新核对"
    seen = preview(plan) | {"again": words}
    if plan.wrong:
        _set(found, ImportState.WRONG, preview=seen, digest="")
    else:
        _set(found, ImportState.READY, preview=seen, digest=plan.digest)
    return Outcome(words)


@transaction.atomic
def _refused(pk: int, words: str) -> None:
    found = _locked(pk)
    if found.state == ImportState.APPLYING:
        _set(found, ImportState.WRONG, preview=found.preview | {"refused": words}, digest="")


@transaction.atomic
def drop(found: Import, *, by: Any) -> None:
    """放弃: nothing was imported, and nothing will be."""
    found = _locked(found.pk)
    if found.owner_id != by.pk:
        raise NotAllowed("只有上传的人可以放弃导入")
    _require_state(found, ImportState.READY, ImportState.WRONG, ImportState.CHECKING)
    _set(found, ImportState.DROPPED)
    audit.record("放弃导入", by=by, subject=f"导入 {found.pk}", **_source(found))


@transaction.atomic
def again(found: Import, *, by: Any) -> Import:
    """再预检: the same workbook once more, after a crash or when what it names has changed."""
    found = _locked(found.pk)
    if found.owner_id != by.pk:
        raise NotAllowed("只有上传的人可以重新预检")
    _require_state(found, *OPEN)
    if found.job is not None and found.job.pending:
        raise Refused("还在处理中，请稍候")
    _set(found, ImportState.CHECKING, preview={}, digest="")
    audit.record("重新预检导入", by=by, subject=f"导入 {found.pk}", **_source(found))
    _begin(found, CHECK, f"预检{known()[found.kind].label}：{found.name}")
    return found

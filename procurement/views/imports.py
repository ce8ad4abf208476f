"""导入: templates, upload, what the dry run found, confirm."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cixi_xiezuo.downloads import XLSX, attached, sandboxed
from cixi_xiezuo.jobs.models import Job
from cixi_xiezuo.jobs.progress import Shown, shown
from cixi_xiezuo.pages import page_of, told
from procurement.forms.imports import ImportForm
from procurement.forms.receipts import ACCEPT
from procurement.imports import runs
from procurement.imports.kinds import Kind, allowed, known
from procurement.imports.purchases.rights import fillable
from procurement.imports.template import build
from procurement.inbox import Outcome, receive_named
from procurement.models import Import
from procurement.models.imported import ImportState
from procurement.receipts import path_of
from units.scope import Scope

REFUSED = 10
"""Files not kept that are named one by one; a drop has at most fifty."""


def _kinds(request: HttpRequest) -> list[Kind]:
    kinds = allowed(Scope.of(request.user))
    if not kinds:
        raise Http404
    return kinds


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def imports(request: HttpRequest) -> HttpResponse:
    kinds = _kinds(request)
    follows = _followed(request)
    start = {"kind": follows.kind if follows else request.GET.get("kind", "")}
    if follows is not None:
        start |= {name: "yes" if value is True else value for name, value in follows.options.items()}
    form = ImportForm(request.POST or None, request.FILES or None, kinds=kinds, initial=start)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            with told(request):
                found = runs.upload(
                    form.cleaned_data["file"],
                    form.chosen,
                    by=request.user,
                    text=form.cleaned_data["text"],
                    options=form.options,
                    follows=follows,
                )
                return redirect("import", pk=found.pk)
        status = 422
    page = page_of(request, Import.objects.of(request.user), 20)
    context = {
        "kinds": kinds,
        "targets": any(kind.slug == "targets" for kind in kinds),
        "form": form,
        "follows": follows,
        "page": page,
        "rows": [(each, known()[each.kind].label) for each in page],
    }
    return render(request, "procurement/imports/imports.html", context, status=status)


def _followed(request: HttpRequest) -> Import | None:
    """The import whose problems the workbook to be uploaded answers."""
    asked = request.POST.get("follows") or request.GET.get("follows") or ""
    return (
        Import.objects.of(request.user).select_related("job").filter(pk=asked).first()
        if asked.isdecimal()
        else None
    )


@require_safe
@login_required
def import_template(request: HttpRequest, name: str) -> HttpResponse:
    kind = next((kind for kind in _kinds(request) if kind.slug == name), None)
    if kind is None:
        raise Http404
    response = HttpResponse(build(kind, request.user), content_type=XLSX)
    return attached(response, f"{kind.label}导入模板.xlsx")


def _mine(request: HttpRequest, pk: int) -> Import:
    return get_object_or_404(Import.objects.of(request.user).select_related("job", "file"), pk=pk)


def _context(found: Import) -> dict[str, Any]:
    kind = known()[found.kind]
    job: Job | None = found.job
    working = found.state in (ImportState.CHECKING, ImportState.APPLYING)
    stopped = working and (job is None or not job.pending)
    step = shown([job.pk]).get(job.pk, Shown()) if job and working and not stopped else Shown()
    return {
        "found": found,
        "kind": kind,
        "seen": found.preview,
        "problems": runs.problems_of(found),
        "working": working and not stopped,
        "stopped": stopped,
        "step": step,
        "drafts": bool(found.options.get("as_drafts")),
        "takes_originals": _takes_originals(found),
        "accept": ACCEPT,
    }


@require_safe
@login_required
def import_page(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "procurement/imports/import.html", _context(_mine(request, pk)))


@require_safe
@login_required
def import_state(request: HttpRequest, pk: int) -> HttpResponse:
    """What stands on the page below its head, asked for again and again while something is at work."""
    return render(request, "procurement/imports/state.html", _context(_mine(request, pk)))


@require_safe
@login_required
def import_file(request: HttpRequest, pk: int) -> FileResponse:
    """The workbook as it was uploaded."""
    found = _mine(request, pk)
    if found.file.closed:
        raise Http404
    try:
        content = default_storage.open(path_of(found.file_id), "rb")
    except OSError as error:
        raise Http404 from error
    response = FileResponse(
        content, as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )
    return sandboxed(response)


@require_POST
@login_required
def import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    found = _mine(request, pk)
    with told(request):
        runs.confirm(found, by=request.user, digest=request.POST.get("digest", ""))
    return redirect("import", pk=pk)


@require_POST
@login_required
def import_drop(request: HttpRequest, pk: int) -> HttpResponse:
    found = _mine(request, pk)
    with told(request, "已放弃，没有导入任何数据"):
        runs.drop(found, by=request.user)
    return redirect("imports")


@require_POST
@login_required
def import_again(request: HttpRequest, pk: int) -> HttpResponse:
    found = _mine(request, pk)
    with told(request):
        runs.again(found, by=request.user)
    return redirect("import", pk=pk)


@require_POST
@login_required
def import_receipts(request: HttpRequest, pk: int) -> HttpResponse:
    """票据原件 of purchases that a workbook named: files or a zip, named by 采购编号 or 发票号码."""
    found = _mine(request, pk)
    if not _takes_originals(found):
        raise Http404
    files = request.FILES.getlist("files")
    if not files:
        messages.error(request, "请先选择票据文件或压缩包")
    else:
        with told(request):
            _say(request, receive_named(files, fillable(Scope.of(request.user)), request.user))
    return redirect("import", pk=pk)


def _takes_originals(found: Import) -> bool:
    return found.kind == "purchases" and found.state == ImportState.DONE


def _say(request: HttpRequest, outcomes: list[Outcome]) -> None:
    """What became of the files, in a sentence, and why any were not kept."""
    kept = [each for each in outcomes if each.receipt and not each.known]
    known = sum(each.known for each in outcomes)
    if kept:
        count = len({each.receipt.purchase_id for each in kept if each.receipt})
        messages.success(request, f"已收到 {len(kept)} 个原件，归入 {count} 笔采购")
    if known:
        messages.warning(request, f"{known} 个文件以前上传过，没有重复保存")
    refused = [each for each in outcomes if each.refusal]
    for each in refused[:REFUSED]:
        messages.error(request, f"“{each.name}”没有保存：{each.refusal}")
    if len(refused) > REFUSED:
        messages.error(request, f"另有 {len(refused) - REFUSED} 个文件也没有保存，请按提示改名后分批再传")

"""待审核: the queue, one purchase beside its receipt, and what a reviewer decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cixi_xiezuo.errors import Refused, Stale
from cixi_xiezuo.pages import told
from procurement import checking, claims, history, previews, reasons, routes, workflow
from procurement import found as lists
from procurement.checks import Doubt, Subject, doubts_of
from procurement.checks.known import Known
from procurement.choices import CheckResult, ReceiptKind, Status
from procurement.comparison import compare
from procurement.doubts import answered
from procurement.filters_review import ReviewFilter
from procurement.forms.review import ApproveForm, ReturnForm, RevokeForm
from procurement.models import Purchase, Receipt
from procurement.models.purchase import touched_by
from procurement.routes import Stage
from units.models import Role
from units.scope import Scope

PAGE = 50
DECIDED = (Status.SUBMITTED, Status.APPROVED, Status.RETURNED, Status.REVOKED)
"""What a reviewer may open: everything that was submitted once."""


def _require_reviewer(request: HttpRequest) -> Scope:
    scope = Scope.of(request.user)
    if not scope.reviewing:
        raise Http404
    return scope


def _filtered(request: HttpRequest) -> ReviewFilter:
    """The queue as filtered by the address, oldest submission first."""
    return lists.waiting(request.user, request.GET)


def _url(name: str, request: HttpRequest, *args: Any) -> str:
    """An address of the queue that keeps the filters."""
    query = request.GET.urlencode()
    return reverse(name, args=args) + (f"?{query}" if query else "")


@require_safe
@login_required
def queue(request: HttpRequest) -> HttpResponse:
    _require_reviewer(request)
    found = _filtered(request)
    page = Paginator(found.qs.select_related("unit", "supplier"), PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    rows = [(purchase, (now - purchase.submitted_at).days) for purchase in page if purchase.submitted_at]
    claimed = claims.others([purchase.pk for purchase, _ in rows], request.user)
    for purchase, _ in rows:
        purchase.claimed_by = claimed.get(purchase.pk, "")
    return render(
        request,
        "procurement/review/queue.html",
        {
            "filter": found,
            "page": page,
            "rows": rows,
            "page_size": PAGE,
            "keeps_reasons": Scope.of(request.user).has(Role.BUREAU),
        },
    )


@require_POST
@login_required
def approve_many(request: HttpRequest) -> HttpResponse:
    """Approve the picked purchases that raise no doubt, each by itself; say how many, and which not and why."""
    _require_reviewer(request)
    picked = _picked(request)
    rows = Purchase.objects.reviewable_by(request.user).filter(pk__in=picked)
    purchases = list(rows.select_related("unit__host", "supplier").order_by("submitted_at", "pk"))
    approved, passed, refused = 0, 0, []
    if not picked:
        messages.warning(request, "请先勾选要核准的采购")
    claimed = claims.others([purchase.pk for purchase in purchases], request.user)
    for subject in Subject.many(purchases):
        if (name := claimed.get(subject.purchase.pk)) is not None:
            refused.append(f"{subject.purchase.number}：{name}正在审核")
            continue
        purchase, doubts = subject.purchase, doubts_of(subject)
        if doubts:
            refused.append(f"{purchase.number}：{doubts[0].message}")
            continue
        try:
            if routes.stage_of(purchase, request.user) is Stage.FIRST:
                workflow.pass_first(purchase, by=request.user, version=picked[purchase.pk])
                passed += 1
            else:
                workflow.approve(purchase, by=request.user, version=picked[purchase.pk])
                approved += 1
        except Refused as error:
            refused.append(f"{purchase.number}：{error}")
    if approved:
        messages.success(request, f"已核准 {approved} 笔")
    if passed:
        messages.success(request, f"初审通过 {passed} 笔，由市商务局复核")
    gone = len(picked) - len(purchases)
    if gone:
        refused.append(f"另有 {gone} 笔已不在待审核队列中")
    if refused:
        messages.warning(
            request, f"未核准 {len(picked) - approved - passed} 笔，请逐笔审核——" + "；".join(refused)
        )
    return redirect(_url("review_queue", request))


def _picked(request: HttpRequest) -> dict[int, int]:
    """Purchase id → the version the reviewer saw, from "pick=ID:VERSION"; at most a page of them."""
    found = {}
    for text in request.POST.getlist("pick")[:PAGE]:
        pk, _, version = text.partition(":")
        if pk.isdecimal() and version.isdecimal():
            found[int(pk)] = int(version)
    return found


def _reviewed(request: HttpRequest) -> QuerySet[Purchase]:
    """Purchases the person reviews; `touched`: whether they had a hand in it themselves."""
    scope = _require_reviewer(request)
    rows = Purchase.objects.filter(unit__in=scope.reviewable()).annotate(touched=touched_by(request.user))
    return rows.select_related(
        "unit__host",
        "unit__supervisor",
        "unit__town",
        "supplier",
        "original",
        "recorded_by",
        "submitted_by",
        "decided_by",
        "first_by",
    )


def _with_neighbours(request: HttpRequest, rows: QuerySet[Purchase]) -> QuerySet[Purchase]:
    """Adds `following` and `preceding`, ids of the next older and newer submission in the filtered queue."""
    queue = _filtered(request).qs
    here = OuterRef("submitted_at")
    later = queue.filter(Q(submitted_at__gt=here) | Q(submitted_at=here, pk__gt=OuterRef("pk")))
    earlier = queue.filter(Q(submitted_at__lt=here) | Q(submitted_at=here, pk__lt=OuterRef("pk")))
    return rows.annotate(
        following=Subquery(later.values("pk")[:1]),
        preceding=Subquery(earlier.order_by("-submitted_at", "-pk").values("pk")[:1]),
    )


def _gone(request: HttpRequest, purchase: Purchase) -> HttpResponse:
    messages.warning(request, f"采购 {purchase.number} 目前为“{purchase.get_status_display()}”，不在审核中")
    return redirect(_url("review_queue", request))


@require_safe
@login_required
def review(request: HttpRequest, pk: int) -> HttpResponse:
    purchase = get_object_or_404(_with_neighbours(request, _reviewed(request)), pk=pk)
    if purchase.status not in DECIDED:
        return _gone(request, purchase)
    return _page(request, _subject(request, purchase))


def _subject(request: HttpRequest, purchase: Purchase) -> Subject:
    """The purchase for the checks, with what the request has read already."""
    return Subject(purchase, Known([purchase], terms=routes.terms_for(request.user)))


def _page(request: HttpRequest, subject: Subject, status: int = 200, **forms: Form) -> HttpResponse:
    """The page; `forms` (approve, send_back, revoke) are those that were refused, as they were filled in."""
    purchase = subject.purchase
    doubts = doubts_of(subject)
    visible = _visible(request, doubts)
    own = purchase.touched  # type: ignore[attr-defined]
    submitted = purchase.status == Status.SUBMITTED
    stage = routes.stage_of(purchase, request.user) if submitted else Stage.ONCE
    hindrance = routes.hindrance(purchase, stage, request.user) if submitted and not own else ""
    deciding = submitted and not own and not hindrance
    context = {
        "purchase": purchase,
        "total": subject.total,
        "approve": ApproveForm(lines=subject.lines, version=purchase.version),
        "send_back": ReturnForm(initial={"version": purchase.version}),
        "revoke": RevokeForm(),
        **forms,
        "doubts": [(row, row.doubt.other in visible) for row in answered(purchase, doubts)],
        "papers": [_paper(receipt, subject) for receipt in subject.receipts],
        "deciding": deciding,
        "hindrance": hindrance,
        "first": stage is Stage.FIRST,
        "stage": "" if stage is Stage.ONCE else stage.value,
        "revoking": purchase.status == Status.APPROVED and not own,
        "own": own,
        "claimed_by": claims.take(purchase.pk, request.user) if deciding else "",
        "query": request.GET.urlencode(),
    }
    return render(request, "procurement/review/review.html", context, status=status)


def _visible(request: HttpRequest, doubts: list[Doubt]) -> set[int | None]:
    """The purchases that doubts point at and that the person may open."""
    others = {doubt.other for doubt in doubts if doubt.other}
    if not others:
        return set()
    return set(Purchase.objects.visible_to(request.user).filter(pk__in=others).values_list("pk", flat=True))


def _paper(receipt: Receipt, subject: Subject) -> dict[str, Any]:
    """A receipt as the page shows it: its pages as pictures, else the fields that were read."""
    invoices = [each for each in subject.receipts if each.kind == ReceiptKind.INVOICE]
    alone = invoices == [receipt]
    return {
        "receipt": receipt,
        "pages": range(1, (previews.pages(receipt.file) if receipt.file else 0) + 1),
        "fields": compare(receipt, subject, subject.total if alone else None),
        "items": receipt.data.get("items") or [],
        "needed": checking.needed(receipt),
    }


@require_POST
@login_required
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """核准 with the amounts recognised, or 初审通过; then the next purchase of the filtered queue."""
    purchase = get_object_or_404(_with_neighbours(request, _reviewed(request)), pk=pk)
    if purchase.status not in DECIDED:
        return _gone(request, purchase)
    subject = _subject(request, purchase)
    first = routes.stage_of(purchase, request.user) is Stage.FIRST
    form = ApproveForm(request.POST, lines=[] if first else subject.lines, version=purchase.version)

    def decide() -> None:
        version = form.cleaned_data["version"]
        if first:
            workflow.pass_first(purchase, by=request.user, version=version)
        else:
            workflow.approve(purchase, by=request.user, version=version, recognised=form.recognised())

    said = "初审通过，由市商务局复核" if first else "已核准"
    return _decided(request, subject, form, decide, approve=form, said=said)


@require_POST
@login_required
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """退回 with its reason; then the next purchase of the filtered queue."""
    purchase = get_object_or_404(_with_neighbours(request, _reviewed(request)), pk=pk)
    if purchase.status not in DECIDED:
        return _gone(request, purchase)
    form = ReturnForm(request.POST)

    def decide() -> None:
        workflow.send_back(purchase, by=request.user, **form.cleaned_data)

    return _decided(request, _subject(request, purchase), form, decide, send_back=form, said="已退回经办人")


def _decided(
    request: HttpRequest,
    subject: Subject,
    form: Form,
    decide: Callable[[], None],
    *,
    said: str,
    **forms: Form,
) -> HttpResponse:
    """Do it and go on to the next; or the page again with what stands in the way."""
    purchase = subject.purchase
    if not form.is_valid():
        return _page(request, subject, 422, **forms)
    try:
        decide()
    except Stale as error:
        messages.error(request, str(error))
        return redirect(_url("review", request, purchase.pk))
    except Refused as error:
        form.add_error(None, str(error))
        return _page(request, subject, 422, **forms)
    claims.release(purchase.pk)
    messages.success(request, f"采购 {purchase.number} {said}")
    return _next(request, purchase.following)  # type: ignore[attr-defined]


def _next(request: HttpRequest, following: int | None) -> HttpResponse:
    if following is None:
        following = _filtered(request).qs.values_list("pk", flat=True).first()
    if following is None:
        messages.info(request, "队列中的采购已全部审核")
        return redirect(_url("review_queue", request))
    return redirect(_url("review", request, following))


@require_POST
@login_required
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """撤销核准, with its reason."""
    purchase = get_object_or_404(_with_neighbours(request, _reviewed(request)), pk=pk)
    if purchase.status not in DECIDED:
        return _gone(request, purchase)
    form = RevokeForm(request.POST)
    if form.is_valid():
        try:
            workflow.revoke(purchase, by=request.user, reason=form.cleaned_data["reason"])
            messages.success(request, f"采购 {purchase.number} 已撤销核准，所计入的数字已冲回")
            return redirect(_url("review", request, pk))
        except Refused as error:
            form.add_error(None, str(error))
    return _page(request, _subject(request, purchase), 422, revoke=form)


@require_safe
@login_required
def trail(request: HttpRequest, pk: int) -> HttpResponse:
    """What happened to it, and the reasons to choose from, put into the page after it is shown."""
    purchase = get_object_or_404(_reviewed(request), pk=pk)
    context = {"events": history.events_of(purchase), "reasons": reasons.offered()}
    return render(request, "procurement/review/later.html", context)


@require_POST
@login_required
def check_invoice(request: HttpRequest, pk: int) -> HttpResponse:
    """What the state's checking site said of an invoice; back to its purchase."""
    scope = _require_reviewer(request)
    theirs = Receipt.objects.filter(unit__in=scope.reviewable(), purchase__status__in=DECIDED)
    receipt = get_object_or_404(theirs.select_related("purchase"), pk=pk)
    assert receipt.purchase is not None
    result = request.POST.get("result", "")
    with told(request):
        checking.record_check(receipt, result=result, by=request.user)
        messages.success(request, f"发票 {receipt.invoice_number} 已记为“{CheckResult(result).label}”")
    return redirect(_url("review", request, receipt.purchase.pk))

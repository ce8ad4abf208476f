"""督查: the list, a new one, one inspection with its questions, what is done to it and to a wish of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cixi_xiezuo.errors import Refused
from cixi_xiezuo.pages import page_of
from initiatives import papers
from initiatives.acting import Offer, offers, perform
from initiatives.inspection import acts, filters, scope, verbs
from initiatives.inspection.forms import AnswerForm, InspectionForm
from initiatives.inspection.models import Inspection, InspectionState, Question, RevocationRequest
from initiatives.views.case import detail_and_act
from initiatives.words import happened
from procurement.models import Purchase
from units.guards import holding, taking_part
from units.models import Role


@require_safe
@login_required
def listing(request: HttpRequest) -> HttpResponse:
    taking_part(request)
    found = filters.inspections(request.user, request.GET)
    context = {
        "filter": found,
        "page": page_of(request, found.qs.select_related("unit")),
        "may_open": scope.inspects(request.user),
        "export_query": request.GET.urlencode(),
    }
    return render(request, "initiatives/inspections.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """`?unit=` or `?number=`: what it is about, filled in."""
    holding(request, Role.OVERSIGHT)
    data = request.POST if request.method == "POST" else None
    initial = {name: request.GET.get(name, "")[:140] for name in ("unit", "number")}
    form = InspectionForm(data, user=request.user, initial=initial)
    if data is not None and form.is_valid():
        try:
            made = verbs.open_inspection(**form.content(), by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已发起督查，{made.unit}的待办中可以看到")
            return redirect("inspection", made.pk)
    context = {
        "form": form,
        "heading": "发起督查",
        "list_title": "督查",
        "list_url": "/initiatives/inspections/",
        "save": "发起",
        "datalist": ("inspected-units", form.options),
    }
    return render(request, "initiatives/case_form.html", context, status=422 if form.is_bound else 200)


def _visible(request: HttpRequest) -> QuerySet[Inspection]:
    taking_part(request)
    return scope.visible(request.user).select_related("unit", "purchase")


def _seen(request: HttpRequest, pk: int) -> Inspection:
    return get_object_or_404(_visible(request), pk=pk)


def _page(
    request: HttpRequest,
    inspection: Inspection,
    refused: Offer | None = None,
    *,
    wish: int = 0,
    answered: tuple[int, AnswerForm] | None = None,
) -> HttpResponse:
    """`refused`: what was not done, of the inspection or of the wish (id) named; `answered`: an answer not taken."""
    user = request.user
    wishes = list(inspection.revocations.select_related("purchase"))
    asked = {each.purchase_id for each in wishes} | {inspection.purchase_id or 0}
    seen = set(Purchase.objects.visible_to(user).filter(pk__in=asked).values_list("pk", flat=True))
    context = {
        "inspection": inspection,
        "seen": inspection.purchase_id in seen,
        "questions": [_question(user, inspection, each, answered) for each in _questions(inspection)],
        "closing_word": "撤销的原因" if inspection.state == InspectionState.CANCELLED else "办结意见",
        "papers": papers.shown("inspection", inspection, request.user),
        "may_attach": scope.may_attach(user, inspection),
        "wishes": [
            (
                each,
                each.purchase_id in seen,
                offers(user, each, acts.REVOCATION, refused if each.pk == wish else None),
            )
            for each in wishes
        ],
        "offers": offers(user, inspection, acts.INSPECTION, None if wish else refused),
        "events": happened(inspection.unit.code, verbs.subject_of(inspection)),
    }
    return render(request, "initiatives/inspection.html", context, status=422 if refused or answered else 200)


def _questions(inspection: Inspection) -> Any:
    return inspection.questions.prefetch_related("papers")


def _question(
    user: Any, inspection: Inspection, question: Question, answered: tuple[int, AnswerForm] | None
) -> dict[str, Any]:
    question.inspection = inspection
    may = scope.may_answer(user, question)
    form = AnswerForm(act=f"q{question.pk}", initial={"text": question.answer})
    if answered is not None and answered[0] == question.pk:
        form = answered[1]
    return {"question": question, "papers": list(question.papers.all()), "form": form if may else None}


detail, act = detail_and_act("inspection", found=_seen, page=_page, acts=acts.INSPECTION)


@require_POST
@login_required
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """答复 one question, with files."""
    taking_part(request)
    rows = scope.questions(request.user).select_related("inspection__unit", "inspection__purchase")
    question = get_object_or_404(rows, pk=pk)
    if not scope.may_answer(request.user, question):
        raise Http404
    form = AnswerForm(request.POST, act=f"q{question.pk}")
    if form.is_valid():
        try:
            verbs.answer(question, by=request.user, text=form.cleaned_data["text"])
        except Refused as refused:
            form.add_error(None, str(refused))
    if form.errors:
        return _page(request, question.inspection, answered=(pk, form))
    for sentence in papers.attach_all("question", question, request.FILES.getlist("files"), by=request.user):
        messages.error(request, sentence)
    messages.success(request, f"已保存{question}的答复，全部答复后请提交")
    return redirect("inspection", question.inspection_id)


@require_POST
@login_required
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """市商务局 takes an approval back as it was asked to, or says why not."""
    holding(request, Role.BUREAU)
    found = get_object_or_404(RevocationRequest.objects.select_related("purchase"), pk=pk)
    inspection = get_object_or_404(_visible(request), pk=found.inspection_id)
    refused = perform(request, found, acts.REVOCATION)
    if refused is None:
        return redirect("inspection", inspection.pk)
    return _page(request, inspection, refused, wish=pk)

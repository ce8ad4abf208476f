"""扶持资金: the year's schemes, one scheme, its form, its publicity list."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assessment import years
from cixi_xiezuo.audit import SITE
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.pages import page_of
from initiatives.funds import schemes, scope
from initiatives.funds.figures import budget_of, budgets
from initiatives.funds.forms import SchemeForm
from initiatives.funds.lists import published
from initiatives.funds.models import Scheme
from initiatives.words import happened
from units.guards import taking_part


@require_safe
@login_required
def listing(request: HttpRequest) -> HttpResponse:
    taking_part(request)
    year = years.current(request)
    found = list(scope.schemes(request.user).filter(year=year))
    sums = budgets(found)
    context = {
        "rows": [(scheme, sums[scheme.pk]) for scheme in found],
        "may_manage": scope.of_either(request.user),
        "export_query": f"year={year}",
    }
    return render(request, "initiatives/schemes.html", context)


def _scheme(request: HttpRequest, pk: int, *, manage: bool = False) -> Scheme:
    taking_part(request)
    if manage and not scope.of_either(request.user):
        raise Http404
    return get_object_or_404(scope.schemes(request.user), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    taking_part(request)
    if not scope.of_either(request.user):
        raise Http404
    year = years.current(request)
    form = SchemeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = schemes.create_scheme(year, form.terms(), by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已建立扶持政策")
            return redirect("scheme", made.pk)
    return _form(request, form, f"建立 {year} 年扶持政策")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    scheme = _scheme(request, pk, manage=True)
    data = request.POST if request.method == "POST" else None
    form = SchemeForm(data, initial=SchemeForm.initial_of(scheme))
    if form.is_bound and form.is_valid():
        try:
            schemes.change_scheme(scheme, form.terms(), by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已保存")
            return redirect("scheme", pk)
    return _form(request, form, "修改扶持政策")


def _form(request: HttpRequest, form: SchemeForm, heading: str) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "list_title": "扶持资金",
        "list_url": "/initiatives/schemes/",
    }
    return render(request, "initiatives/case_form.html", context, status=422 if form.is_bound else 200)


@require_safe
@login_required
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    scheme = _scheme(request, pk)
    rows = scope.with_flag(scope.visible(request.user).filter(scheme=scheme))
    context = {
        "scheme": scheme,
        "budget": budget_of(scheme),
        "page": page_of(request, rows.select_related("unit").order_by("-opened_at", "-pk")),
        "may_manage": scope.of_either(request.user),
        "may_apply": scope.applicants(request.user).exists(),
        "events": happened(SITE, schemes.subject_of(scheme)),
    }
    return render(request, "initiatives/scheme.html", context)


@require_safe
@login_required
def publicity(request: HttpRequest, pk: int) -> HttpResponse:
    """公示: who gets how much, for what."""
    scheme = _scheme(request, pk)
    context = {
        "scheme": scheme,
        "budget": budget_of(scheme),
        "page": page_of(request, published(scheme)),
        "export_query": f"scheme={scheme.pk}",
    }
    return render(request, "initiatives/publicity.html", context)

"""资金申请: the list, a new one, one application with its evidence, what is done to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessment import years
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.pages import page_of, told
from cixi_xiezuo.waits import keep, riding
from initiatives import papers
from initiatives.acting import Offer, offers
from initiatives.funds import acts, applications, filters, reading, scope
from initiatives.funds.checks import remarks
from initiatives.funds.decided import decisions_of
from initiatives.funds.figures import evidence
from initiatives.funds.forms import ApplicationForm
from initiatives.funds.models import (
    GRANTED,
    Application,
    ApplicationPurchase,
    ApplicationRecord,
    ApplicationState,
    Scheme,
)
from initiatives.models import Record
from initiatives.views.case import detail_and_act
from initiatives.words import happened
from procurement.models import Purchase
from units.guards import taking_part


@require_safe
@login_required
def listing(request: HttpRequest) -> HttpResponse:
    taking_part(request)
    year = years.current(request)
    found = filters.applications(request.user, year, request.GET)
    page = page_of(request, scope.with_flag(found.qs.select_related("unit", "scheme")))
    sums = evidence(each.pk for each in page)
    asked = request.GET.copy()
    asked["year"] = str(year)
    context = {
        "filter": found,
        "page": page,
        "rows": [(each, sums.get(each.pk, 0)) for each in page],
        "export_query": asked.urlencode(),
    }
    return render(request, "initiatives/applications.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest, pk: int) -> HttpResponse:
    taking_part(request)
    scheme = get_object_or_404(Scheme, pk=pk)
    units = list(scope.applicants(request.user).order_by("code"))
    form = ApplicationForm(request.POST if request.method == "POST" else None, units=units)
    if form.is_bound and form.is_valid():
        try:
            made = applications.apply(scheme, form.chosen_unit(), form.content(), by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已保存草稿，请关联依据、上传材料后提交")
            return redirect("application", made.pk)
    return _form(request, form, f"申请“{scheme}”", f"/initiatives/schemes/{scheme.pk}/", str(scheme))


def _form(request: HttpRequest, form: ApplicationForm, heading: str, url: str, title: str) -> HttpResponse:
    context = {"form": form, "heading": heading, "list_title": title, "list_url": url}
    return render(request, "initiatives/case_form.html", context, status=422 if form.is_bound else 200)


def _visible(request: HttpRequest, pk: int) -> Application:
    taking_part(request)
    return get_object_or_404(scope.visible(request.user).select_related("unit", "scheme"), pk=pk)


def _draft(request: HttpRequest, pk: int) -> Application:
    application = _visible(request, pk)
    if application.state != ApplicationState.DRAFT or not scope.is_theirs(request.user, application):
        raise Http404
    return application


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    application = _draft(request, pk)
    data = request.POST if request.method == "POST" else None
    form = ApplicationForm(data, initial=ApplicationForm.initial_of(application))
    if form.is_bound and form.is_valid():
        try:
            applications.change(application, form.content(), by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已保存")
            return redirect("application", pk)
    return _form(request, form, "修改申请", f"/initiatives/applications/{pk}/", application.title)


def _page(request: HttpRequest, application: Application, refused: Offer | None = None) -> HttpResponse:
    user = request.user
    changing = application.state == ApplicationState.DRAFT and scope.is_theirs(user, application)
    read = reading.read(application, user, changing=changing)
    seen = {link.purchase_id for link, _, theirs in read.links if theirs}
    if application.state in GRANTED:
        prefetch_related_objects([application], "payments")
    payments = list(application.payments.all()) if application.state in GRANTED else []
    context = {
        "application": application,
        "read": read,
        "paid": sum(each.amount for each in payments),
        "decisions": decisions_of(application),
        "payments": payments,
        "remarks": remarks(application, read.matter, seen) if application.state in OPEN else [],
        "papers": papers.shown("application", application, user),
        "may_attach": scope.may_attach(user, application),
        "changing": changing,
        "offers": offers(user, application, acts.APPLICATION, refused),
        "events": happened(application.unit.code, applications.subject_of(application)),
    }
    return render(request, "initiatives/application.html", context, status=422 if refused else 200)


OPEN = (
    ApplicationState.DRAFT,
    ApplicationState.SUBMITTED,
    ApplicationState.APPROVED,
    ApplicationState.PAID,
)
"""What is looked at again each time the page is shown."""


def _whole(request: HttpRequest, pk: int) -> Application:
    """With much of what its page shows."""
    taking_part(request)
    finance = Exists(scope.at_finance(request.user))
    rows = reading.with_all(scope.visible(request.user)).annotate(finance=finance)
    found: Any = get_object_or_404(riding(request, rows), pk=pk)
    keep(request, found)
    scope.remember_finance(request.user, found.finance)
    application: Application = found
    return application


detail, act = detail_and_act("application", found=_whole, page=_page, acts=acts.APPLICATION)


@require_POST
@login_required
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """A purchase by its `number`, or a base or agreement (`record`)."""
    application = _draft(request, pk)
    if record := request.POST.get("record", ""):
        rows = Record.objects.visible_to(request.user)
        found = get_object_or_404(rows, pk=int(record) if record.isdecimal() else 0)
        with told(request, f"已关联“{found}”"):
            applications.link_record(application, found, by=request.user)
        return redirect("application", pk)
    number = request.POST.get("number", "").replace("\0", "").strip()[:64]
    purchase = Purchase.objects.visible_to(request.user).filter(number=number).first()
    if purchase is None:
        messages.error(request, f"没有编号为“{number}”的采购，或不在您的范围内，请核对")
    else:
        with told(request, f"已关联采购 {purchase.number}"):
            applications.link(application, purchase, by=request.user)
    return redirect("application", pk)


@require_POST
@login_required
def unlink(request: HttpRequest, pk: int) -> HttpResponse:
    """`link` or `record_link`: which one is taken off."""
    application = _draft(request, pk)
    of_record = "record_link" in request.POST
    asked = request.POST.get("record_link" if of_record else "link", "")
    model: Any = ApplicationRecord if of_record else ApplicationPurchase
    related = ("application", "record" if of_record else "purchase")
    rows = model.objects.filter(application=application).select_related(*related)
    made = get_object_or_404(rows, pk=int(asked) if asked.isdecimal() else 0)
    with told(request, "已取消关联"):
        applications.unlink(made, by=request.user)
    return redirect("application", pk)

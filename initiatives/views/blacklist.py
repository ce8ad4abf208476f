"""黑名单: the list, a new entry, one entry with the purchases that it flags."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cixi_xiezuo.audit import SITE
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.pages import page_of
from initiatives.acting import Offer, offers
from initiatives.market import acts, blacklist, filters, scope
from initiatives.market.forms import BlacklistForm
from initiatives.market.models import Complaint
from initiatives.offices import supervises_market
from initiatives.views.case import detail_and_act
from initiatives.words import happened
from procurement.models import Blacklisting, Purchase
from units.guards import taking_part


@require_safe
@login_required
def listing(request: HttpRequest) -> HttpResponse:
    taking_part(request)
    found, today = filters.blacklist(request.GET), timezone.localdate()
    page = page_of(request, found.qs.select_related("supplier"))
    context = {
        "filter": found,
        "page": page,
        "rows": [(entry, state_of(entry)) for entry in page],
        "today": today,
        "may_list": supervises_market(request.user),
        "export_query": request.GET.urlencode(),
    }
    return render(request, "initiatives/blacklist.html", context)


def state_of(entry: Blacklisting) -> str:
    """The badge of an entry today."""
    today = timezone.localdate()
    if entry.lifted_on is not None and entry.lifted_on <= today:
        return "ended"
    if today < entry.since:
        return "coming"
    return "holding" if today <= entry.until else "over"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """`?complaint=`: the complaint it comes of, whose supplier stands there already."""
    taking_part(request)
    if not supervises_market(request.user):
        raise Http404
    complaint, data = _complaint(request), request.POST if request.method == "POST" else None
    initial = {"supplier": complaint.supplier, "reason": complaint.finding_text} if complaint else {}
    form = BlacklistForm(data, initial=initial)
    if data is not None and form.is_valid():
        try:
            made = blacklist.add_to_blacklist(form.entry(complaint), by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已列入黑名单，此期间的采购会提示")
            return redirect("blacklisting", made.pk)
    context = {
        "form": form,
        "heading": "列入黑名单",
        "list_title": "黑名单",
        "list_url": "/initiatives/blacklist/",
        "save": "列入",
    }
    return render(request, "initiatives/case_form.html", context, status=422 if form.is_bound else 200)


def _complaint(request: HttpRequest) -> Complaint | None:
    asked = request.GET.get("complaint", "")
    return scope.visible(request.user).filter(pk=asked).first() if asked.isdecimal() else None


def _page(request: HttpRequest, entry: Blacklisting, refused: Offer | None = None) -> HttpResponse:
    mine = Purchase.objects.visible_to(request.user).filter(pk__in=blacklist.flagged(entry).values("pk"))
    rows = mine.with_total().select_related("unit", "supplier").order_by("-date", "-pk")
    context = {
        "entry": entry,
        "state": state_of(entry),
        "page": page_of(request, rows),
        "complaints": list(scope.visible(request.user).filter(blacklisting=entry)),
        "offers": offers(request.user, entry, acts.BLACKLISTING, refused),
        "events": happened(SITE, blacklist.subject_of(entry)),
    }
    return render(request, "initiatives/blacklisting.html", context, status=422 if refused else 200)


def _entry(request: HttpRequest, pk: int) -> Blacklisting:
    taking_part(request)
    return get_object_or_404(Blacklisting.objects.select_related("supplier"), pk=pk)


detail, act = detail_and_act("blacklisting", found=_entry, page=_page, acts=acts.BLACKLISTING)

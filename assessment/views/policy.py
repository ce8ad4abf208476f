"""The year's policy to read: each rule beside the clause it comes from."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessment import policy_words
from assessment.standing import policy_of
from assessment.views.asked import asked, other_year
from cixi_xiezuo.errors import Refused
from procurement.choices import Holiday, PairingKind


@require_safe
@login_required
def policy(request: HttpRequest, year: int) -> HttpResponse:
    asked(request, year)
    if (elsewhere := other_year(request, year)) is not None:
        return elsewhere
    try:
        found = policy_of(year)
    except Refused as refused:
        raise Http404 from refused
    rules = [
        {
            "rule": rule,
            "asked": policy_words.asked(rule),
            "readings": policy_words.readings(rule),
            "subjects": policy_words.subjects(rule),
            "organisers": list(policy_words.organisers(rule)),
        }
        for rule in found.rules.all()
    ]
    pairings = found.terms.pairings.select_related("region").order_by("-primary", "region__code")
    paired = {kind.label: [pairing for pairing in pairings if pairing.kind == kind] for kind in PairingKind}
    holidays = [Holiday(code).label for code in found.terms.holidays if code in Holiday.values]
    context = {"asked_year": year, "policy": found, "rules": rules, "paired": paired, "holidays": holidays}
    return render(request, "assessment/policy.html", context)

"""The year's policy to read: each rule beside the clause it comes from."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessment import policy_words
from assessment.models import Policy, PolicyStatus
from assessment.policy_drafts import EDITORS
from assessment.policy_faults import hindrances
from assessment.views.asked import asked, other_year
from assessment.views.policy_part import all_policies
from procurement.choices import Holiday, PairingKind
from procurement.holidays import day_of
from procurement.terms import dated
from units.kinds import Kind
from units.scope import Scope


@require_safe
@login_required
def policy(request: HttpRequest, year: int) -> HttpResponse:
    """The policy that reads the year; to those who write it, the year's own while it is still a draft."""
    asked(request, year)
    every = all_policies(request)
    if (elsewhere := other_year(request, year)) is not None:
        return elsewhere
    governing = next(
        (each for each in every if each.year <= year and each.status != PolicyStatus.DRAFT), None
    )
    draft = next((each for each in every if each.year == year and each.status == PolicyStatus.DRAFT), None)
    editor = Scope.of(request.user).has(*EDITORS)
    found = (draft if editor else None) or governing
    if found is None:
        raise Http404
    editable = found is draft
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
    context = {
        "asked_year": year,
        "policy": found,
        "governing": governing,
        "editor": editor,
        "editable": editable,
        "unready": list(hindrances(found)) if editable else [],
        "rules": rules,
        "paired": _paired(found),
        "holidays": list(_holidays(found)),
        "twice": [str(kind.label) for kind in Kind if kind in found.terms.reviewed_twice],
    }
    return render(request, "assessment/policy.html", context)


def _paired(found: Policy) -> list[tuple[str, list[tuple[str, bool]]]]:
    """(kind of pairing, its regions as (name, primary)), the primary ones first."""
    rows = sorted(found.terms.pairings.all(), key=lambda row: (not row.primary, row.region.code))
    return [
        (str(kind.label), [(row.region.name, row.primary) for row in rows if row.kind == kind])
        for kind in PairingKind
    ]


def _holidays(found: Policy) -> Iterator[tuple[str, datetime.date | None]]:
    """(name, day in the policy's year) of those that count."""
    set_days = dated(found.terms.holiday_days)
    for holiday in Holiday:
        if holiday in found.terms.holidays:
            yield str(holiday.label), set_days.get(holiday) or day_of(holiday, found.year)

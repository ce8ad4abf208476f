"""扶持政策: made and changed by 市商务局 or 市财政局. Each verb is one transaction with its word in the trail."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed, Refused
from cixi_xiezuo.money import from_fen, yuan_display
from initiatives.funds.figures import budget_of
from initiatives.funds.models import Scheme
from initiatives.funds.scope import of_either


@dataclass(frozen=True, slots=True)
class Terms:
    """`budget` and `most` in 元."""

    name: str
    rules: str
    clause: str
    budget: Decimal
    opens: datetime.date
    closes: datetime.date
    most: Decimal | None = None


def require_office(by: Any) -> None:
    if not of_either(by):
        raise NotAllowed("扶持政策由市商务局、市财政局制定")


def subject_of(scheme: Scheme) -> str:
    return f"扶持政策 {scheme.pk}"


def _filled(scheme: Scheme, terms: Terms) -> None:
    if not terms.name.strip() or not terms.rules.strip():
        raise Refused("请填写名称和实施细则")
    if terms.closes < terms.opens:
        raise Refused(f"申请截止 {terms.closes} 早于申请开始 {terms.opens}，请核对")
    if terms.budget <= 0 or (terms.most is not None and terms.most <= 0):
        raise Refused("预算和最高额应大于 0")
    for name, value in asdict(terms).items():
        setattr(scheme, name, value)
    scheme.name = terms.name.strip()
    try:
        with transaction.atomic():
            scheme.save()
    except IntegrityError:
        raise Refused(f"{scheme.year} 年度已有名为“{scheme.name}”的扶持政策") from None


@transaction.atomic
def create_scheme(year: int, terms: Terms, *, by: Any) -> Scheme:
    """建立扶持政策."""
    require_office(by)
    scheme = Scheme(year=year, created_by=by)
    _filled(scheme, terms)
    audit.record("建立扶持政策", by=by, subject=subject_of(scheme), title=scheme.name, values=_words(terms))
    return scheme


@transaction.atomic
def change_scheme(scheme: Scheme, terms: Terms, *, by: Any) -> Scheme:
    """修改扶持政策. The budget never falls below what is granted already."""
    require_office(by)
    scheme = Scheme.objects.select_for_update().get(pk=scheme.pk)
    granted = from_fen(budget_of(scheme).granted)
    if terms.budget < granted:
        raise Refused(f"已审定 {yuan_display(granted)} 元，预算不能低于这个数")
    before = _words(Terms(**{name: getattr(scheme, name) for name in asdict(terms)}))
    _filled(scheme, terms)
    after = _words(terms)
    changes = audit.differences(before, after)
    if changes:
        audit.record("修改扶持政策", by=by, subject=subject_of(scheme), title=scheme.name, changes=changes)
    return scheme


def _words(terms: Terms) -> dict[str, str]:
    return {
        "名称": terms.name.strip(),
        "实施细则": terms.rules,
        "依据": terms.clause,
        "预算": yuan_display(terms.budget),
        "最高额": yuan_display(terms.most),
        "申请开始": str(terms.opens),
        "申请截止": str(terms.closes),
    }

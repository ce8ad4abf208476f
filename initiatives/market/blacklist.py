"""黑名单: suppliers listed for a period, and taken off before its end. The offices that supervise the market decide.

Each verb is one transaction with its word in the trail. Submissions that wait for review learn of it at once.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed, Refused
from initiatives.market.complaints import locked, note_act
from initiatives.market.models import Complaint, Finding
from initiatives.offices import supervises_market
from procurement import doubts
from procurement.choices import Status
from procurement.models import Blacklisting, Purchase, Supplier


@dataclass(frozen=True, slots=True)
class Entry:
    """`since` and `until`: its first and last day; `complaint`: the one it came of."""

    supplier: str
    since: datetime.date
    until: datetime.date
    reason: str
    clause: str
    uscc: str = ""
    complaint: Complaint | None = None


def require_office(by: Any) -> None:
    if not supervises_market(by):
        raise NotAllowed("只有市场监管、农业农村、商务、文化和旅游部门可以决定黑名单")


@transaction.atomic
def add_to_blacklist(entry: Entry, *, by: Any) -> Blacklisting:
    """列入黑名单: Refused where the supplier stands there already at that time, or has another credit code."""
    require_office(by)
    if entry.until < entry.since:
        raise Refused(f"截止日期 {entry.until} 早于开始日期 {entry.since}，请核对")
    if not entry.supplier.strip() or not entry.reason.strip() or not entry.clause.strip():
        raise Refused("请填写供应商、原因和依据")
    supplier = _supplier(entry)
    for other in Blacklisting.objects.of([supplier.pk], []):
        if other.since <= entry.until and entry.since <= other.last_day:
            raise Refused(
                f"“{supplier}”自 {other.since} 至 {other.last_day} 已在黑名单中，请先移出或错开日期"
            )
    made = Blacklisting.objects.create(
        supplier=supplier,
        since=entry.since,
        until=entry.until,
        reason=entry.reason.strip(),
        clause=entry.clause.strip(),
        listed_by=audit.actor_name(by),
    )
    if entry.complaint is not None:
        _note_complaint(entry.complaint, made, by)
    _record("列入黑名单", made, by, since=str(made.since), until=str(made.until), reason=made.reason)
    _recount(made)
    return made


def _supplier(entry: Entry) -> Supplier:
    supplier, _ = Supplier.objects.get_or_create(name=entry.supplier.strip())
    supplier = Supplier.objects.select_for_update().get(pk=supplier.pk)
    if entry.uscc and supplier.uscc and supplier.uscc != entry.uscc:
        raise Refused(
            f"供应商“{supplier}”登记的统一社会信用代码是 {supplier.uscc}，与所填 {entry.uscc} 不同，请核对"
        )
    if entry.uscc and not supplier.uscc:
        supplier.uscc = entry.uscc
        supplier.save(update_fields=["uscc"])
    return supplier


def _note_complaint(complaint: Complaint, made: Blacklisting, by: Any) -> None:
    complaint = locked(complaint)
    if complaint.finding not in (Finding.UPHELD, Finding.PARTLY):
        raise Refused(f"投诉 {complaint.pk} 没有认定属实，不能据此列入黑名单")
    complaint.blacklisting = made
    complaint.save(update_fields=["blacklisting"])
    note_act("列入黑名单", complaint, by, name=f"{made.supplier} {made.since} 至 {made.until}")


@transaction.atomic
def lift(entry: Blacklisting, *, by: Any, lifted_on: datetime.date, reason: str) -> Blacklisting:
    """移出黑名单 from a day on; purchases up to the day before stay flagged."""
    require_office(by)
    entry = Blacklisting.objects.select_for_update(of=("self",)).select_related("supplier").get(pk=entry.pk)
    if entry.lifted_on is not None:
        raise Refused(f"“{entry}”已于 {entry.lifted_on} 移出黑名单")
    if not entry.since <= lifted_on <= entry.until:
        raise Refused(f"移出日期应在 {entry.since} 至 {entry.until} 之间")
    if not reason.strip():
        raise Refused("请填写移出的原因")
    entry.lifted_on, entry.lifted_reason = lifted_on, reason.strip()
    entry.save(update_fields=["lifted_on", "lifted_reason"])
    _record("移出黑名单", entry, by, since=str(lifted_on), reason=entry.lifted_reason)
    _recount(entry)
    return entry


def subject_of(entry: Blacklisting) -> str:
    return f"黑名单 {entry.pk}"


def _record(action: str, entry: Blacklisting, by: Any, **detail: Any) -> None:
    audit.record(action, by=by, subject=subject_of(entry), title=str(entry.supplier), **detail)


def _from(entry: Blacklisting) -> QuerySet[Purchase]:
    """Purchases from the supplier, under whatever name of its credit code."""
    same = Q(supplier=entry.supplier_id)
    if entry.supplier.uscc:
        same |= Q(supplier__uscc=entry.supplier.uscc)
    return Purchase.objects.filter(same)


def flagged(entry: Blacklisting) -> QuerySet[Purchase]:
    """Purchases of its time from the supplier; void ones left out."""
    rows = _from(entry).filter(date__gte=entry.since, date__lte=entry.last_day)
    return rows.exclude(status=Status.VOID)


def _recount(entry: Blacklisting) -> None:
    """Submissions of the whole period are counted anew for the reviewers' queue."""
    rows = _from(entry).filter(status=Status.SUBMITTED, date__range=(entry.since, entry.until))
    doubts.note(list(rows.select_related("unit__host", "supplier")))

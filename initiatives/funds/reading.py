"""What the page of an application shows: much of it comes with the application's row, the rest in few queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from initiatives.amounts import counted
from initiatives.funds.applications import BASES
from initiatives.funds.checks import Matter, another, with_listed
from initiatives.funds.decided import with_decisions
from initiatives.funds.figures import budget_beside, with_budget
from initiatives.funds.models import Application, ApplicationPurchase, ApplicationRecord
from initiatives.linkable import counting, linkable
from initiatives.models import Record
from procurement.models import Purchase

TAKEN = ApplicationPurchase.objects.filter(live=True).values("purchase")


@dataclass(frozen=True, slots=True)
class Read:
    """`links`: (link, 分, may the person see the purchase). `bases`: records that are linked, each with its `link` and whether
    the person may see it; `free` and `offered`: what a draft may still link, purchases with their 分."""

    matter: Matter
    links: list[tuple[Any, int, bool]]
    bases: list[Any]
    free: list[Any]
    offered: list[tuple[Purchase, int]]


def with_all(rows: QuerySet[Application]) -> Any:
    """With the unit, the scheme and its sums, the decisions, and whether the unit has another one."""
    rows = rows.select_related("unit", "scheme").annotate(another=another())
    return with_decisions(with_budget(rows))


def read(application: Application, user: Any, *, changing: bool) -> Read:
    """Of an application that came with `with_all`. Four queries, and one more for a draft that the person changes."""
    theirs = Purchase.objects.visible_to(user).filter(pk=OuterRef("purchase"))
    rows = with_listed(application.links.select_related("purchase__unit").annotate(seen=Exists(theirs)))
    links: list[Any] = list(rows.order_by("purchase__date", "pk"))
    free = linkable(application.unit, TAKEN) if changing else []
    amounts = counted({*(each.purchase_id for each in links), *(each.pk for each in free)})
    bases = _bases(application, user, changing=changing)
    linked = [each for each in bases if each.link]
    amount = sum(amounts[each.purchase_id] for each in links)
    beside: Any = application
    return Read(
        Matter(budget_beside(application), links, amount, len(linked), beside.another),
        [(each, amounts[each.purchase_id], each.seen) for each in links],
        linked,
        [each for each in bases if not each.link],
        counting(free, amounts),
    )


def _bases(application: Application, user: Any, *, changing: bool) -> list[Any]:
    """Bases and agreements that are linked, and of a draft those of the applicant that support no application yet."""
    mine = ApplicationRecord.objects.filter(application=application, record=OuterRef("pk"))
    rows: QuerySet[Any] = Record.objects.annotate(
        link=Subquery(mine.values("pk")),
        seen=Exists(Record.objects.visible_to(user).filter(pk=OuterRef("pk"))),
    )
    wanted = Q(pk__in=application.record_links.values("record"))
    if changing:
        taken = ApplicationRecord.objects.filter(live=True).values("record")
        wanted |= Q(unit=application.unit, kind__in=BASES) & ~Q(pk__in=taken)
    return list(rows.filter(wanted).order_by(F("link").asc(nulls_last=True), "-starts", "-pk")[:200])

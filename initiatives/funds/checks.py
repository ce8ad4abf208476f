"""What is looked at in an application: some of it keeps it from being submitted, the rest is for those who decide."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from cixi_xiezuo.money import from_fen, to_fen, yuan_display
from initiatives.amounts import counted
from initiatives.funds.figures import Budget, budget_of
from initiatives.funds.models import Application, ApplicationPurchase, ApplicationState
from procurement.choices import Status
from procurement.models import Blacklisting

LIVE = (ApplicationState.SUBMITTED, ApplicationState.APPROVED, ApplicationState.PAID)


@dataclass(frozen=True, slots=True)
class Remark:
    """`blocks`: the application can't be submitted with it."""

    message: str
    blocks: bool = False


@dataclass(frozen=True, slots=True)
class Matter:
    """What the checks of an application look at. `links` are of `with_listed`; `amount`: what they add up to, 分; `bases`: how
    many bases and agreements; `another`: has its unit another one under the scheme?"""

    budget: Budget
    links: Sequence[Any]
    amount: int
    bases: int
    another: bool

    @classmethod
    def of(cls, application: Application) -> Matter:
        """Six queries."""
        links = list(with_listed(application.links.all()))
        amount = sum(counted({each.purchase_id for each in links}).values())
        asked = Application.objects.filter(pk=application.pk).annotate(another=another())
        return cls(
            budget_of(application.scheme),
            links,
            amount,
            application.record_links.count(),
            asked.get().another,
        )


def with_listed(links: QuerySet[ApplicationPurchase]) -> QuerySet[ApplicationPurchase]:
    """With their purchases, and `listed`: was the supplier on the blacklist on the day of the purchase?"""
    listed = Blacklisting.objects.of_supplier("purchase__supplier").in_force(OuterRef("purchase__date"))
    found: QuerySet[ApplicationPurchase] = links.select_related("purchase").annotate(listed=Exists(listed))
    return found


def another() -> Exists:
    """Of a row of applications: has its unit a live one besides, under the same scheme?"""
    same = Application.objects.filter(scheme=OuterRef("scheme"), unit=OuterRef("unit"), state__in=LIVE)
    return Exists(same.exclude(pk=OuterRef("pk")))


def remarks(application: Application, matter: Matter, seen: Collection[int] | None = None) -> list[Remark]:
    """`seen`: the purchases (ids) whose numbers the reader may know, None for all. Asks the database nothing."""
    found = [
        *_evidence(application, matter, seen),
        *_amounts(application, matter),
        *(Remark(f"采购{_called(link, seen)}的供应商当时在黑名单中") for link in matter.links if link.listed),
    ]
    return sorted(found, key=lambda remark: not remark.blocks)


def _evidence(application: Application, matter: Matter, seen: Collection[int] | None) -> Iterator[Remark]:
    scheme, today = application.scheme, timezone.localdate()
    if not matter.links and not matter.bases:
        yield Remark("还没有依据，请关联已核准的采购，或基地、协议", blocks=True)
    for link in matter.links:
        if link.purchase.status != Status.APPROVED:
            state = link.purchase.get_status_display()
            yield Remark(f"所依据的采购{_called(link, seen)}目前为“{state}”，不能作为依据", blocks=True)
    if application.state == ApplicationState.DRAFT and not scheme.opens <= today <= scheme.closes:
        yield Remark(f"“{scheme}”的申请时间是 {scheme.opens} 至 {scheme.closes}，今天不能提交", blocks=True)
    if matter.another:
        yield Remark("该单位在这项政策下还有别的申请")


def _amounts(application: Application, matter: Matter) -> Iterator[Remark]:
    scheme, requested = application.scheme, application.requested
    if scheme.most is not None and requested > scheme.most:
        yield Remark(f"申请金额超过单个申请最高额 {yuan_display(scheme.most)} 元", blocks=True)
    if to_fen(requested) > matter.amount:
        yield Remark(f"申请金额超过依据的采购核定金额 {yuan_display(from_fen(matter.amount))} 元")
    waiting = application.state in (ApplicationState.DRAFT, ApplicationState.SUBMITTED)
    if waiting and to_fen(requested) > matter.budget.left:
        yield Remark(f"申请金额超过预算余额 {yuan_display(from_fen(matter.budget.left))} 元")


def _called(link: ApplicationPurchase, seen: Collection[int] | None) -> str:
    known = seen is None or link.purchase_id in seen
    return f" {link.purchase.number} " if known else f"（{link.purchase.date}）"

"""What is looked at in an application: some of it keeps it from being submitted, the rest is for those who decide."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.utils import timezone

from cixi_xiezuo.money import from_fen, to_fen, yuan_display
from initiatives.funds.figures import Budget, budget_of, evidence
from initiatives.funds.models import Application, ApplicationPurchase, ApplicationState
from procurement.choices import Status
from procurement.models import Blacklisting


@dataclass(frozen=True, slots=True)
class Remark:
    """`blocks`: the application can't be submitted with it."""

    message: str
    blocks: bool = False


def remarks(
    application: Application,
    budget: Budget | None = None,
    amount: int | None = None,
    seen: Collection[int] | None = None,
    links: list[ApplicationPurchase] | None = None,
) -> list[Remark]:
    """`budget`, `amount` (of the evidence, 分) and `links` where they are at hand; `seen`: the purchases (ids) whose numbers the
    reader may know, None for all."""
    if links is None:
        links = list(application.links.select_related("purchase__supplier"))
    amount = evidence([application.pk]).get(application.pk, 0) if amount is None else amount
    budget = budget or budget_of(application.scheme)
    found = [
        *_evidence(application, links, seen),
        *_amounts(application, budget, amount),
        *_suppliers(links, seen),
    ]
    return sorted(found, key=lambda remark: not remark.blocks)


def _evidence(
    application: Application, links: list[ApplicationPurchase], seen: Collection[int] | None
) -> Iterator[Remark]:
    scheme, today = application.scheme, timezone.localdate()
    if not links and not application.record_links.exists():
        yield Remark("还没有依据，请关联已核准的采购，或基地、协议", blocks=True)
    for link in links:
        if link.purchase.status != Status.APPROVED:
            state = link.purchase.get_status_display()
            yield Remark(f"所依据的采购{_called(link, seen)}目前为“{state}”，不能作为依据", blocks=True)
    if application.state == ApplicationState.DRAFT and not scheme.opens <= today <= scheme.closes:
        yield Remark(f"“{scheme}”的申请时间是 {scheme.opens} 至 {scheme.closes}，今天不能提交", blocks=True)
    others = Application.objects.filter(scheme=scheme, unit=application.unit).exclude(pk=application.pk)
    live = (ApplicationState.SUBMITTED, ApplicationState.APPROVED, ApplicationState.PAID)
    if others.filter(state__in=live).exists():
        yield Remark("该单位在这项政策下还有别的申请")


def _amounts(application: Application, budget: Budget, amount: int) -> Iterator[Remark]:
    scheme, requested = application.scheme, application.requested
    if scheme.most is not None and requested > scheme.most:
        yield Remark(f"申请金额超过单个申请最高额 {yuan_display(scheme.most)} 元", blocks=True)
    if to_fen(requested) > amount:
        yield Remark(f"申请金额超过依据的采购核定金额 {yuan_display(from_fen(amount))} 元")
    waiting = application.state in (ApplicationState.DRAFT, ApplicationState.SUBMITTED)
    if waiting and to_fen(requested) > budget.left:
        yield Remark(f"申请金额超过预算余额 {yuan_display(from_fen(budget.left))} 元")


def _suppliers(links: list[ApplicationPurchase], seen: Collection[int] | None) -> Iterator[Remark]:
    """One query."""
    suppliers = {link.purchase.supplier for link in links if link.purchase.supplier is not None}
    codes = {supplier.uscc for supplier in suppliers if supplier.uscc}
    listed = (
        list(Blacklisting.objects.of([each.pk for each in suppliers], codes).select_related("supplier"))
        if suppliers
        else []
    )
    for link in links:
        supplier, day = link.purchase.supplier, link.purchase.date
        if supplier is None or day is None:
            continue
        for entry in listed:
            same = entry.supplier == supplier or (supplier.uscc and supplier.uscc == entry.supplier.uscc)
            if same and entry.covers(day):
                yield Remark(f"采购{_called(link, seen)}的供应商当时在黑名单中")


def _called(link: ApplicationPurchase, seen: Collection[int] | None) -> str:
    known = seen is None or link.purchase_id in seen
    return f" {link.purchase.number} " if known else f"（{link.purchase.date}）"

"""Writing purchases with their lines, invoices, sums and the audit entry, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from cixi_xiezuo import audit
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.money import yuan_text
from procurement import workflow
from procurement.choices import ReceiptKind, Status
from procurement.doubts import note
from procurement.imports.purchases.draft import ZERO, Draft
from procurement.imports.purchases.known import Known, parts
from procurement.imports.report import Problem, Rejected
from procurement.imports.sheet import Row, Tell, silent
from procurement.models import Product, Purchase, PurchaseLine, Receipt, Supplier
from units.links import LinkBook
from units.models import Role
from units.scope import Scope
from units.years import require_open

BATCH = 2000
"""Purchases whose lines are in memory at once."""
LONGEST_PRODUCT = 150
"""Characters of a name in the catalogue of products; a longer one stands on its line alone."""


def store(
    drafts: list[Draft], known: Known, *, by: Any, source: Mapping[str, Any], tell: Tell = silent
) -> None:
    """Write purchases that are new or changed. Raises Refused, and then nothing is to be kept."""
    if not drafts:
        return
    require_open({draft.day.year for draft in drafts})
    purchases = _heads(drafts, known, by)
    _drop_replaced(drafts, known)
    _note_hands([purchases[draft.number] for draft in drafts if draft.differs], by)
    products = _named(Product, {name for draft in drafts for name in _product_names(draft)})
    book = LinkBook.load({purchase.unit_id for purchase in purchases.values()})
    for start in range(0, len(drafts), BATCH):
        tell("写入采购", start, len(drafts))
        _lines(drafts[start : start + BATCH], purchases, known, products, book)
    tell("核对疑点", 0, 0)
    _invoices(drafts, purchases, known, by)
    submitted = [draft for draft in drafts if draft.status == Status.SUBMITTED]
    blocking = note([purchases[draft.number] for draft in submitted])
    if blocking and by is not None and not Scope.of(by).has(Role.BUREAU):
        rows = {draft.number: draft.head.number for draft in submitted}
        raise Rejected(
            [
                Problem(rows[purchase.number], "采购编号", purchase.number, doubt.message)
                for purchase, doubt in blocking
            ]
        )
    _record(drafts, known, by, source)


def _heads(drafts: list[Draft], known: Known, by: Any) -> dict[str, Purchase]:
    """The purchases themselves by number, stored; originals before their refunds."""
    suppliers = _named(Supplier, {draft.head.get("供应商") for draft in drafts})
    now = timezone.now()
    purchases: dict[str, Purchase] = {}
    for draft in drafts:
        purchase = known.purchases.get(draft.number) or Purchase(number=draft.number, recorded_by=by)
        assert draft.unit is not None
        purchase.unit = draft.unit
        purchase.purchase_date = purchase.date = draft.day
        purchase.invoice_date = None
        purchase.supplier_id = suppliers[draft.head.get("供应商")]
        purchase.channel = draft.head.get("采购渠道")
        purchase.status = draft.status
        purchase.version += 0 if purchase.pk is None else 1
        if draft.live:
            purchase.submitted_by, purchase.submitted_at = by, now
        if draft.status in (Status.APPROVED, Status.RETURNED):
            purchase.decided_by, purchase.decided_at = by, now
        purchase.returned_reason = "导入时标为已退回" if draft.status == Status.RETURNED else ""
        purchases[draft.number] = purchase
    changed = [purchase for purchase in purchases.values() if purchase.pk is not None]
    new = [draft for draft in drafts if purchases[draft.number].pk is None]
    try:
        with transaction.atomic():
            Purchase.objects.bulk_create(
                [purchases[draft.number] for draft in new if not draft.original], batch_size=500
            )
            for draft in drafts:
                original = purchases.get(draft.original) or known.purchases.get(draft.original)
                purchases[draft.number].original = original
            Purchase.objects.bulk_create(
                [purchases[draft.number] for draft in new if draft.original], batch_size=500
            )
    except IntegrityError as error:
        raise Refused("表中有采购编号刚刚被他人使用，请重新导入以查看是哪一个") from error
    for purchase in changed:
        purchase.save()
    return purchases


def _note_hands(changed: list[Purchase], by: Any) -> None:
    """Whoever changed a purchase will not decide on it."""
    if by is not None:
        hands = Purchase.changed_by.through
        hands.objects.bulk_create(
            [hands(purchase=purchase, user=by) for purchase in changed], ignore_conflicts=True
        )


def _drop_replaced(drafts: list[Draft], known: Known) -> None:
    """Lines of changed purchases, and the invoices that were named for them without a file."""
    old = [known.purchases[draft.number].pk for draft in drafts if draft.number in known.purchases]
    for part in parts(old):
        PurchaseLine.objects.filter(purchase__in=part).delete()
        Receipt.objects.filter(purchase__in=part, file=None).delete()


def _named(model: Any, names: set[str]) -> dict[str, int]:
    """Ids of a catalogue's rows by name, the missing ones made."""
    found = dict(model.objects.values_list("name", "pk"))
    missing = sorted(names - found.keys())
    model.objects.bulk_create([model(name=each) for each in missing], batch_size=500, ignore_conflicts=True)
    for part in parts(missing):
        found.update(model.objects.filter(name__in=part).values_list("name", "pk"))
    return found


def _product_names(draft: Draft) -> Iterator[str]:
    for row in draft.rows:
        if len(name := row.get("产品名称")) <= LONGEST_PRODUCT:
            yield name


def _lines(
    drafts: list[Draft],
    purchases: dict[str, Purchase],
    known: Known,
    products: dict[str, int],
    book: LinkBook,
) -> None:
    lines = [
        _line(row, place, purchases[draft.number], known, products)
        for draft in drafts
        for place, row in enumerate(draft.rows, start=1)
    ]
    approved = [line for line in lines if line.purchase.status == Status.APPROVED]
    for line in approved:
        workflow.recognise(line, None)
    workflow.enter(approved, book)
    PurchaseLine.objects.bulk_create(lines, batch_size=1000)


def _line(row: Row, place: int, purchase: Purchase, known: Known, products: dict[str, int]) -> PurchaseLine:
    name = row.get("产品名称")
    return PurchaseLine(
        purchase=purchase,
        position=place,
        use=row.get("用途"),
        holiday=row.get("法定节日") or "",
        region=known.regions[row.get("产地")],
        product_name=name,
        product_id=products.get(name),
        quantity=row.get("数量"),
        measure=row.get("计量单位") or "",
        amount=row.get("金额"),
        overlap=row.get("其中已登记金额") or ZERO,
    )


def _invoices(drafts: list[Draft], purchases: dict[str, Purchase], known: Known, by: Any) -> None:
    """Hold the invoices named in the workbook, also where no file came with them yet."""
    receipts = []
    kept = {True: [], False: []}  # type: dict[bool, list[int]]
    for draft in drafts:
        purchase = purchases[draft.number]
        filed = []
        if draft.number in known.purchases:
            filed = [receipt for receipt in known.receipts[purchase.pk] if receipt.file_id]
            kept[draft.live] += [receipt.pk for receipt in filed if receipt.live != draft.live]
        if draft.identity and draft.identity not in {receipt.identity for receipt in filed}:
            receipts.append(
                Receipt(
                    unit=purchase.unit,
                    purchase=purchase,
                    kind=ReceiptKind.INVOICE,
                    invoice_code=draft.head.get("发票代码") or "",
                    invoice_number=draft.head.get("发票号码") or "",
                    identity=draft.identity,
                    live=draft.live,
                    uploaded_by=by,
                )
            )
    try:
        with transaction.atomic():
            for live, ids in kept.items():
                for part in parts(ids):
                    Receipt.objects.filter(pk__in=part).update(live=live)
            Receipt.objects.bulk_create(receipts, batch_size=500)
    except IntegrityError as error:
        raise Refused(
            "表中有发票刚刚被其他采购使用，一张发票只能计入一次；请重新导入以查看是哪一张"
        ) from error


def _record(drafts: list[Draft], known: Known, by: Any, source: Mapping[str, Any]) -> None:
    audit.record(
        "导入采购",
        by=by,
        subject="采购",
        created=sum(draft.number not in known.purchases for draft in drafts),
        updated=[draft.number for draft in drafts if draft.number in known.purchases],
        approved=[draft.number for draft in drafts if draft.status == Status.APPROVED],
        total=yuan_text(sum((draft.total for draft in drafts), ZERO)),
        **source,
    )

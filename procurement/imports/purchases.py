"""采购.xlsx → purchases with their lines. Rows that share a 采购编号 are the lines of one purchase."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed, Refused
from cixi_xiezuo.money import yuan_display
from procurement import workflow
from procurement.choices import LIVE, Channel, Holiday, ReceiptKind, Status, Use
from procurement.doubts import note
from procurement.imports import cells
from procurement.imports.names import suggestion
from procurement.imports.report import Problem, Rejected, Report
from procurement.imports.sheet import Column, Row, read
from procurement.imports.units import name
from procurement.models import Product, Purchase, PurchaseLine, Receipt, Region, Supplier
from procurement.receipts import identity
from units.models import Role, Unit
from units.scope import Scope
from units.years import require_open

LOADABLE = {
    label: status
    for status, label in Status.choices
    if status in (Status.DRAFT, Status.SUBMITTED, Status.APPROVED, Status.RETURNED)
}


def status(value: Any) -> str:
    text = cells.plain(value)
    if text and text not in LOADABLE:
        raise ValueError(f"应为 {'、'.join(LOADABLE)} 之一，空白为待审核")
    return LOADABLE.get(text, "")


COLUMNS = (
    Column("采购编号", lambda value: cells.limited(cells.plain(value), 64), required=True),
    Column("单位编码", cells.code, required=True),
    Column("采购日期", cells.date, required=True),
    Column("供应商", name(150), required=True),
    Column("采购渠道", cells.choice(Channel), required=True),
    Column("用途", cells.choice(Use), required=True),
    Column("法定节日", cells.choice(Holiday)),
    Column("产地", name(50), required=True),
    Column("产品名称", name(200), required=True),
    Column("数量", cells.quantity),
    Column("计量单位", name(20)),
    Column("金额", cells.money, required=True),
    Column("其中已登记金额", cells.money),
    Column("原采购编号", lambda value: cells.limited(cells.plain(value), 64)),
    Column("发票代码", cells.invoice_code),
    Column("发票号码", cells.invoice_number),
    Column("状态", status),
)
HEAD = ("单位编码", "采购日期", "供应商", "采购渠道", "原采购编号", "发票代码", "发票号码", "状态")
ZERO = Decimal("0.00")


@dataclass(slots=True)
class Draft:
    """One purchase as the workbook says it."""

    number: str
    head: Row
    rows: list[Row] = field(default_factory=list)
    unit: Unit | None = None

    @property
    def status(self) -> str:
        return self.head.get("状态") or Status.SUBMITTED

    @property
    def live(self) -> bool:
        return self.status in LIVE

    @property
    def total(self) -> Decimal:
        return sum((row.get("金额") for row in self.rows), ZERO)

    @property
    def identity(self) -> str:
        return identity(self.head.get("发票代码"), self.head.get("发票号码"))


@dataclass(slots=True)
class Known:
    """What the database has that the workbook's rows name."""

    units: dict[str, Unit]
    regions: dict[str, Region]
    purchases: dict[str, Purchase]


@transaction.atomic
def load_purchases(data: bytes, *, by: Any) -> Report:
    """Store the purchases of a workbook. Raises Rejected with every bad row; NotAllowed without the right.

    已核准 rows enter the figures at once: loading them is the loader's own approval.
    """
    rows, problems, notices, _ = read(data, COLUMNS, "采购")
    drafts = _group(rows, problems)
    numbers = {*drafts, *(draft.head.get("原采购编号") or "" for draft in drafts.values())}
    known = Known(
        units={unit.code: unit for unit in Unit.objects.all()},
        regions={region.name: region for region in Region.objects.all()},
        purchases=_existing(numbers),
    )
    for draft in drafts.values():
        problems += _check(draft, known)
    problems += _refunds(drafts, known)
    problems += _invoices(drafts)
    if problems:
        raise Rejected(problems)
    _rights(drafts, by)
    return _store(drafts, known, by=by, notices=notices)


def _existing(numbers: set[str]) -> dict[str, Purchase]:
    wanted, found = sorted(numbers), {}
    for start in range(0, len(wanted), 500):
        part = Purchase.objects.select_for_update(of=("self",)).filter(number__in=wanted[start : start + 500])
        found.update({purchase.number: purchase for purchase in part.select_related("unit", "supplier")})
    return found


def _group(rows: list[Row], problems: list[Problem]) -> dict[str, Draft]:
    drafts: dict[str, Draft] = {}
    for row in rows:
        number = row.get("采购编号")
        if not number:
            continue
        draft = drafts.setdefault(number, Draft(number, row))
        for column in HEAD:
            if row.get(column) != draft.head.get(column):
                problems.append(
                    Problem(
                        row.number,
                        column,
                        _shown(row.get(column)),
                        f"与第 {draft.head.number} 行不一致（{_shown(draft.head.get(column)) or '空白'}）："
                        f"采购编号 {number} 的各行{column}应相同",
                    )
                )
        draft.rows.append(row)
    return drafts


def _shown(value: Any) -> str:
    for choices in (Channel, Status):
        if value in choices.values:
            return str(choices(value).label)
    return "" if value is None else str(value)


def _check(draft: Draft, known: Known) -> Iterator[Problem]:
    """Each row by itself, and the purchase against what is stored under its number."""
    head = draft.head
    code = head.get("单位编码")
    draft.unit = known.units.get(code or "")
    if code and draft.unit is None:
        yield Problem(head.number, "单位编码", code, "没有这个编码的单位，请先导入单位或核对编码")
    if head.get("发票代码") and not head.get("发票号码"):
        yield Problem(head.number, "发票号码", "", "填了发票代码，请补上发票号码")
    for row in draft.rows:
        yield from _check_row(row, bool(head.get("原采购编号")), known)
    stored = known.purchases.get(draft.number)
    if stored is not None and draft.unit is not None and stored.unit_id != draft.unit.pk:
        yield Problem(
            head.number, "采购编号", draft.number, "已用于另一单位的采购，采购编号不能重复，请换一个编号"
        )


def _check_row(row: Row, refund: bool, known: Known) -> Iterator[Problem]:
    problem = partial(Problem, row.number)
    region, use, holiday = row.get("产地"), row.get("用途"), row.get("法定节日")
    if region and region not in known.regions:
        yield problem("产地", region, f"没有这个产地，{suggestion(region, known.regions)}")
    if use == Use.UNION_HOLIDAY and not holiday:
        yield problem("法定节日", "", f"用途为工会节日慰问，应填 {'、'.join(Holiday.labels)} 之一")
    if holiday and use and use != Use.UNION_HOLIDAY:
        yield problem(
            "法定节日", Holiday(holiday).label, "只有用途为工会节日慰问才填法定节日，请清空或改用途"
        )
    amount, overlap = row.get("金额"), row.get("其中已登记金额")
    if amount is None:
        return
    if amount == 0:
        yield problem("金额", "0", "金额不能为 0")
    elif refund and amount > 0:
        yield problem("金额", str(amount), f"填了原采购编号即为退货，金额应为负数，如 -{amount}")
    elif not refund and amount < 0:
        yield problem("金额", str(amount), "金额为负数的是退货，请填写原采购编号")
    if overlap:
        if use and use != Use.COMMERCE:
            yield problem("其中已登记金额", str(overlap), "只有用途为商务帮扶才填其中已登记金额")
        elif (overlap > 0) != (amount > 0) or abs(overlap) > abs(amount):
            yield problem("其中已登记金额", str(overlap), f"应在 0 与金额 {amount} 之间")


def _refunds(drafts: dict[str, Draft], known: Known) -> Iterator[Problem]:
    """A refund names a purchase of its unit in this file or stored; together they may not exceed it."""
    by_original: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts.values():
        if number := draft.head.get("原采购编号"):
            by_original[number].append(draft)
    for number, refunds in by_original.items():
        original, stored = drafts.get(number), known.purchases.get(number)
        problem = partial(Problem, column="原采购编号", value=number)
        if original is None and stored is None:
            yield from (
                problem(row=draft.head.number, message="没有这个采购编号，请核对") for draft in refunds
            )
            continue
        unit_id = (
            original.unit.pk if original and original.unit else stored.unit_id if stored else None
        )  # the file's word goes before the stored one: it is about to replace it
        state = original.status if original else stored.status if stored else ""
        is_refund = bool(original.head.get("原采购编号")) if original else bool(stored and stored.is_refund)
        for draft in refunds:
            if draft.number == number:
                yield problem(row=draft.head.number, message="不能是本采购自己")
            elif is_refund:
                yield problem(row=draft.head.number, message="原采购本身是退货，不能再退")
            elif draft.unit is not None and unit_id is not None and draft.unit.pk != unit_id:
                yield problem(row=draft.head.number, message="原采购不是本单位的采购，请核对")
            elif draft.status == Status.APPROVED and state != Status.APPROVED:
                yield problem(row=draft.head.number, message="原采购尚未核准，退货不能先核准")
        bought = _bought(original, stored)
        back = -sum((draft.total for draft in refunds if draft.live and _summable(draft)), ZERO)
        if stored is not None:
            names = [draft.number for draft in refunds]
            others = PurchaseLine.objects.filter(
                purchase__original=stored, purchase__status__in=sorted(LIVE)
            ).exclude(purchase__number__in=names)
            back -= others.aggregate(total=Sum("amount"))["total"] or ZERO
        if bought is not None and back > bought:
            yield problem(
                row=refunds[-1].head.number,
                message=f"退货合计 {yuan_display(back)} 元超过原采购的 {yuan_display(bought)} 元",
            )


def _summable(draft: Draft) -> bool:
    return all(row.get("金额") is not None for row in draft.rows)


def _bought(original: Draft | None, stored: Purchase | None) -> Decimal | None:
    if stored is not None and stored.status == Status.APPROVED:
        return stored.lines.aggregate(total=Sum("recognised"))["total"] or ZERO
    if original is not None:
        return original.total if _summable(original) else None
    assert stored is not None
    return stored.lines.aggregate(total=Sum("amount"))["total"] or ZERO


def _invoices(drafts: dict[str, Draft]) -> Iterator[Problem]:
    """An invoice counts once: in this file, and in the whole system."""
    held: dict[str, Draft] = {}
    for draft in drafts.values():
        if not draft.live or not draft.identity:
            continue
        first = held.setdefault(draft.identity, draft)
        if first is not draft:
            yield Problem(
                draft.head.number,
                "发票号码",
                draft.head.get("发票号码"),
                f"与第 {first.head.number} 行采购 {first.number} 是同一张发票，一张发票只能计入一次",
            )
    wanted = sorted(held)
    for start in range(0, len(wanted), 500):
        others = Receipt.objects.filter(live=True, identity__in=wanted[start : start + 500])
        for number, used in others.values_list("purchase__number", "identity"):
            draft = held[used]
            if number != draft.number:
                yield Problem(
                    draft.head.number,
                    "发票号码",
                    draft.head.get("发票号码"),
                    f"这张发票已用于采购 {number}，一张发票只能计入一次",
                )


def _rights(drafts: dict[str, Draft], by: Any) -> None:
    """Clerks load for their own units and without 状态; the bureau loads for all."""
    if by is None or Scope.of(by).has(Role.BUREAU):
        return
    own = set(Scope.of(by).recordable().values_list("pk", flat=True))
    for draft in drafts.values():
        assert draft.unit is not None
        if draft.unit.pk not in own:
            raise NotAllowed(f"第 {draft.head.number} 行：您没有为单位 {draft.unit.code} 登记采购的权限")
        if draft.head.get("状态"):
            raise NotAllowed(f"第 {draft.head.number} 行：只有市商务局可以在导入时填写状态，请清空“状态”列")


def _store(drafts: dict[str, Draft], known: Known, *, by: Any, notices: list[str]) -> Report:
    report, problems = Report("采购", notices=notices), []
    new: list[Draft] = []
    changed: list[Draft] = []
    stored_lines = _stored_lines([p.pk for number, p in known.purchases.items() if number in drafts])
    for draft in drafts.values():
        stored = known.purchases.get(draft.number)
        if stored is None:
            new.append(draft)
        elif _same(draft, stored, stored_lines.get(stored.pk, [])):
            if _moved_on(draft.status, stored.status):
                report.unchanged += 1
            else:
                changed.append(draft)
        elif stored.status not in (Status.DRAFT, Status.SUBMITTED, Status.RETURNED):
            problems.append(
                Problem(
                    draft.head.number,
                    "采购编号",
                    draft.number,
                    f"系统中这笔采购为“{stored.get_status_display()}”且内容不同，不能覆盖；"
                    "如需更正请先撤销核准，或换一个编号",
                )
            )
        else:
            changed.append(draft)
    problems += [
        Problem(
            draft.head.number,
            "状态",
            _shown(draft.status),
            f"系统中这笔采购已为“{known.purchases[draft.number].get_status_display()}”，不能改回",
        )
        for draft in changed
        if known.purchases[draft.number].status not in (Status.DRAFT, Status.SUBMITTED, Status.RETURNED)
    ]
    if problems:
        raise Rejected(problems)
    report.created, report.updated = len(new), len(changed)
    _write(new, changed, known, by)
    return report


def _stored_lines(ids: list[int]) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for start in range(0, len(ids), 500):
        lines = PurchaseLine.objects.filter(purchase__in=ids[start : start + 500]).order_by("position")
        for pk, *line in lines.values_list(
            "purchase",
            "use",
            "holiday",
            "region__name",
            "product_name",
            "quantity",
            "measure",
            "amount",
            "overlap",
        ):
            found[pk].append(tuple(line))
    return found


def _same(draft: Draft, stored: Purchase, lines: list[tuple[Any, ...]]) -> bool:
    """Whether what is stored says what the workbook says, the status aside."""
    invoices = {receipt.identity for receipt in stored.receipts.all() if receipt.identity}
    original = stored.original.number if stored.original else ""
    assert stored.supplier is not None
    head = (stored.purchase_date, stored.supplier.name, stored.channel, original)
    wanted = tuple(draft.head.get(c) or "" for c in ("采购日期", "供应商", "采购渠道", "原采购编号"))
    if head != wanted or (draft.identity and draft.identity not in invoices):
        return False
    rows = [
        (
            row.get("用途"),
            row.get("法定节日") or "",
            row.get("产地"),
            row.get("产品名称"),
            row.get("数量"),
            row.get("计量单位") or "",
            row.get("金额"),
            row.get("其中已登记金额") or ZERO,
        )
        for row in draft.rows
    ]
    return rows == lines


ORDER = {Status.DRAFT: 0, Status.RETURNED: 0, Status.SUBMITTED: 1, Status.APPROVED: 2}


def _moved_on(wanted: str, stored: str) -> bool:
    """A purchase that has gone further than the workbook says stays where it is."""
    if wanted == stored:
        return True
    if wanted == Status.RETURNED or stored not in ORDER:
        return False
    return ORDER[Status(stored)] > ORDER[Status(wanted)]


def _write(new: list[Draft], changed: list[Draft], known: Known, by: Any) -> None:
    """Write all of it: heads, lines, invoices, sums and the audit entry, in the caller's transaction."""
    everything = new + changed
    require_open({draft.head.get("采购日期").year for draft in everything})
    suppliers = _named(Supplier, {draft.head.get("供应商") for draft in everything})
    products = _named(Product, {row.get("产品名称") for draft in everything for row in draft.rows})
    now = timezone.now()
    purchases: dict[str, Purchase] = {}
    for draft in everything:
        purchase = known.purchases.get(draft.number) or Purchase(number=draft.number, recorded_by=by)
        assert draft.unit is not None
        purchase.unit = draft.unit
        purchase.purchase_date = draft.head.get("采购日期")
        purchase.invoice_date = None
        purchase.date = purchase.purchase_date
        purchase.supplier = suppliers[draft.head.get("供应商")]
        purchase.channel = draft.head.get("采购渠道")
        purchase.status = draft.status
        purchase.version += 0 if purchase.pk is None else 1
        if draft.live:
            purchase.submitted_by, purchase.submitted_at = by, now
        if draft.status in (Status.APPROVED, Status.RETURNED):
            purchase.decided_by, purchase.decided_at = by, now
        purchase.returned_reason = "导入时标为已退回" if draft.status == Status.RETURNED else ""
        purchases[draft.number] = purchase
    first = [purchases[draft.number] for draft in new if not draft.head.get("原采购编号")]
    Purchase.objects.bulk_create(first, batch_size=500)
    refunds = [purchases[draft.number] for draft in new if draft.head.get("原采购编号")]
    for draft in everything:
        if number := draft.head.get("原采购编号"):
            purchases[draft.number].original = purchases.get(number) or known.purchases[number]
        else:
            purchases[draft.number].original = None
    Purchase.objects.bulk_create(refunds, batch_size=500)
    for draft in changed:
        purchases[draft.number].save()
    old = [purchases[draft.number].pk for draft in changed]
    PurchaseLine.objects.filter(purchase__in=old).delete()
    Receipt.objects.filter(purchase__in=old, file=None).delete()
    lines = [
        _line(row, place, purchases[draft.number], known.regions, products)
        for draft in everything
        for place, row in enumerate(draft.rows, start=1)
    ]
    _enter_approved(lines)
    PurchaseLine.objects.bulk_create(lines, batch_size=1000)
    _invoice_receipts(everything, purchases, by)
    note([purchase for purchase in purchases.values() if purchase.status == Status.SUBMITTED])
    if everything:
        _record(new, changed, by)


def _record(new: list[Draft], changed: list[Draft], by: Any) -> None:
    everything = new + changed
    audit.record(
        "导入采购",
        by=by,
        subject="采购",
        created=len(new),
        updated=[draft.number for draft in changed],
        approved=[draft.number for draft in everything if draft.status == Status.APPROVED],
        total=str(sum((draft.total for draft in everything), ZERO)),
    )


def _named(model: Any, names: set[str]) -> dict[str, Any]:
    """Rows of a catalogue by name, the missing ones made."""
    found = {row.name: row for row in model.objects.all()}
    missing = sorted(names - found.keys())
    model.objects.bulk_create([model(name=each) for each in missing], batch_size=500)
    if missing:
        found = {row.name: row for row in model.objects.all()}
    return found


def _line(
    row: Row, place: int, purchase: Purchase, regions: dict[str, Region], products: dict[str, Product]
) -> PurchaseLine:
    return PurchaseLine(
        purchase=purchase,
        position=place,
        use=row.get("用途"),
        holiday=row.get("法定节日") or "",
        region=regions[row.get("产地")],
        product_name=row.get("产品名称"),
        product=products[row.get("产品名称")],
        quantity=row.get("数量"),
        measure=row.get("计量单位") or "",
        amount=row.get("金额"),
        overlap=row.get("其中已登记金额") or ZERO,
    )


def _enter_approved(lines: list[PurchaseLine]) -> None:
    approved = [line for line in lines if line.purchase.status == Status.APPROVED]
    for line in approved:
        workflow.recognise(line, None)
    workflow.enter(approved)


def _invoice_receipts(drafts: list[Draft], purchases: dict[str, Purchase], by: Any) -> None:
    """Hold the invoices named in the workbook, also where no file came with them yet."""
    receipts = []
    for draft in drafts:
        purchase, held = purchases[draft.number], draft.identity
        with_file = (
            Receipt.objects.filter(purchase=purchase) if purchase.version > 1 else Receipt.objects.none()
        )
        with_file.update(live=draft.live)
        if held and not with_file.filter(identity=held).exists():
            receipts.append(
                Receipt(
                    unit=purchase.unit,
                    purchase=purchase,
                    kind=ReceiptKind.INVOICE,
                    invoice_code=draft.head.get("发票代码") or "",
                    invoice_number=draft.head.get("发票号码") or "",
                    identity=held,
                    live=draft.live,
                    uploaded_by=by,
                )
            )
    try:
        with transaction.atomic():
            Receipt.objects.bulk_create(receipts, batch_size=500)
    except IntegrityError as error:
        raise Refused(
            "表中有发票刚刚被其他采购使用，一张发票只能计入一次；请重新导入以查看是哪一张"
        ) from error

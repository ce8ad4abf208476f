"""Originals named by 采购编号 or 发票号码 go to the purchases that a workbook named; no figure changes by it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from cixi_xiezuo.errors import Refused
from procurement import inbox, reading
from procurement.choices import Reading, ReceiptKind, Status
from procurement.extraction import InvoiceData
from procurement.models import Purchase, Receipt
from tests.factories import make_user
from tests.procurement.imports.test_runs import bureau, confirmed, start
from tests.procurement.test_unpacking import pdf, upload, zipped
from tests.workbooks import PURCHASES, purchase, records
from units.models import Role, Unit
from units.years import YearLock

__all__ = ["bureau"]
pytestmark = pytest.mark.usefixtures("city")
FIRST, SECOND = "44031900111130001234", "44031900111130005678"
ROWS = (
    purchase("P-2021-1", "S01", 发票号码=FIRST),
    purchase("P-2021-2", "S01", 发票号码=SECOND),
    purchase("P-2021-3", "S01", 状态="草稿"),
)


@pytest.fixture
def imported(bureau):
    return confirmed(start(bureau, records(PURCHASES, *ROWS)))


@pytest.fixture(autouse=True)
def unread(monkeypatch) -> None:
    monkeypatch.setattr("procurement.inbox.enqueue", lambda task, pk: None)


def test_a_zip_named_by_number_brings_each_purchase_its_original(imported, client) -> None:
    client.force_login(imported.owner)
    data = zipped(
        ("P-2021-1 大米.pdf", pdf(1)),
        (f"发票/{SECOND}.pdf", pdf(2)),
        ("P-2021-3/照片.pdf", pdf(3)),
        ("别的.pdf", pdf(4)),
    )
    told = client.post(reverse("import_receipts", args=[imported.pk]), {"files": upload(data)}, follow=True)
    page = told.content.decode()
    assert "已收到 3 个原件，归入 3 笔采购" in page
    assert "“别的.pdf”没有保存：文件名和文件夹名里没有这些采购的编号" in page
    kept = Receipt.objects.exclude(file=None).values_list("purchase__number", "invoice_number", "name")
    assert set(kept) == {
        ("P-2021-1", FIRST, "P-2021-1 大米.pdf"),
        ("P-2021-2", SECOND, f"{SECOND}.pdf"),
        ("P-2021-3", "", "照片.pdf"),
    }
    assert not Receipt.objects.filter(file=None).exists()
    again = client.post(reverse("import_receipts", args=[imported.pk]), {"files": upload(data)}, follow=True)
    assert Receipt.objects.count() == 3
    assert "P-2021-1 大米.pdf”没有保存：采购 P-2021-1 为“已核准”" in again.content.decode()


def test_what_is_read_of_an_original_does_not_change_the_invoice_that_counts(imported) -> None:
    school = Unit.objects.get(code="S01")
    [outcome] = inbox.receive([upload(pdf(1), "P-2021-1.pdf")], school, None)
    reading._finish(outcome.receipt.pk, InvoiceData(kind="invoice", invoice_number="99990000111122223333"))
    receipt = Receipt.objects.get(pk=outcome.receipt.pk)
    assert (receipt.identity, receipt.live, receipt.kind) == (FIRST, True, ReceiptKind.INVOICE)
    assert receipt.reading == Reading.READ
    assert "请核对是否传错" in receipt.data["problems"][0] and receipt.data["other_paper"]
    assert receipt.purchase.status == Status.APPROVED


def test_an_approved_purchase_takes_no_second_paper_and_a_closed_year_none(imported) -> None:
    mine = Purchase.objects.all()
    [first] = inbox.receive_named([upload(pdf(1), "P-2021-1.pdf")], mine, None)
    [second] = inbox.receive_named([upload(pdf(2), "P-2021-1.pdf")], mine, None)
    assert first.receipt and "已有原件的不再增加" in second.refusal
    YearLock.objects.create(year=2021, locked_by="bureau", locked_at="2022-01-10T00:00:00+08:00")
    [late] = inbox.receive_named([upload(pdf(3), "P-2021-2.pdf")], mine, None)
    assert "封账" in late.refusal
    assert Receipt.objects.exclude(file=None).count() == 1


def test_a_clerk_brings_originals_for_the_own_unit_alone(imported, client) -> None:
    other = make_user("other", Role.CLERK, Unit.objects.exclude(code="S01").first())
    [outcome] = inbox.receive([upload(pdf(1), "P-2021-1.pdf")], other.memberships.get().unit, other)
    assert outcome.receipt.purchase is None
    client.force_login(other)
    assert client.post(reverse("import_receipts", args=[imported.pk])).status_code == 404
    many = zipped(*[(f"P-2021-1/{n}.pdf", pdf(n)) for n in range(51)])
    with pytest.raises(Refused, match="一次最多"):
        inbox.receive_named([upload(many)], Purchase.objects.all(), None)

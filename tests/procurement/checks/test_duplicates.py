"""The same invoice, the same file, the same purchase."""

from procurement.checks import Level
from procurement.choices import Status
from tests.factories import line, make_purchase, make_unit
from units.kinds import Kind


def test_it_blocks_an_invoice_that_another_purchase_holds(town, doubts):
    first = make_purchase(town, invoice_number="00000042", status=Status.SUBMITTED)
    again = make_purchase(town, invoice_number="00000042", status=Status.DRAFT, date="2021-07-01")
    [doubt] = doubts(again, "duplicate_invoice")
    assert doubt.level == Level.BLOCK and doubt.other == first.pk
    assert first.number in doubt.message


def test_it_blocks_a_file_that_another_purchase_holds(town, doubts):
    first = make_purchase(town, receipt=b"%PDF one", status=Status.APPROVED)
    again = make_purchase(town, receipt=b"%PDF one", status=Status.DRAFT, date="2021-07-01")
    other = make_purchase(town, receipt=b"%PDF two", status=Status.DRAFT, date="2021-07-02")
    [doubt] = doubts(again, "duplicate_file")
    assert doubt.level == Level.BLOCK and doubt.other == first.pk
    assert not doubts(other, "duplicate_file")


def test_it_says_a_doubled_invoice_once_though_the_file_is_the_same_too(town, doubts):
    make_purchase(town, receipt=b"%PDF one", invoice_number="00000042")
    again = make_purchase(
        town, receipt=b"%PDF one", invoice_number="00000042", status=Status.DRAFT, date="2021-07-01"
    )
    assert doubts(again, "duplicate_invoice") and not doubts(again, "duplicate_file")


def test_a_draft_holds_neither_its_file_nor_its_invoice(town, doubts):
    make_purchase(town, receipt=b"%PDF one", invoice_number="00000042", status=Status.DRAFT)
    again = make_purchase(town, receipt=b"%PDF one", invoice_number="00000042", status=Status.DRAFT)
    assert not doubts(again, "duplicate_file") and not doubts(again, "duplicate_invoice")


def test_it_does_not_name_another_unit(town, doubts):
    make_purchase(make_unit("S01", Kind.SCHOOL, "无名小学"), receipt=b"%PDF one")
    again = make_purchase(town, receipt=b"%PDF one", status=Status.DRAFT, date="2021-07-01")
    [doubt] = doubts(again, "duplicate_file")
    assert "学校" in doubt.message and "无名小学" not in doubt.message


def test_it_warns_of_the_same_day_supplier_and_amount(town, doubts):
    first = make_purchase(town, line("60.00"), line("40.00"))
    again = make_purchase(town, line("100.00"), status=Status.DRAFT)
    [doubt] = doubts(again, "same_purchase")
    assert doubt.level == Level.WARN and doubt.other == first.pk


def test_another_amount_day_or_supplier_is_no_twin(town, doubts):
    make_purchase(town, line("100.00"))
    for change in ({"date": "2021-06-02"}, {"supplier": "衢州供应链公司"}):
        other = make_purchase(town, line("100.00"), status=Status.DRAFT, **change)
        assert not doubts(other, "same_purchase")
    assert not doubts(make_purchase(town, line("100.01"), status=Status.DRAFT), "same_purchase")

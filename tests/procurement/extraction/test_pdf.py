"""Drawn PDFs in every layout: by QR code and text, by text alone, turned, scanned, and when sources disagree."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pypdfium2
import pytest

from assessment.demo.invoices import make_invoice_pdf, make_xml
from procurement.extraction import read
from tests.procurement.extraction.specs import CLASSIC, DIGITAL, LAYOUTS, differences


def saved(document: pypdfium2.PdfDocument) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("qr", [True, False], ids=["qr", "text"])
def test_it_reads_every_layout_exactly(name: str, qr: bool) -> None:
    spec, layout = LAYOUTS[name]
    data = read(make_invoice_pdf(spec, layout, qr=qr))
    assert differences(data, spec) == {}
    assert data.problems == ()
    assert (data.format, data.kind) == ("pdf", "invoice")
    assert data.source["invoice_number"] == ("qr" if qr else "text")
    assert data.source["seller_name"] == "text"


def test_the_same_spec_gives_the_same_bytes() -> None:
    assert make_invoice_pdf(DIGITAL) == make_invoice_pdf(DIGITAL)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_it_reads_a_page_that_is_turned(turn: int) -> None:
    document = pypdfium2.PdfDocument(make_invoice_pdf(DIGITAL))
    document[0].set_rotation(turn)
    assert differences(read(saved(document)), DIGITAL) == {}


def test_it_says_when_the_qr_code_and_the_text_disagree() -> None:
    wrong = DIGITAL.qr.replace(str(DIGITAL.total), "9999.00").replace("20210630", "20210629")
    data = read(make_invoice_pdf(replace(DIGITAL, qr_text=wrong)))
    assert (data.total, data.source["total"]) == (Decimal("9999.00"), "qr")
    assert data.issue_date == date(2021, 6, 29)
    assert data.confidence["total"] <= 0.5
    assert "价税合计不一致：二维码为 9999.00，票面文字为 3597.00，以二维码为准。" in data.problems
    assert "开票日期不一致：二维码为 2021-06-29，票面文字为 2021-06-30，以二维码为准。" in data.problems


def test_the_qr_code_of_an_old_type_gives_the_amount_without_tax() -> None:
    data = read(make_invoice_pdf(CLASSIC, "classic"))
    assert (data.source["amount"], data.source["total"]) == ("qr", "text")


def test_attached_xml_is_trusted_most_and_still_compared() -> None:
    document = pypdfium2.PdfDocument(make_invoice_pdf(DIGITAL))
    other = replace(DIGITAL, seller=replace(DIGITAL.seller, name="另一家合作社"))
    document.new_attachment("invoice.xml").set_data(make_xml(other))
    data = read(saved(document))
    assert (data.seller_name, data.source["seller_name"]) == ("另一家合作社", "xml")
    assert [problem for problem in data.problems if problem.startswith("销售方名称不一致")]


def test_it_reads_the_qr_code_of_a_scan_and_says_what_is_missing() -> None:
    page = pypdfium2.PdfDocument(make_invoice_pdf(DIGITAL))[0].render(scale=2).to_pil().convert("L")
    out = io.BytesIO()
    page.rotate(2, fillcolor=255).save(out, "PDF")
    data = read(out.getvalue())
    assert (data.invoice_number, data.total, data.kind) == (DIGITAL.number, DIGITAL.total, "invoice")
    assert "PDF 是扫描件，只读到二维码中的内容，其余请补填。" in data.problems
    assert "没有读到销售方名称，请补填。" in data.problems


def test_it_says_that_a_file_holds_several_invoices() -> None:
    document = pypdfium2.PdfDocument(make_invoice_pdf(DIGITAL))
    other = replace(DIGITAL, number="24512000000099999999")
    document.import_pages(pypdfium2.PdfDocument(make_invoice_pdf(other)))
    data = read(saved(document))
    assert differences(data, DIGITAL) == {}
    assert data.problems == (
        "文件里有 2 张发票（24512000000012345678、24512000000099999999），只读了第一张，请拆开上传。",
    )


def test_an_invoice_behind_a_cover_page_is_found() -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    document.import_pages(pypdfium2.PdfDocument(make_invoice_pdf(DIGITAL)))
    data = read(saved(document))
    assert differences(data, DIGITAL) == {}
    assert (data.problems, data.source["total"]) == ((), "qr")

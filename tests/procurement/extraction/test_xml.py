"""XML as careless writers leave it, the QR text, the checks, and the record itself."""

import io
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from assessment.demo.invoices import make_ofd, make_xml
from procurement.extraction import InvoiceData, read
from procurement.extraction.qr import parse_qr
from procurement.extraction.xmltree import parse_xml, value
from tests.procurement.extraction.specs import DIGITAL, differences

SAMPLES = Path(__file__).parents[2] / "samples"
XML = make_xml(DIGITAL)
CARELESS = {
    "byte-order mark": b"\xef\xbb\xbf" + XML,
    "utf-16": XML.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
    "gbk": XML.decode().replace("UTF-8", "GBK").encode("gbk"),
    "blank lines first": b"\n\n  " + XML,
    "undeclared prefix": XML.replace(b"<EInvoice>", b'<:EInvoice xmlns:="">').replace(
        b"</EInvoice>", b"</:EInvoice>"
    ),
    "another prefix": XML.replace(b"<SellerName>", b"<inv:SellerName>").replace(
        b"</SellerName>", b"</inv:SellerName>"
    ),
    "control characters": XML.replace(b"<Header>", b"<Header>\x01\x0b"),
    "bare ampersand": XML.replace(b"<Header>", b"<Header><Note>a & b</Note>"),
}


@pytest.mark.parametrize("name", CARELESS)
def test_it_reads_careless_xml(name: str) -> None:
    data = read(CARELESS[name])
    assert differences(data, DIGITAL) == {}
    assert data.problems == ()


def test_the_real_tag_file_with_an_undeclared_namespace_is_read() -> None:
    with zipfile.ZipFile(SAMPLES / "e-invoice-2020-hotel.ofd") as archive:
        content = archive.read("Doc_0/Tags/CustomTag.xml")
    assert b"<:eInvoice xmlns:=" in content
    root = parse_xml(content)
    assert value(root, "ObjectRef") == "64"


def test_a_value_that_makes_no_sense_is_said_and_left_out() -> None:
    data = read(XML.replace(b">3597.00<", b">3597.005<").replace(b">2021-06-30<", b">2021-02-30<"))
    assert data.total is None
    assert "XML中的价税合计“3597.005”读不懂。" in data.problems
    assert "没有读到价税合计，请补填。" in data.problems


def test_sums_that_do_not_add_up_are_said() -> None:
    data = read(XML.replace(b"<TotalTaxAm>297.00", b"<TotalTaxAm>298.00"))
    assert "价税合计 3597.00 不等于不含税金额 3300.00 加税额 298.00。" in data.problems
    assert "明细的税额合计 297.00 不等于票面税额 298.00。" in data.problems
    assert data.confidence["total"] <= 0.5


def test_a_wrong_check_digit_is_said() -> None:
    wrong = replace(DIGITAL, seller=replace(DIGITAL.seller, id="93513431MA62000010"))
    problem = "销售方统一社会信用代码 93513431MA62000010 的校验位不对，请核对。"
    assert read(make_xml(wrong)).problems == (problem,)


def test_the_text_on_the_page_of_an_ofd_is_compared_with_its_data() -> None:
    with zipfile.ZipFile(SAMPLES / "e-invoice-2020-hotel.ofd") as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    name = "Doc_0/Attachs/original_invoice.xml"
    parts[name] = parts[name].replace(b">526.00<", b">926.00<")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for entry, content in parts.items():
            archive.writestr(entry, content)
    data = read(out.getvalue())
    assert data.total == Decimal("926.00")
    assert "价税合计不一致：OFD内嵌XML为 926.00，票面文字为 526.00，以OFD内嵌XML为准。" in data.problems
    assert "价税合计大写为 526.00，与 926.00 不一致（票面文字）。" in data.problems


def test_the_amount_of_a_qr_code_means_what_its_type_says() -> None:
    old = parse_qr("01,10,033002000211,83089647,510.68,20200723,16197833567414507415,0941,")
    assert old is not None
    assert old.fields == {
        "invoice_type": "10",
        "invoice_code": "033002000211",
        "invoice_number": "83089647",
        "issue_date": date(2020, 7, 23),
        "amount": Decimal("510.68"),
        "check_code": "16197833567414507415",
    }
    new = parse_qr("01,32,,23442000000014209621,112,20230215,,74AE")
    assert new is not None
    assert new.fields == {
        "invoice_type": "32",
        "invoice_number": "23442000000014209621",
        "issue_date": date(2023, 2, 15),
        "total": Decimal("112.00"),
    }
    assert parse_qr("https://example.invalid/?a=1,2,3,4,5,6") is None
    assert parse_qr("01,99,123456789012,12345678,5.00,20200101,,") is not None
    assert "amount" not in (parse_qr("01,99,123456789012,12345678,5.00,20200101,,") or new).fields


def test_an_identity_is_the_same_however_it_is_typed() -> None:
    assert (
        InvoiceData(invoice_code="０３３００２０００２１１", invoice_number=" 8308 9647 ").identity
        == "03300200021183089647"
    )
    assert (
        InvoiceData(invoice_code="033002000211", invoice_number="24112000000048542163").identity
        == "24112000000048542163"
    )
    assert InvoiceData(invoice_code="033002000211").identity == ""


def test_a_zip_with_one_invoice_is_read_and_with_two_is_said() -> None:
    def zipped(**entries: bytes) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, content in entries.items():
                archive.writestr(name.replace("_", "."), content)
        return out.getvalue()

    assert read(zipped(a_xml=XML)).identity == DIGITAL.number
    assert read(zipped(a_ofd=make_ofd(DIGITAL))).format == "ofd"
    other = make_xml(replace(DIGITAL, number="24512000000099999999"))
    assert any("2 张" in problem for problem in read(zipped(a_xml=XML, b_xml=other)).problems)

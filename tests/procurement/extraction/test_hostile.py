"""Bad files: one sentence each, no exception, nothing fetched, nothing unpacked past the limits."""

import io
import socket
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from assessment.demo.invoices import make_invoice_pdf, make_ofd, make_xml
from procurement.extraction import InvoiceData, limits, read, run_limited
from tests.procurement.extraction.specs import DIGITAL, differences

SAMPLE = (Path(__file__).parents[2] / "samples" / "e-invoice-2020-hotel.ofd").read_bytes()


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("the reader opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def zipped(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def picture(size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    Image.new("1", size, 1).save(out, "PNG")
    return out.getvalue()


XXE = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<EInvoice><TaxSupervisionInfo><InvoiceNumber>&x;</InvoiceNumber></TaxSupervisionInfo></EInvoice>"""
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]><EInvoice>&c;</EInvoice>'
BAD = {
    "empty": b"",
    "words": "这不是发票".encode(),
    "zeros": bytes(4096),
    "html": b"<html><body>404</body></html>",
    "pdf header only": b"%PDF-1.7\n",
    "pdf cut": make_invoice_pdf(DIGITAL)[:700],
    "zip cut": SAMPLE[:5000],
    "zip empty": zipped({}),
    "zip of text": zipped({"a.txt": b"x"}),
    "zip bomb": zipped({"OFD.xml": bytes(40_000_000)}),
    "many entries": zipped({f"OFD.xml{n}": b"" for n in range(limits.MAX_ENTRIES + 1)}),
    "large unpacked": zipped({f"OFD.xml{n}": bytes(1_000_000) for n in range(60)}),
    "xml cut": make_xml(DIGITAL)[:300],
    "xml of something else": b"<note><to>you</to></note>",
    "xxe": XXE,
    "laughs": LAUGHS,
    "ofd with xxe": zipped({"OFD.xml": XXE}),
    "ofd without parts": zipped(
        {"OFD.xml": b"<OFD><DocBody><DocRoot>Doc_0/Document.xml</DocRoot></DocBody></OFD>"}
    ),
    "png cut": picture((100, 100))[:60],
    "png giant": picture((9000, 9000)),
    "jpeg header only": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "deep xml": b"<a>" * 50_000 + b"</a>" * 50_000,
    "too large": b"%PDF-" + bytes(limits.MAX_FILE),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_gives_a_sentence_and_no_exception(name: str) -> None:
    data = read(BAD[name], name)
    assert data.kind == "unknown"
    assert data.problems
    assert all("\u4e00" <= problem[-2] <= "\u9fff" or problem[-1] in "。）" for problem in data.problems)
    assert "root:" not in repr(data)


@pytest.mark.parametrize("cut", range(0, len(SAMPLE), 997))
def test_an_ofd_cut_anywhere_is_survived(cut: int) -> None:
    assert read(SAMPLE[:cut]).problems


def test_names_that_climb_out_are_not_read() -> None:
    entries = {"../evil.xml": make_xml(DIGITAL), "/etc/evil.xml": make_xml(DIGITAL)}
    data = read(zipped(entries))
    assert data.invoice_number == ""
    assert any("不安全" in problem for problem in data.problems)


def test_a_missing_part_of_an_ofd_costs_only_that_part() -> None:
    with zipfile.ZipFile(io.BytesIO(SAMPLE)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    del parts["Doc_0/Attachs/Attachments.xml"], parts["Doc_0/Document.xml"], parts["OFD.xml"]
    parts["Doc_0/OFD.xml.bak"] = b""
    data = read(zipped(parts))
    assert (data.identity, data.seller_name) == ("03300200021183089647", "兰溪市悦济舫餐厅")
    assert data.problems


@pytest.mark.own_start
def test_the_child_process_gives_the_same_record() -> None:
    pdf = make_invoice_pdf(DIGITAL)
    assert run_limited(pdf, "发票.pdf") == read(pdf, "发票.pdf")


@pytest.mark.own_start
def test_the_child_process_is_stopped_in_time() -> None:
    data = run_limited(make_invoice_pdf(DIGITAL), seconds=0.01)
    assert isinstance(data, InvoiceData)
    assert data.problems == ("读取超过 0.01 秒，已停止，请核对原文件或手工填写。",)


def test_a_generated_ofd_and_xml_read_back() -> None:
    for data in (
        read(make_ofd(DIGITAL)),
        read(make_xml(DIGITAL)),
        read(zipped({"a/b.xml": make_xml(DIGITAL)})),
    ):
        found = differences(data, DIGITAL)
        found.pop("invoice_type", None)
        assert found == {}
        assert data.problems == ()
        assert data.source["total"] == "xml"

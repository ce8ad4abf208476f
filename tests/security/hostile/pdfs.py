# ruff: noqa: E501 - objects and parts stand on one line, as in the files they make
"""PDFs that act, circle, swell or lie."""

from __future__ import annotations

import struct
import zlib

from assessment.demo.invoices import make_invoice_pdf
from tests.procurement.extraction.specs import DIGITAL
from tests.security.hostile import swollen
from tests.security.hostile.bait import Bait, Family
from tests.security.hostile.pdf import Pdf, packed, stream
from tests.security.hostile.zips import zipped

FAMILY = Family("pdf")
MB = 1024 * 1024
TEXT = b"BT /F1 20 Tf 50 700 Td (hello) Tj ET"


def _add(case: str, data: bytes) -> None:
    FAMILY.add(case, "发票.pdf", lambda bait: data)


def _acting(case: str, entry: str) -> None:
    """`entry` of the catalog, with PATH, URL and MARK filled in."""

    def make(bait: Bait) -> bytes:
        text = entry.replace("PATH", bait.path).replace("URL", bait.url).replace("MARK", bait.marker)
        return Pdf().page(TEXT).root(text).bytes()

    FAMILY.add(case, "发票.pdf", make)


_acting(
    "script on opening",
    "/OpenAction << /S /JavaScript /JS (app.launchURL\\('URLjs'\\); this.exportDataObject\\('MARK'\\)) >>",
)
_acting(
    "script with a name",
    "/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (app.alert\\(1\\)) >>] >> >>",
)
_acting("script by another spelling", "/OpenAction << /S /#4aavaScript /#4a#53 (app.alert\\(1\\)) >>")
_acting("script on closing", "/AA << /WC << /S /JavaScript /JS (app.alert\\(1\\)) >> >>")
_acting(
    "program",
    "/OpenAction << /S /Launch /F (/bin/touch) /Unix << /F (touch /tmp/MARK) >> /Win << /F (cmd.exe) >> >>",
)
_acting("address", "/OpenAction << /S /URI /URI (URLuri) >>")
_acting("form sent", "/OpenAction << /S /SubmitForm /F << /FS /URL /F (URLform) >> >>")
_acting("data fetched", "/OpenAction << /S /ImportData /F (PATH) >>")
_acting("another document", "/OpenAction << /S /GoToR /F (file://PATH) /D [0 /Fit] >>")
_acting("document within", "/OpenAction << /S /GoToE /F (PATH) /T << /R /C /N (MARK) >> >>")
_acting("film", "/OpenAction << /S /Rendition /R << /S /MR /C << /S /MCD /D (URLfilm) >> >> >>")
_acting(
    "a chain of 1000 actions",
    "/OpenAction " + "<< /S /Named /N /NextPage /Next " * 1000 + "null" + ">>" * 1000,
)
_acting(
    "XFA form with an entity",
    "/AcroForm << /XFA (<!DOCTYPE a [<!ENTITY x SYSTEM 'file://PATH'>]><xdp>&x;</xdp>) >>",
)
_acting("collection", "/Collection << /View /H /D (MARK) >>")
_acting("page labels in a circle", "/PageLabels << /Kids [1 0 R] >>")
_acting(
    "destinations in a circle", "/Names << /Dests << /Kids [1 0 R] >> /EmbeddedFiles << /Kids [1 0 R] >> >>"
)
_acting("outline in a circle", "/Outlines 1 0 R /First 1 0 R /Next 1 0 R /Last 1 0 R")
_acting("layers in a circle", "/OCProperties << /D << /Order [1 0 R [1 0 R]] >> /OCGs [1 0 R] >>")
_acting("deep array", "/X " + "[" * 50_000 + "]" * 50_000)
_acting("deep dictionary", "/X " + "<< /A " * 50_000 + "0" + ">>" * 50_000)
_acting("deep, not closed", "/X " + "[" * 100_000)
_acting("long name", "/" + "A" * 5 * MB + " 0")
_acting("long string", "/X (" + "A" * 5 * MB + ")")
_acting("string not closed", "/X (" + "(" * 100_000)


@FAMILY.file("content that is a file", "发票.pdf")
def _external(bait: Bait) -> bytes:
    pdf = Pdf()
    return pdf.page(b"<< /Length 0 /F (%s) >>\nstream\n\nendstream" % bait.path.encode()).bytes()


@FAMILY.file("content that is a web page", "发票.pdf")
def _fetched(bait: Bait) -> bytes:
    spec = f"<< /FS /URL /F ({bait.url}content) >>".encode()
    return Pdf().page(b"<< /Length 0 /F " + spec + b" >>\nstream\n\nendstream").bytes()


@FAMILY.file("a page of another file", "发票.pdf")
def _reference(bait: Bait) -> bytes:
    pdf = Pdf()
    form = pdf.add(
        stream(b"", f"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Ref << /F ({bait.path}) /Page 0 >>")
    )
    return pdf.page(b"/X Do", resources=f"/XObject << /X {form} 0 R >>").bytes()


@FAMILY.file("a program attached", "发票.pdf")
def _program(bait: Bait) -> bytes:
    return Pdf().page(TEXT).attach(f"../../{bait.marker}.exe", b"MZ" + bytes(5000)).bytes()


@FAMILY.file("30 things attached", "发票.pdf")
def _attached(bait: Bait) -> bytes:
    pdf = Pdf().page(TEXT)
    for number in range(30):
        pdf.attach(f"{number}.xml", b"<a>" * 1000)
    return pdf.bytes()


@FAMILY.file("400 MB attached", "发票.pdf")
def _swollen(bait: Bait) -> bytes:
    return Pdf().page(TEXT).attach("a.xml", swollen.compressed(bytes(MB), 400), packed_already=True).bytes()


@FAMILY.file("content of 600 MB", "发票.pdf")
def _content(bait: Bait) -> bytes:
    return Pdf().page(stream(swollen.compressed(bytes(MB), 600), "/Filter /FlateDecode")).bytes()


@FAMILY.file("packed five times over", "发票.pdf")
def _chain(bait: Bait) -> bytes:
    data = swollen.compressed(b"q " * MB, 80)
    for _ in range(4):
        data = zlib.compress(data, 9)
    return Pdf().page(stream(data, "/Filter [" + "/FlateDecode " * 5 + "]")).bytes()


@FAMILY.file("a million words drawn", "发票.pdf")
def _words(bait: Bait) -> bytes:
    return Pdf().page(packed(b"BT /F1 9 Tf " + b"1 1 Td (a) Tj " * 1_000_000 + b"ET")).bytes()


@FAMILY.file("a million lines drawn", "发票.pdf")
def _strokes(bait: Bait) -> bytes:
    return Pdf().page(packed(b"0 0 m 595 842 l S " * 1_000_000)).bytes()


@FAMILY.file("a path of a million points", "发票.pdf")
def _path(bait: Bait) -> bytes:
    points = b"".join(b"%d %d l " % (n * 7919 % 595, n * 104_729 % 842) for n in range(200_000))
    return Pdf().page(packed(b"0 0 m " + points + b"f*")).bytes()


@FAMILY.file("states pushed without end", "发票.pdf")
def _pushed(bait: Bait) -> bytes:
    return Pdf().page(packed(b"q " * 3_000_000)).bytes()


@FAMILY.file("text at the same spot", "发票.pdf")
def _stacked(bait: Bait) -> bytes:
    body = "购买方销售方价税合计发票号码".encode("utf-16-be").hex()
    font = (
        "/Font << /F2 << /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
        "/DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo "
        "<< /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>] >> >>"
    )
    content = b"BT /F2 9 Tf " + f"1 0 0 1 50 700 Tm <{body}> Tj ".encode() * 20_000 + b"ET"
    return Pdf().page(packed(content), resources=font).bytes()


def _tree(case: str, tree: str, *objects: bytes | str) -> None:
    pdf = Pdf()
    for body in objects:
        pdf.add(body)
    pdf.tree = tree
    _add(case, pdf.bytes())


_tree("a tree that holds itself", "<< /Type /Pages /Kids [2 0 R] /Count 1 >>")
_tree(
    "two trees that hold each other",
    "<< /Type /Pages /Kids [10 0 R] /Count 5 >>",
    "<< /Type /Pages /Kids [2 0 R] /Count 5 >>",
)
_tree("a billion pages", "<< /Type /Pages /Kids [] /Count 1000000000 >>")
_tree("pages below zero", "<< /Type /Pages /Kids [] /Count -5 >>")
_tree("no pages", "<< /Type /Pages /Kids [] /Count 0 >>")
_tree("no tree", "null")
_tree("a tree that is its catalog", "<< /Type /Catalog /Pages 2 0 R >>")
_tree(
    "20000 levels",
    "<< /Type /Pages /Kids [10 0 R] /Count 1 >>",
    *(f"<< /Type /Pages /Kids [{n} 0 R] /Count 1 >>" for n in range(11, 20_011)),
)


@FAMILY.file("5000 pages", "发票.pdf")
def _pages(bait: Bait) -> bytes:
    pdf = Pdf()
    for _ in range(5000):
        pdf.page(TEXT)
    return pdf.bytes()


@FAMILY.file("the same page 50000 times", "发票.pdf")
def _same_page(bait: Bait) -> bytes:
    pdf = Pdf().page(TEXT)
    pdf.pages *= 50_000
    return pdf.bytes()


def _boxed(case: str, media: str) -> None:
    pdf = Pdf()
    pdf.media = media
    _add(case, pdf.page(TEXT).bytes())


_boxed("a page of a million kilometres", "[0 0 1e12 1e12]")
_boxed("a page past every number", "[0 0 1e400 1e400]")
_boxed("a page without width", "[0 0 0 842]")
_boxed("a page below zero", "[595 842 -595 -842]")
_boxed("a page like a thread", "[0 0 1 14400000]")
_boxed("a page without a box", "null")
_boxed("a page whose box is a circle", "2 0 R")


def _drawn(case: str, body: bytes, kind: str = "XObject", call: bytes = b"/X Do") -> None:
    """A resource X, object 10, that a page draws."""
    pdf = Pdf()
    number = pdf.add(body)
    _add(case, pdf.page(call, resources=f"/{kind} << /X {number} 0 R >>").bytes())


OWN = "/Resources << /XObject << /X 10 0 R >> /Pattern << /X 10 0 R >> /Font << /X 10 0 R >> >>"
_drawn(
    "a form that draws itself",
    stream(b"/X Do /X Do /X Do", f"/Type /XObject /Subtype /Form /BBox [0 0 99 99] {OWN}"),
)
_drawn(
    "a pattern that fills itself",
    stream(
        b"/Pattern cs /X scn 0 0 9 9 re f",
        f"/PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep .01 /YStep .01 {OWN}",
    ),
    "Pattern",
    b"/Pattern cs /X scn 0 0 500 500 re f",
)
_drawn(
    "a letter that writes itself",
    f"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /FirstChar 97 /LastChar 97 /Widths [1] /Encoding << /Differences [97 /a] >> /CharProcs << /a 11 0 R >> {OWN} >>".encode(),
    "Font",
    b"BT /X 9 Tf (aaaa) Tj ET",
)
_drawn(
    "a picture of 60000 × 60000",
    packed(
        bytes(1000),
        "/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /ColorSpace /DeviceRGB /BitsPerComponent 8",
    ),
    call=b"500 0 0 500 0 0 cm /X Do",
)
_drawn(
    "a picture of 2147483647 × 2",
    packed(
        bytes(1000),
        "/Type /XObject /Subtype /Image /Width 2147483647 /Height 2 /ColorSpace /DeviceGray /BitsPerComponent 1",
    ),
)
_drawn(
    "a picture below zero",
    packed(
        bytes(1000),
        "/Type /XObject /Subtype /Image /Width -5 /Height -5 /ColorSpace /DeviceGray /BitsPerComponent 8",
    ),
)
_drawn(
    "a picture that is its own mask",
    packed(
        bytes(100),
        "/Type /XObject /Subtype /Image /Width 10 /Height 10 /ColorSpace /DeviceGray /BitsPerComponent 8 /SMask 10 0 R",
    ),
)
_drawn(
    "JBIG2 that is none",
    stream(
        b"\x97JB2\r\n\x1a\n" + b"\xff" * 500,
        "/Type /XObject /Subtype /Image /Width 30000 /Height 30000 /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /JBIG2Decode",
    ),
)
_drawn(
    "JPEG 2000 that is none",
    stream(
        b"\xff\x4f\xff\x51\x00\x29\x00\x00" + b"\x7f\xff\xff\xff" * 8 + b"\xff" * 200,
        "/Type /XObject /Subtype /Image /Width 9 /Height 9 /Filter /JPXDecode",
    ),
)
_drawn(
    "fax of a million columns",
    stream(
        b"\x00" * 5000,
        "/Type /XObject /Subtype /Image /Width 1000000 /Height 1000 /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 1000000 /Rows 1000000 >>",
    ),
)
_drawn(
    "a predictor of a billion columns",
    stream(
        zlib.compress(bytes(1000)),
        "/Type /XObject /Subtype /Image /Width 9 /Height 9 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 1000000000 /Colors 99 >>",
    ),
)
_drawn(
    "a shading by a program",
    stream(
        b"{ " * 5000 + b"} " * 5000,
        "/ShadingType 1 /ColorSpace /DeviceRGB /Function << /FunctionType 4 /Domain [0 1] /Range [0 1] >>",
    ),
    "Shading",
    b"/X sh",
)
_drawn(
    "a table of a billion samples",
    packed(
        bytes(100),
        "/ShadingType 2 /ColorSpace /DeviceGray /Coords [0 0 1 1] /Function << /FunctionType 0 /Domain [0 1 0 1] /Range [0 1] /Size [65535 65535] /BitsPerSample 32 >>",
    ),
    "Shading",
    b"/X sh",
)
_drawn("a colour made of itself", b"[/Indexed 10 0 R 255 (a)]", "ColorSpace", b"/X cs 1 scn 0 0 9 9 re f")
_drawn(
    "a font that is none",
    b"<< /Type /Font /Subtype /TrueType /BaseFont /X /FontDescriptor << /Type /FontDescriptor /FontName /X /Flags 4 /FontFile2 10 0 R >> >>",
    "Font",
    b"BT /X 9 Tf (a) Tj ET",
)


@FAMILY.file("a map of letters of 50 MB", "发票.pdf")
def _letters(bait: Bait) -> bytes:
    pdf = Pdf()
    ranges = b"100 beginbfrange " + b"<0000> <ffff> <0000> " * 100 + b"endbfrange "
    cmap = pdf.add(packed(b"begincmap " + ranges * 10_000 + b"endcmap"))
    font = pdf.add(f"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode {cmap} 0 R >>")
    return pdf.page(b"BT /X 9 Tf (hello) Tj ET", resources=f"/Font << /X {font} 0 R >>").bytes()


@FAMILY.file("forms within forms, 10 to the power of 12", "发票.pdf")
def _forms(bait: Bait) -> bytes:
    pdf = Pdf()
    form = pdf.add(stream(TEXT, "/Type /XObject /Subtype /Form /BBox [0 0 99 99]"))
    for _ in range(12):
        inner = f"/Resources << /XObject << /X {form} 0 R >> >>"
        form = pdf.add(stream(b"/X Do " * 10, f"/Type /XObject /Subtype /Form /BBox [0 0 99 99] {inner}"))
    return pdf.page(b"/X Do", resources=f"/XObject << /X {form} 0 R >>").bytes()


@FAMILY.file("objects in a stream of 700 MB", "发票.pdf")
def _object_stream(bait: Bait) -> bytes:
    body = swollen.compressed(b"0 " * (MB // 2), 700)
    pdf = Pdf().page(TEXT)
    held = pdf.add(stream(body, "/Type /ObjStm /N 100000000 /First 10 /Filter /FlateDecode"))
    return _with_xref_stream(pdf.bytes(), f"[{held} 0 R]", held)


def _with_xref_stream(data: bytes, extends: str, number: int) -> bytes:
    """The catalog is said to stand in object stream `number`."""
    rows = struct.pack(">BIH", 2, number, 0) * 9
    index = len(data)
    table = stream(
        zlib.compress(rows),
        f"/Type /XRef /Size 900 /W [1 4 2] /Index [1 9] /Root 1 0 R /Extends {extends} /Filter /FlateDecode",
    )
    return data + b"899 0 obj\n" + table + b"\nendobj\nstartxref\n%d\n%%%%EOF" % index


@FAMILY.file("an object stream that extends itself", "发票.pdf")
def _extends(bait: Bait) -> bytes:
    pdf = Pdf().page(TEXT)
    number = pdf.add(packed(b"1 0 << /Type /Catalog >>", "/Type /ObjStm /N 1 /First 4 /Extends 12 0 R"))
    return _with_xref_stream(pdf.bytes(), f"{number} 0 R", number)


GOOD = Pdf().page(TEXT).bytes()
START = GOOD.rindex(b"startxref")
_add(
    "table that follows itself",
    GOOD.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % GOOD.rindex(b"xref\n", 0, START)),
)
_add("table past the end", GOOD[:START] + b"startxref\n99999999999999999999\n%%EOF")
_add("table below zero", GOOD[:START] + b"startxref\n-1\n%%EOF")
_add("no table", GOOD[: GOOD.rindex(b"xref\n", 0, START)])
_add("table of 4 billion", GOOD.replace(b"xref\n1 1", b"xref\n1 4294967295"))
_add("root that is missing", GOOD.replace(b"/Root 1 0 R", b"/Root 7 0 R"))
_add(
    "root that is itself",
    GOOD.replace(b"/Type /Catalog", b"/Type /Catalog /Root 1 0 R").replace(b"/Pages 2 0 R", b"/Pages 1 0 R"),
)
_add(
    "a password",
    GOOD.replace(
        b"/Root",
        b"/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O ("
        + b"o" * 32
        + b") /U ("
        + b"u" * 32
        + b") >> /ID [(a) (b)] /Root",
    ),
)
_add("a lock nobody knows", GOOD.replace(b"/Root", b"/Encrypt << /Filter /Evil /V 99 >> /Root"))
_add("length that lies", Pdf().page(stream(TEXT, length=2_000_000_000)).bytes())
_add("length that is the stream", Pdf().page(b"<< /Length 10 0 R >>\nstream\nBT ET\nendstream").bytes())
_add("header alone", b"%PDF-1.7\n")
_add("header and zeros", b"%PDF-1.7\n" + bytes(2 * MB))
_add("header after 1000 bytes", b"\x00" * 1000 + GOOD)
_add("1000 headers", b"%PDF-1.7\n" * 1000)
_add(
    "100000 objects called 1", b"%PDF-1.7\n" + b"1 0 obj << /Type /Catalog /Pages 1 0 R >> endobj " * 100_000
)
_add("a PDF that is a zip", GOOD + zipped({"OFD.xml": b"<OFD/>"}))
_add("a PDF that is a page of the web", b"<html><script>alert(1)</script>%PDF-1.7" + GOOD[8:])
INVOICE = make_invoice_pdf(DIGITAL)
for _part in range(1, 10):
    _add(f"cut at {_part} tenths", INVOICE[: len(INVOICE) * _part // 10])

# ruff: noqa: E501 - objects and parts stand on one line, as in the files they make
"""OFDs whose parts point at each other, or hold more than a page can."""

from __future__ import annotations

from tests.security.hostile.bait import Family
from tests.security.hostile.pictures import png
from tests.security.hostile.zips import zipped

FAMILY = Family("ofd")
MAIN = "<OFD><DocBody><DocRoot>Doc_0/Document.xml</DocRoot></DocBody></OFD>"
DOCUMENT = '<Document><Pages><Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></Pages></Document>'
PAGE = "Doc_0/Pages/Page_0/Content.xml"


def _add(case: str, **parts: str | bytes) -> None:
    """`main`, `document`, `page`, `tags`, `attachments`; what is not given is as in a good file."""
    names = {
        "main": "OFD.xml",
        "document": "Doc_0/Document.xml",
        "page": PAGE,
        "tags": "Doc_0/Tags/CustomTag.xml",
        "attachments": "Doc_0/Attachs/Attachments.xml",
    }
    whole = {"main": MAIN, "document": DOCUMENT, **parts}

    def make(bait: object) -> bytes:
        return zipped(
            {
                names.get(name, name): part.encode() if isinstance(part, str) else part
                for name, part in whole.items()
            }
        )

    FAMILY.add(case, "发票.ofd", make)


def _text(
    said: str, attributes: str = 'X="0" Y="5"', box: str = "10 10 100 10", size: str = "3", ctm: str = ""
) -> str:
    matrix = f'CTM="{ctm}"' if ctm else ""
    return f'<Page><Content><TextObject ID="5" Boundary="{box}" Size="{size}" {matrix}><TextCode {attributes}>{said}</TextCode></TextObject></Content></Page>'


_add("the document is the package", main=MAIN.replace("Doc_0/Document.xml", "OFD.xml"))
_add("a page that is the document", document=DOCUMENT.replace("Pages/Page_0/Content.xml", "Document.xml"))
_add("a page that is the package", document=DOCUMENT.replace("Pages/Page_0/Content.xml", "/OFD.xml"))
_add(
    "one page 20000 times",
    document="<Document>" + '<Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/>' * 20_000 + "</Document>",
    page=_text("发票"),
)
_add(
    "20000 pages that are missing",
    document="<Document>" + '<Page ID="1" BaseLoc="nowhere.xml"/>' * 20_000 + "</Document>",
)
_add(
    "5000 documents",
    main="<OFD>" + "<DocBody><DocRoot>Doc_0/Document.xml</DocRoot></DocBody>" * 5000 + "</OFD>",
)
_add(
    "a template that is its page",
    document='<Document><TemplatePage ID="9" BaseLoc="Pages/Page_0/Content.xml"/><Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></Document>',
    page='<Page><Template TemplateID="9"/>' + "<TextObject><TextCode>a</TextCode></TextObject></Page>",
)
_add(
    "a template used 20000 times",
    document='<Document><TemplatePage ID="9" BaseLoc="t.xml"/><Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></Document>',
    page="<Page>" + '<Template TemplateID="9"/>' * 20_000 + "</Page>",
    **{"Doc_0/t.xml": _text("发票号码价税合计" * 200)},
)
_add(
    "60 pages of a template of 5000 letters",
    document='<Document><TemplatePage ID="9" BaseLoc="t.xml"/>'
    + '<Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/>' * 60
    + "</Document>",
    page='<Page><Template TemplateID="9"/></Page>',
    **{"Doc_0/t.xml": _text("购销价发名" * 1000)},
)
_add(
    "attachments that list themselves",
    document="<Document><Attachments>Attachs/Attachments.xml</Attachments></Document>",
    attachments="<Attachments>"
    + "<Attachment><FileLoc>Attachments.xml</FileLoc></Attachment>" * 5000
    + "</Attachments>",
)
_add(
    "tags that list themselves",
    document="<Document><CustomTags>Tags/CustomTag.xml</CustomTags></Document>",
    tags="<a><FileLoc>CustomTag.xml</FileLoc></a>",
)
_add(
    "100000 references to a long text",
    page=_text("甲" * 20_000),
    tags="<eInvoice><BuyerName>" + "<ObjectRef>5</ObjectRef>" * 100_000 + "</BuyerName></eInvoice>",
)
_add(
    "5000 fields of 1000 references",
    page=_text("甲" * 1000),
    tags="<eInvoice>" + ("<Item>" + "<ObjectRef>5</ObjectRef>" * 100 + "</Item>") * 3000 + "</eInvoice>",
)
_add(
    "references to nothing",
    tags="<eInvoice><InvoiceNo><ObjectRef PageRef='77'>99</ObjectRef></InvoiceNo></eInvoice>",
)
_add("a text of 9 MB", page=_text("甲" * 3_000_000))
_add("300000 texts", page="<Page>" + "<TextObject><TextCode>a</TextCode></TextObject>" * 300_000 + "</Page>")
_add("letters a billion apart", page=_text("发票号码", 'X="0" Y="0" DeltaX="g 1000000000 1e300"'))
_add("widths that are no numbers", page=_text("发票号码", 'X="nan" Y="inf" DeltaX="nan inf -inf"'))
_add(
    "a box past every number",
    page=_text(
        "发票号码：12345678", box="1e308 1e308 1e308 1e308", ctm="1e308 1e308 1e308 1e308 1e308 1e308"
    ),
)
_add("a box that is no number", page=_text("发票号码：12345678", box="nan nan nan nan", size="nan"))
_add("a size of nothing", page=_text("发票号码：12345678", size="0"))
_add("20000 letters on one spot", page="<Page>" + _text("购销价发" * 5)[6:-7] * 1000 + "</Page>")
_add(
    "only labels",
    page="<Page>"
    + "".join(
        f'<TextObject Boundary="{n % 200} {n // 200} 9 9" Size="3"><TextCode X="0" Y="3">{"购买方名称价税合计"[n % 9]}</TextCode></TextObject>'
        for n in range(20_000)
    )
    + "</Page>",
)
_add("places that climb", main=MAIN.replace("Doc_0/Document.xml", "../" * 5000 + "etc/passwd"))
_add("places that are long", main=MAIN.replace("Doc_0/Document.xml", "a/" * 500_000))
_add("pictures that lie", **{f"Doc_0/Res/{n}.png": png(60_000, 60_000) for n in range(40)})
_add("pictures that are none", **{f"Doc_0/Res/{n}.jpg": b"\xff\xd8\xff" + bytes(50) for n in range(40)})
FAMILY.add(
    "20 pictures as large as they may be",
    "发票.ofd",
    lambda bait: zipped(
        {"OFD.xml": MAIN.encode()} | {f"{n}.png": png(7000, 7000, honest=True) for n in range(20)}
    ),
)
_add("no parts at all", main=b"", document=b"")
_add("parts that are no XML", main=b"\x00\x01\x02", document=b"%PDF-")
_add("1500 parts that are broken", **{f"Doc_0/Tags/{n}.xml": b"<a" for n in range(1500)})
_add(
    "1500 broken invoices",
    **{f"Doc_0/Attachs/{n}.xml": f"<eInvoice><InvoiceNo>{n}</InvoiceNo><a".encode() for n in range(1500)},
)
_add(
    "1500 attached invoices",
    **{
        f"Doc_0/Attachs/{n}.xml": f"<eInvoice><TaxTotalAmount>{n}x</TaxTotalAmount></eInvoice>"
        for n in range(1500)
    },
)

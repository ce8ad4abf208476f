"""OFD files built by hand: words at places, the tags of several writers over them, an attached invoice."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from assessment.demo.invoice_pen import plain_number
from assessment.demo.invoice_spec import InvoiceSpec

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
Words = tuple[float, float, str]


def page_words(spec: InvoiceSpec) -> list[Words]:
    """Labels and values of 数电票 (or of 2019's, where there is a code) as they stand on the page, in mm."""
    out: list[Words] = [
        (150, 14, "发票号码："),
        (170, 14, spec.number),
        (150, 20, "开票日期："),
        (170, 20, spec.day),
    ]
    if spec.code:
        out += [(60, 12, "浙江增值税电子普通发票"), (150, 8, "发票代码："), (170, 8, spec.code)]
        out += [(150, 26, "校 验 码："), (170, 26, spec.check_code)]
    else:
        kind = "增值税专用发票" if spec.type == "31" else "普通发票"
        out += [(70, 12, f"电子发票（{kind}）")]
    for x, party in ((11, spec.buyer), (122, spec.seller)):
        out += [(x, 36.5, "名称："), (x + 12, 36.5, party.name)]
        out += [(x, 47, "统一社会信用代码/纳税人识别号："), (x + 50, 47, party.id)]
    titles = ("项目名称", "单 位", "数 量", "单 价", "金 额", "税率/征收率", "税 额")
    columns = (12, 68, 90, 108, 134, 158, 190)
    out += [(x, 56, title) for x, title in zip(columns, titles, strict=True)]
    for row, item in enumerate(spec.items):
        price = "" if not item.quantity else f"{item.amount / item.quantity:.6f}"
        tax = "***" if item.rate == "免税" else f"{item.tax:.2f}"
        cells = (
            item.name,
            item.unit,
            plain_number(item.quantity),
            price,
            f"{item.amount:.2f}",
            item.rate,
            tax,
        )
        out += [(x, 61 + 4.5 * row, cell) for x, cell in zip(columns, cells, strict=True) if cell]
    last = 61 + 4.5 * len(spec.items)
    out += [(12, last + 2, "合 计"), (130, last + 2, f"¥{spec.amount:.2f}")]
    out += [(188, last + 2, "***" if spec.free else f"¥{spec.tax:.2f}")]
    out += [
        (12, last + 9, "价税合计（大写）"),
        (150, last + 9, "（小写）"),
        (164, last + 9, f"¥{spec.total:.2f}"),
    ]
    return out


def ofd(words: Sequence[Words], *, tags: str = "", files: Mapping[str, bytes] | None = None) -> bytes:
    """A package with one page of the words; object IDs are 100, 101, … in their order."""
    objects = "".join(
        f'<ofd:TextObject ID="{100 + n}" Boundary="{x} {y - 4} 90 5" Size="3.175">'
        f'<ofd:TextCode X="0" Y="4">{escape(text)}</ofd:TextCode></ofd:TextObject>'
        for n, (x, y, text) in enumerate(words)
    )
    parts: dict[str, bytes | str] = {
        "OFD.xml": f"<ofd:OFD {NS}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f'<ofd:Document {NS}><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/>'
        "</ofd:Pages><ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags></ofd:Document>",
        "Doc_0/Pages/Page_0/Content.xml": f"<ofd:Page {NS}><ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content></ofd:Page>",
        **(files or {}),
    }
    if tags:
        listing = "<ofd:CustomTag><ofd:FileLoc>CustomTag.xml</ofd:FileLoc></ofd:CustomTag>"
        parts["Doc_0/Tags/CustomTags.xml"] = f"<ofd:CustomTags {NS}>{listing}</ofd:CustomTags>"
        parts["Doc_0/Tags/CustomTag.xml"] = tags
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def text_ofd(spec: InvoiceSpec) -> bytes:
    """Nothing but the words on the page."""
    return ofd(page_words(spec))


def attached_ofd(spec: InvoiceSpec, folder: str = "Doc_0/Attachs") -> bytes:
    """The 2019 invoice XML attached, in a folder as the writer likes."""
    return ofd(page_words(spec), files={f"{folder}/original_invoice.xml": schema_2019(spec)})


def schema_2019(spec: InvoiceSpec) -> bytes:
    rows = "".join(
        f"<fp:GoodsInfo><fp:Item>{item.name}</fp:Item><fp:MeasurementDimension>{item.unit}</fp:MeasurementDimension>"
        f"<fp:Quantity>{plain_number(item.quantity)}</fp:Quantity><fp:Amount>{item.amount:.2f}</fp:Amount>"
        f"<fp:TaxAmount>{item.tax:.2f}</fp:TaxAmount></fp:GoodsInfo>"
        for item in spec.items
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<eInvoice xmlns:fp="http://www.edrm.org.cn/schema/e-invoice/2019">'
        f"<fp:InvoiceCode>{spec.code}</fp:InvoiceCode><fp:InvoiceNo>{spec.number}</fp:InvoiceNo>"
        f"<fp:IssueDate>{spec.day}</fp:IssueDate><fp:InvoiceCheckCode>{spec.check_code}</fp:InvoiceCheckCode>"
        f"<fp:Buyer><fp:BuyerName>{spec.buyer.name}</fp:BuyerName><fp:BuyerTaxID>{spec.buyer.id}</fp:BuyerTaxID></fp:Buyer>"
        f"<fp:Seller><fp:SellerName>{spec.seller.name}</fp:SellerName><fp:SellerTaxID>{spec.seller.id}</fp:SellerTaxID>"
        f"</fp:Seller><fp:TaxInclusiveTotalAmount>{spec.total:.2f}</fp:TaxInclusiveTotalAmount>"
        f"<fp:TaxTotalAmount>{spec.tax:.2f}</fp:TaxTotalAmount>"
        f"<fp:TaxExclusiveTotalAmount>{spec.amount:.2f}</fp:TaxExclusiveTotalAmount><fp:GraphCode>{spec.qr}</fp:GraphCode>"
        f"<fp:GoodsInfos>{rows}</fp:GoodsInfos></eInvoice>"
    ).encode()


def bureau_tags(spec: InvoiceSpec, words: Sequence[Words]) -> str:
    """Tags named as in 数电票's XML: the references wrapped, of 价税合计 the ¥ alone, the numbers of rows squeezed."""

    def ref(text: str, *, wrapped: bool = True) -> str:
        number = next((100 + n for n, (_, _, said) in enumerate(words) if said == text), 0)
        inner = f'<ofd:ObjectRef PageRef="1">{number}</ofd:ObjectRef>'
        return f"<ObjectData>{inner}</ObjectData>" if wrapped else inner

    first = spec.items[0]
    return (
        f"<root {NS}><EInvoiceData><SellerInformation><SellerIdNum>{ref(spec.seller.id)}</SellerIdNum><SellerName>"
        f"{ref(spec.seller.name)}</SellerName></SellerInformation><BuyerInformation><BuyerIdNum>{ref(spec.buyer.id)}"
        f"</BuyerIdNum><BuyerName>{ref(spec.buyer.name)}</BuyerName></BuyerInformation><BasicInformation>"
        f"<TotalAmWithoutTax>{ref(f'¥{spec.amount:.2f}')}</TotalAmWithoutTax><TotalTaxAm>{ref(f'¥{spec.tax:.2f}')}</TotalTaxAm>"
        f"<TotalTax-includedAmount>{ref('¥')}</TotalTax-includedAmount></BasicInformation>"
        f"<IssuItemInformation><ItemName>{ref(first.name)}</ItemName><Quantity>{ref('500 2.000000')}</Quantity>"
        f"<Amount>{ref(f'{first.amount:.2f}')}</Amount></IssuItemInformation></EInvoiceData>"
        f"<TaxSupervisionInfo><InvoiceNumber>{ref(spec.number, wrapped=False)}</InvoiceNumber>"
        f"<IssueTime>{ref(spec.day, wrapped=False)}</IssueTime></TaxSupervisionInfo></root>"
    )

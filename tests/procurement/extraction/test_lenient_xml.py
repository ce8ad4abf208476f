"""Invoice XML by other names, and OFD whose tags are wrapped, partial or squeezed."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest

from assessment.demo.invoices import make_xml
from procurement.extraction import Item, read
from tests.procurement.extraction.ofds import (
    attached_ofd,
    bureau_tags,
    ofd,
    page_words,
    schema_2019,
    text_ofd,
)
from tests.procurement.extraction.specs import BUYER, CLASSIC, DIGITAL, SELLER, differences

XBRL = f"""<xbrl xmlns:inv="urn:inv"><inv:CodeOfInvoice>3300232130</inv:CodeOfInvoice><inv:NumberOfInvoice>02630221</inv:NumberOfInvoice>
<inv:DateOfIssue>2021-06-30</inv:DateOfIssue><inv:NameOfSeller>{SELLER.name}</inv:NameOfSeller>
<inv:NameOfPurchaser>{BUYER.name}</inv:NameOfPurchaser><inv:TotalTaxAmount>90.00</inv:TotalTaxAmount>
<inv:TotalAmountExcludingTax>1000.00</inv:TotalAmountExcludingTax><inv:TaxIncludedAmountInWords>壹仟零玖拾圆整</inv:TaxIncludedAmountInWords>
<inv:TaxIncludedAmountInFigures>1090.00</inv:TaxIncludedAmountInFigures>
<inv:TaxpayerIdentificationNumberUnifiedSocialCreditCodeOfSeller>{SELLER.id}</inv:TaxpayerIdentificationNumberUnifiedSocialCreditCodeOfSeller>
<inv:TaxpayerIdentificationNumberUnifiedSocialCreditCodeOfPurchaser>{BUYER.id}</inv:TaxpayerIdentificationNumberUnifiedSocialCreditCodeOfPurchaser>
<inv:InformationOfTaxableGoodsOrServicesDetailItemsTuple><inv:TaxAmount>90.00</inv:TaxAmount>
<inv:AmountExcludingTax>1000.00</inv:AmountExcludingTax><inv:NameOfTaxableGoodsOrServices>*蔬菜*白菜</inv:NameOfTaxableGoodsOrServices>
</inv:InformationOfTaxableGoodsOrServicesDetailItemsTuple></xbrl>"""
PINYIN = f"""<?xml version="1.0" encoding="GBK"?><business id="FPKJ"><REQUEST_COMMON_FPKJ><COMMON_FPKJ_FPT><FP_DM>3300232130</FP_DM>
<FP_HM>02630221</FP_HM><KPRQ>20210630102211</KPRQ><XSF_NSRSBH>{SELLER.id}</XSF_NSRSBH><XSF_MC>{SELLER.name}</XSF_MC>
<GMF_NSRSBH>{BUYER.id}</GMF_NSRSBH><GMF_MC><![CDATA[{BUYER.name}]]></GMF_MC><JSHJ>1090</JSHJ><HJJE>1000</HJJE><HJSE>90</HJSE>
</COMMON_FPKJ_FPT><COMMON_FPKJ_XMXXS><COMMON_FPKJ_XMXX><XMMC>*蔬菜*白菜</XMMC><XMJE>1000</XMJE><SE>90</SE></COMMON_FPKJ_XMXX>
</COMMON_FPKJ_XMXXS></REQUEST_COMMON_FPKJ></business>"""
ATTRIBUTES = f"""<Invoice InvoiceCode="3300232130" InvoiceNumber="02630221" IssueDate="2021/6/30" TotalAmount="1,090.00"
AmountWithoutTax="1000.00" TotalTaxAmount="90.00"><Buyer Name="{BUYER.name}" TaxNo="{BUYER.id.lower()}"/><Seller Name="{SELLER.name}"
TaxNo="{SELLER.id}"/><GoodsInfo><Item>*蔬菜*白菜</Item><Amount>1000.00</Amount><TaxAmount>90.00</TaxAmount></GoodsInfo></Invoice>"""
FAMILIES = {
    "accounting standard": XBRL.encode(),
    "pinyin": PINYIN.encode("gbk"),
    "attributes": ATTRIBUTES.encode(),
}


@pytest.mark.parametrize("name", FAMILIES)
def test_it_knows_the_same_facts_by_other_names(name: str) -> None:
    data = read(FAMILIES[name])
    assert (data.identity, data.issue_date) == ("330023213002630221", datetime.date(2021, 6, 30))
    assert (data.total, data.amount, data.tax) == (Decimal("1090.00"), Decimal("1000.00"), Decimal("90.00"))
    assert (data.buyer_name, data.buyer_id) == (BUYER.name, BUYER.id)
    assert (data.seller_name, data.seller_id) == (SELLER.name, SELLER.id)
    assert data.items == (Item("*蔬菜*白菜", None, "", Decimal("1000.00"), Decimal("90.00")),)
    assert data.problems == ()


XML = make_xml(DIGITAL).decode()


@pytest.mark.parametrize(
    "moment",
    ["2021-06-30 10:29:38", "2021-06-30T10:29:38", "2021年06月30日 10时29分", "20210630102938", "2021-6-30"],
)
def test_the_moment_of_issue_is_a_day(moment: str) -> None:
    told = XML.replace("<IssueTime>2021-06-30</IssueTime>", f"<IssueTime>{moment}</IssueTime>")
    assert moment in told
    assert read(told.encode()).issue_date == DIGITAL.issue_date


def test_the_kind_is_told_by_its_name_where_its_code_is_not_known() -> None:
    told = XML.replace(
        "<LabelCode>02</LabelCode><LabelName />",
        "<LabelCode>X</LabelCode><LabelName>增值税专用发票</LabelName>",
    )
    assert told != XML
    assert read(told.encode()).invoice_type == "31"


def test_the_capitals_in_xml_are_compared_with_the_figures() -> None:
    words = "<TotalTax-includedAmountInChinese>叁仟伍佰玖拾捌圆整</TotalTax-includedAmountInChinese>"
    data = read(XML.replace("<Drawer>", words + "<Drawer>").encode())
    assert data.problems == ("价税合计大写为 3598.00，与 3597.00 不一致（XML）。",)
    assert data.confidence["total"] == 0.5


def test_the_tax_of_a_row_is_not_taken_for_the_invoices() -> None:
    told = XML.replace("<TotalTaxAm>297.00</TotalTaxAm>", "").replace("ComTaxAm>", "TaxAmount>")
    data = read(told.encode())
    assert data.tax is None
    assert data.items[0].tax == Decimal("90.00")


def test_tags_named_by_the_tax_bureau_are_read_and_their_gaps_filled_from_the_page() -> None:
    words = [*page_words(DIGITAL), (150, 99, "¥"), (5, 130, "500 2.000000")]
    data = read(ofd(words, tags=bureau_tags(DIGITAL, words)))
    assert differences(data, DIGITAL) == {}
    assert data.problems == ()
    assert (data.source["seller_name"], data.source["total"], data.source["items"]) == ("xml", "text", "text")


@pytest.mark.parametrize("folder", ["Doc_0/Attachs", "Doc_0/Attachments", "attach", "Doc_0/Res/Attach_1"])
def test_the_attached_invoice_is_found_in_any_folder(folder: str) -> None:
    data = read(attached_ofd(CLASSIC, folder))
    assert differences(data, CLASSIC) == {}
    assert (data.problems, data.source["total"]) == ((), "xml")


def test_an_ofd_without_tags_and_attachment_is_read_by_place() -> None:
    for spec in (DIGITAL, replace(DIGITAL, type="31"), CLASSIC):
        data = read(text_ofd(spec))
        assert differences(data, spec) == {}
        assert (data.problems, set(data.source.values())) == ((), {"text"})


def test_the_2019_schema_alone_is_an_invoice_too() -> None:
    data = read(schema_2019(CLASSIC))
    assert differences(data, CLASSIC) == {}
    assert (data.format, data.problems) == ("xml", ())

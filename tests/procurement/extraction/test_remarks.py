"""What a paper says beside the invoice's own fields."""

from dataclasses import replace

import pytest

from assessment.demo.invoices import make_invoice_pdf, make_xml
from procurement.extraction import read
from procurement.extraction.partial import Partial
from procurement.extraction.remarks import note
from tests.procurement.extraction.specs import DIGITAL


@pytest.mark.parametrize(
    ("text", "on_832", "red_of"),
    [
        ("832平台订单号2021060112345", True, ""),
        ("脱贫地区农副产品网络销售平台采购合同", True, ""),
        (
            "被红冲蓝字数电发票号码：24332000000012345678红字发票信息确认单编号：330",
            False,
            "24332000000012345678",
        ),
        ("被红冲蓝字数电票号码:243320000000\n12345678", False, "24332000000012345678"),
        ("对应正数发票代码:033002100211号码:00000042", False, "033002100211-00000042"),
        ("收货人电话 13858320000", False, ""),
        ("", False, ""),
    ],
)
def test_the_platform_and_the_invoice_taken_back_are_told(text, on_832, red_of):
    partial = Partial("pdf")
    note(text.replace("：", ":"), partial)
    assert (partial.on_832, partial.red_of) == (on_832, red_of)


REMARK = "832平台订单 被红冲蓝字数电发票号码：24332000000012345678"
FILES = {
    "pdf": lambda: make_invoice_pdf(replace(DIGITAL, remark=REMARK)),
    "xml": lambda: make_xml(DIGITAL).replace(
        b"</EInvoice>", f"<Remark>{REMARK}</Remark></EInvoice>".encode()
    ),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_remark_is_read_from_the_whole_file(kind):
    data = read(FILES[kind]())
    assert (data.on_832, data.red_of) == (True, "24332000000012345678")

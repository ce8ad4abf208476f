"""Papers beside the invoice: kept whatever they are, their kind guessed, day and sum taken only where they are plain."""

import datetime
from decimal import Decimal

import pytest

from procurement.extraction import read
from procurement.extraction.documents import fill_document, guess
from procurement.extraction.partial import Reading
from tests.procurement.extraction.pages import pdf

PAPERS: dict[str, tuple[str, list[str]]] = {
    "bank slip": (
        "payment",
        [
            "网上银行电子回单",
            "付款人户名:慈溪市示范机关",
            "收款人户名:彝味合作社",
            "交易时间:2021-06-30 10:22:11",
            "金额:人民币3,597.00元",
            "大写:叁仟伍佰玖拾柒元整",
            "用途:合同货款",
        ],
    ),
    "telephone": (
        "payment",
        [
            "转账成功",
            "¥3597.00",
            "收款方:彝味合作社",
            "支付时间:2021年6月30日 10:22:11",
            "付款方式:零钱",
        ],
    ),
    "bill on a telephone": (
        "payment",
        [
            "账单详情",
            "彝味合作社",
            "-3597.00",
            "交易成功",
            "支付时间:2021-06-30 10:22:11",
        ],
    ),
    "contract": (
        "contract",
        [
            "农产品购销合同",
            "甲方:慈溪市示范机关",
            "乙方:彝味合作社",
            "合同总价款为人民币3597元",
            "(大写:叁仟伍佰玖拾柒元整)",
            "签订日期:二〇二一年六月三十日",
        ],
    ),
    "agreement": (
        "contract",
        [
            "采购协议书",
            "需方:慈溪市示范机关",
            "供方:彝味合作社",
            "总金额:¥3,597",
            "签订时间:2021.6.30",
        ],
    ),
    "waybill": (
        "freight",
        [
            "道路货物运单",
            "托运人:彝味合作社",
            "承运人:某物流",
            "托运日期:2021/06/30",
            "运费合计:3597.00元",
        ],
    ),
    "delivery note": (
        "freight",
        [
            "送货单",
            "收货单位:慈溪市示范机关食堂",
            "送货日期:2021年06月30日",
            "合计:3597.00",
        ],
    ),
}


@pytest.mark.parametrize("name", PAPERS)
def test_its_kind_day_and_sum_are_read(name: str) -> None:
    kind, lines = PAPERS[name]
    folded = "\n".join("".join(line.split()) for line in lines)
    assert guess(folded) == kind
    reading = Reading("text", "文字")
    fill_document(folded, reading)
    assert reading.weak == set(reading.fields)
    assert reading.fields.pop("seller_name", "彝味合作社") == "彝味合作社"
    assert reading.fields == {"issue_date": datetime.date(2021, 6, 30), "total": Decimal("3597.00")}


@pytest.mark.parametrize("name", PAPERS)
def test_the_whole_file_is_kept_with_its_kind_and_without_a_number(name: str) -> None:
    kind, lines = PAPERS[name]
    data = read(pdf([(20, 20 + 8.0 * row, line) for row, line in enumerate(lines)]))
    assert (data.kind, data.document, data.identity) == ("unknown", kind, "")
    assert (data.issue_date, data.total) == (datetime.date(2021, 6, 30), Decimal("3597.00"))
    assert data.confidence["total"] <= 0.5
    assert data.problems == ()


def test_two_days_or_two_sums_are_none() -> None:
    reading = Reading("text", "文字")
    fill_document("送货单\n送货日期:2021年6月30日\n制单日期:2021年6月29日\n合计:10.00\n运费:3.00", reading)
    assert reading.fields == {}


def test_a_slip_whose_capitals_say_another_sum_says_so() -> None:
    text = "电子回单\n付款人:甲\n交易日期:2021-06-30\n金额:3597.00\n大写:叁仟伍佰元整"
    data = read(pdf([(20, 20 + 8.0 * row, line) for row, line in enumerate(text.split("\n"))]))
    assert data.total == Decimal("3597.00")
    assert data.problems == ("价税合计大写为 3500.00，与 3597.00 不一致（票面文字）。",)


def test_a_paper_about_an_invoice_is_not_one() -> None:
    text = "农产品采购合同\n甲方:某单位\n乙方应开具增值税普通发票\n合同总价:¥3597.00"
    assert guess(text) == "contract"

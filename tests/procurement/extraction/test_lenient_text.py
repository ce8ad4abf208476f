"""Text as other issuers print it: labels, dates, sums, tables, copies, and pages whose labels are only drawn."""

import datetime
import io
from dataclasses import replace
from decimal import Decimal

import pypdfium2
import pytest

from assessment.demo.invoices import make_invoice_pdf
from procurement.extraction import read
from procurement.extraction.text import read_text
from procurement.extraction.unlabelled import fill_by_pattern
from tests.procurement.extraction.pages import Words, glyphs, pdf, read_words
from tests.procurement.extraction.specs import BUYER, CLASSIC, DIGITAL, SELLER, differences
from tests.procurement.extraction.test_pdf import saved

HEAD: list[Words] = [(400, 20, f"发票号码：{DIGITAL.number}"), (400, 40, "开票日期：2021年06月30日")]


@pytest.mark.parametrize(
    "label",
    [
        "名称：",
        "名        称：",
        "名 称 :",
        "名　　称：",
        "名称",
        "购买方名称：",
        "购 方 名 称 ：",
        "购货单位名称:",
        "收购方名称：",
    ],
)
def test_it_reads_the_buyers_name_behind_however_spelled_a_label(label: str) -> None:
    found = read_words(
        (20, 100, f"{label} {BUYER.name}"), (320, 100, f"名称：{SELLER.name}"), (20, 118, f"税号：{BUYER.id}")
    )
    assert found.fields["buyer_name"] == BUYER.name
    assert found.fields["seller_name"] == SELLER.name
    assert found.fields["buyer_id"] == BUYER.id


@pytest.mark.parametrize("word", ["销售方", "销货单位", "销方", "出售方", "开票方"])
def test_a_role_written_in_the_label_counts_more_than_the_place(word: str) -> None:
    found = read_words(
        (20, 60, f"{word}名称：{SELLER.name}"),
        (20, 78, f"{word}纳税人识别号：{SELLER.id}"),
        (20, 120, f"购买方名称：{BUYER.name}"),
        (20, 138, f"购买方纳税人识别号：{BUYER.id}"),
    )
    parties = {
        name: found.fields.get(name) for name in ("buyer_name", "buyer_id", "seller_name", "seller_id")
    }
    assert parties == {
        "buyer_name": BUYER.name,
        "buyer_id": BUYER.id,
        "seller_name": SELLER.name,
        "seller_id": SELLER.id,
    }


@pytest.mark.parametrize(
    "day",
    [
        "2021年06月30日",
        "2021年6月30日",
        "2021 年 06 月 30 日",
        "2021-06-30",
        "2021/6/30",
        "2021.06.30",
        "20210630",
        "2021-06-30 10:22:11",
        "２０２１年０６月３０日",
    ],
)
@pytest.mark.parametrize("label", ["开票日期：", "开 票 日 期:", "填开日期：", "开票日期"])
def test_it_reads_a_date_in_any_form(label: str, day: str) -> None:
    assert read_words((300, 20, label + day)).fields.get("issue_date") == datetime.date(2021, 6, 30)


@pytest.mark.parametrize(
    "words",
    [
        f"发票号码：{DIGITAL.number}",
        f"发票号码:{DIGITAL.number[:10]} {DIGITAL.number[10:]}",
        f"发 票 号 码 ： {DIGITAL.number}",
        f"发票号码：No.{DIGITAL.number}",
        f"电子发票号：{DIGITAL.number}",
    ],
)
def test_it_reads_a_number_behind_however_spelled_a_label(words: str) -> None:
    assert read_words((300, 20, words)).fields.get("invoice_number") == DIGITAL.number


@pytest.mark.parametrize(
    ("words", "total"),
    [
        ("价税合计（大写）⊗叁仟伍佰玖拾柒圆整 （小写）¥3597.00", "3597.00"),
        ("价 税 合 计 (大写) 叁仟伍佰玖拾柒元整 (小写) ￥3,597.00", "3597.00"),
        ("价税合计（大写） 叁仟伍佰玖拾柒圆整 （小写）￥3597", "3597.00"),
        ("价税合计（大写） 叁仟伍佰玖拾柒圆伍角 （小写）￥3597.5", "3597.50"),
        ("价税合计（大写） （负数）壹佰圆整 （小写）¥-100.00", "-100.00"),
        ("价税合计（大写） （负数）壹佰圆整 （小写）-¥100.00", "-100.00"),
        ("价税合计：￥3597.00", "3597.00"),
        ("价税合计（大写） 叁仟伍佰玖拾柒圆整 （小写}¥3597.00", "3597.00"),
        ("价税合计（大写） 壹佰壹拾贰圆整 （小写）3", None),
    ],
)
def test_it_reads_a_total_in_any_form(words: str, total: str | None) -> None:
    found = read_words((20, 300, words)).fields.get("total")
    assert found == (None if total is None else Decimal(total))


@pytest.mark.parametrize(
    ("rate", "tax", "expected"),
    [
        ("9%", "90.00", "90.00"),
        ("免税", "***", "0.00"),
        ("***", "***", "0.00"),
        ("不征税", "***", "0.00"),
        ("0%", "0.00", "0.00"),
        ("出口零税率", "***", "0.00"),
        ("1％", "10.00", "10.00"),
    ],
)
def test_it_reads_a_row_at_any_rate(rate: str, tax: str, expected: str) -> None:
    titles = ("项目名称", "规格型号", "单 位", "数 量", "单 价", "金 额", "税率/征收率", "税 额")
    header = [(20 + 70.0 * column, 200, title) for column, title in enumerate(titles)]
    cells = ("*蔬菜*白菜", "", "公斤", "500", "2", "1000.00", rate, tax)
    row = [(20 + 70.0 * column, 220, cell) for column, cell in enumerate(cells)]
    sums = [(20, 240, "合 计"), (370, 240, "¥1000.00"), (510, 240, "***" if tax == "***" else f"¥{tax}")]
    found = read_words(*header, *row, *sums)
    assert [(item.name, item.quantity, item.unit, item.amount, item.tax) for item in found.items] == [
        ("*蔬菜*白菜", Decimal(500), "公斤", Decimal("1000.00"), Decimal(expected))
    ]
    assert (found.fields["amount"], found.fields["tax"]) == (Decimal("1000.00"), Decimal(expected))


@pytest.mark.parametrize(
    "title", ["货物或应税劳务、服务名称", "货物或应税劳务名称", "劳务名称", "货物名称", "品 名", "商品名称"]
)
def test_it_knows_the_goods_table_by_any_title(title: str) -> None:
    found = read_words(
        (20, 200, title), (200, 200, "单位"), (270, 200, "数量"), (340, 200, "单价"), (410, 200, "金额"),
        (20, 220, "盐源苹果"), (200, 220, "箱"), (270, 220, "3"), (340, 220, "20.00"), (410, 220, "60.00"),
    )  # fmt: skip
    assert [(item.name, item.quantity, item.unit, item.amount) for item in found.items] == [
        ("盐源苹果", Decimal(3), "箱", Decimal("60.00"))
    ]


def test_the_days_of_a_toll_are_no_quantities() -> None:
    titles = ("项目名称", "车牌号", "类型", "通行日期起", "通行日期止", "金额", "税率", "税额")
    cells = ("*经营租赁*通行费", "浙B12345", "客车", "20210601", "20210602", "12.62", "3%", "0.38")
    found = read_words(
        *((20 + 80.0 * column, 200, title) for column, title in enumerate(titles)),
        *((20 + 80.0 * column, 220, cell) for column, cell in enumerate(cells)),
    )
    assert [(item.quantity, item.amount, item.tax) for item in found.items] == [
        (None, Decimal("12.62"), Decimal("0.38"))
    ]
    assert found.items[0].name.startswith("*经营租赁*通行费")


def test_a_railway_ticket_gives_its_fare_and_says_that_no_seller_is_on_it() -> None:
    number, day = "25429165818000990281", "20211121"
    data = read(
        pdf(
            [
                (80, 12, "电子发票（铁路电子客票）"),
                (20, 32, f"发票号码:{number}"),
                (140, 32, "开票日期:2021年11月21日"),
                (20, 60, "票价：￥87.00"),
                (20, 80, f"购买方名称:{BUYER.name}"),
                (120, 80, f"统一社会信用代码:{BUYER.id}"),
            ],
            qr=f"01,51,,{number},87.00,{day},,219a",
        )
    )
    assert (data.kind, data.identity, data.total) == ("invoice", number, Decimal("87.00"))
    assert (data.issue_date, data.buyer_name, data.buyer_id) == (
        datetime.date(2021, 11, 21),
        BUYER.name,
        BUYER.id,
    )
    assert data.problems == ("没有读到销售方名称，请补填。",)


def test_a_younger_kind_of_qr_code_is_read_and_its_sum_not_trusted() -> None:
    data = read(pdf([(20, 60, "备注")], qr="01,99,,25429165818000990281,87.00,20211121,,219a"))
    assert (data.identity, data.total, data.confidence["total"]) == (
        "25429165818000990281",
        Decimal("87.00"),
        0.4,
    )


def test_a_second_copy_of_the_same_invoice_does_not_double_its_goods() -> None:
    document = pypdfium2.PdfDocument(make_invoice_pdf(CLASSIC, "classic"))
    document.import_pages(pypdfium2.PdfDocument(make_invoice_pdf(CLASSIC, "classic")))
    data = read(saved(document))
    assert differences(data, CLASSIC) == {}
    assert data.problems == ()


def test_pages_whose_labels_are_drawn_give_weak_guesses_by_shape_and_place() -> None:
    page = glyphs(
        (430, 20, CLASSIC.code), (430, 36, CLASSIC.number), (430, 52, "2021年03月05日"),
        (430, 68, "12345 67890 12345 67890"), (80, 90, BUYER.name), (80, 105, BUYER.id),
        (80, 200, "*蔬菜*白菜"), (300, 260, "¥3300.00"), (450, 260, "¥297.00"), (400, 280, "¥3597.00"),
        (80, 300, SELLER.name), (80, 315, SELLER.id),
    )  # fmt: skip
    reading, paged = read_text([page])
    fill_by_pattern(paged, reading)
    assert reading.fields == {
        "invoice_code": CLASSIC.code,
        "invoice_number": CLASSIC.number,
        "check_code": CLASSIC.check_code,
        "issue_date": CLASSIC.issue_date,
        "total": CLASSIC.total,
        "amount": CLASSIC.amount,
        "tax": CLASSIC.tax,
        "buyer_name": BUYER.name,
        "buyer_id": BUYER.id,
        "seller_name": SELLER.name,
        "seller_id": SELLER.id,
    }
    assert reading.weak == set(reading.fields)


def test_a_check_code_alone_is_never_taken_for_the_number() -> None:
    reading, paged = read_text([glyphs((430, 68, "62345 67890 12345 67890"))])
    fill_by_pattern(paged, reading)
    assert "invoice_number" not in reading.fields


def test_the_properties_of_a_pdf_are_one_more_source() -> None:
    told = (
        b"/InvoiceNumber (24512000000012345678) /IssueTime (2021-06-30) /TotalAmWithoutTax (3300.01) /Author"
    )
    data = read(make_invoice_pdf(DIGITAL, qr=False).replace(b"/Author", told, 1))
    assert (data.identity, data.source["invoice_number"]) == (DIGITAL.number, "xml")
    assert data.confidence["invoice_number"] == 1.0
    assert "不含税金额不一致：PDF文件属性为 3300.01，票面文字为 3300.00，以PDF文件属性为准。" in data.problems


def test_two_scanned_invoices_in_one_file_are_said() -> None:
    other = replace(DIGITAL, number="24512000000099999999")
    images = [
        pypdfium2.PdfDocument(make_invoice_pdf(spec))[0].render(scale=2).to_pil().convert("L")
        for spec in (DIGITAL, other)
    ]
    out = io.BytesIO()
    images[0].save(out, "PDF", save_all=True, append_images=images[1:])
    data = read(out.getvalue())
    assert data.identity == DIGITAL.number
    assert (
        "文件里有 2 张发票（24512000000012345678、24512000000099999999），只读了第一张，请拆开上传。"
        in data.problems
    )


def test_a_name_longer_than_its_block_is_not_cut_at_the_next_one() -> None:
    name = "慈溪市某某街道办事处机关后勤服务中心联合工会委员会"
    found = read_words(
        (20, 100, f"名称：{name}"), (20, 118, f"纳税人识别号：{BUYER.id}"),
        (240, 90, "密"), (240, 102, "码"), (240, 114, "区"), (300, 100, "906-6-2*>/1>3646>5024840"),
        (20, 300, f"名称：{SELLER.name}"), (20, 318, f"纳税人识别号：{SELLER.id}"),
    )  # fmt: skip
    assert (found.fields["buyer_name"], found.fields["seller_name"]) == (name, SELLER.name)


def test_a_specification_that_touches_a_full_name_is_no_part_of_it() -> None:
    titles = (
        (20, "货物或应税劳务、服务名称"),
        (160, "规格型号"),
        (230, "单位"),
        (300, "金额"),
        (370, "税率"),
    )
    found = read_words(
        *((float(x), 200.0, title) for x, title in titles),
        (20, 220, "*肉及肉制品*牛肉干五香味整"), (155, 220, "一级"), (300, 220, "17563.01"), (370, 220, "1%"),
    )  # fmt: skip
    assert [item.name for item in found.items] == ["*肉及肉制品*牛肉干五香味整"]


def test_one_code_on_a_page_without_labels_is_the_sellers() -> None:
    page = glyphs((80, 90, "个人"), (80, 300, SELLER.name), (80, 315, SELLER.id))
    reading, paged = read_text([page])
    fill_by_pattern(paged, reading)
    assert reading.fields == {"buyer_name": "个人", "seller_name": SELLER.name, "seller_id": SELLER.id}


def test_the_same_sum_twice_on_a_page_without_labels_is_untaxed() -> None:
    reading, paged = read_text([glyphs((80, 90, "¥860.00"), (200, 90, "***"), (80, 110, "¥860.00"))])
    fill_by_pattern(paged, reading)
    assert reading.fields == {"total": Decimal("860.00"), "amount": Decimal("860.00"), "tax": Decimal("0.00")}

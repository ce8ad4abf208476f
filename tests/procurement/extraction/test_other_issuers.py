"""Papers that no generator draws: tickets, vehicles, fares, rolls, printed-by-machine ones, slips of banks and telephones."""

from datetime import date
from decimal import Decimal

import pytest

from procurement.extraction import InvoiceData, read
from procurement.extraction.data import Item
from procurement.extraction.merge import NO_ROWS
from tests.procurement.extraction.pages import Words, pdf
from tests.procurement.extraction.specs import BUYER, SELLER

NUMBER = "24332000000012345678"
DAY = date(2024, 5, 20)
PARTIES: list[Words] = [
    *[(8, 28 + 6 * place, char) for place, char in enumerate("购买方信息")],
    *[(106, 28 + 6 * place, char) for place, char in enumerate("销售方信息")],
    (14, 34, f"名称：{BUYER.name}"),
    (14, 46, f"统一社会信用代码/纳税人识别号：{BUYER.id}"),
    (112, 34, f"名称：{SELLER.name}"),
    (112, 46, f"统一社会信用代码/纳税人识别号：{SELLER.id}"),
]
SUMS: list[Words] = [
    (14, 100, "合"),
    (30, 100, "计"),
    (148, 100, "¥1000.00"),
    (190, 100, "¥90.00"),
    (14, 107, "价税合计（大写）"),
    (60, 107, "⊗壹仟零玖拾圆整"),
    (140, 107, "（小写）¥1090.00"),
]


def head(title: str) -> list[Words]:
    return [(75, 12, title), (150, 12, f"发票号码：{NUMBER}"), (150, 18, "开票日期：2024年05月20日")]


def table(*columns: tuple[float, str, str]) -> list[Words]:
    """Titles, and one row: place, title, what stands under it."""
    titles = [(x, 60.0, title) for x, title, _ in columns]
    cells = [(x, 66.0, cell) for x, _, cell in columns if cell]
    return [
        *titles, (140, 60, "金额"), (160, 60, "税率/征收率"), (188, 60, "税额"),
        *cells, (146, 66, "1000.00"), (163, 66, "9%"), (190, 66, "90.00"),
    ]  # fmt: skip


def facts(data: InvoiceData) -> tuple[object, ...]:
    return data.identity, data.issue_date, data.total, data.buyer_name, data.seller_name


REMARKS = [(20, 114, "合计优惠¥10.00 实付¥1080.00"), (20, 119, "开票日期：2023年01月01日 购买方名称：某公司")]
LAYOUTS: dict[str, tuple[list[Words], Item]] = {
    "a fare: price before number, travellers below": (
        [
            *table((10, "项目名称", "*运输服务*客运服务费"), (50, "单价", "1000.00"), (90, "数量", "1")),
            (10, 72, "出行人"), (40, 72, "有效身份证件号"), (80, 72, "出行日期"),
            (10, 78, "李四"), (80, 78, "2024-05-18"), (105, 78, "宁波"),
        ],
        Item("*运输服务*客运服务费", Decimal(1), "", Decimal("1000.00"), Decimal("90.00")),
    ),
    "a rent": (
        table((10, "项目名称", "*不动产经营租赁*房租"), (50, "产权证书/不动产权证号", "浙2020慈溪0012345"),
              (95, "面积单位", "平方米")),
        Item("*不动产经营租赁*房租", None, "平方米", Decimal("1000.00"), Decimal("90.00")),
    ),
    "a building": (
        table((10, "项目名称", "*建筑服务*工程款"), (50, "建筑服务发生地", "宁波市"), (90, "建筑项目名称", "食堂改造")),
        Item("*建筑服务*工程款", None, "", Decimal("1000.00"), Decimal("90.00")),
    ),
    "sums, days and names among the remarks": (
        [*table((10, "项目名称", "*农产品*苦荞茶"), (66, "单位", "盒"), (82, "数量", "10"), (100, "单价", "100.00")),
         *REMARKS],
        Item("*农产品*苦荞茶", Decimal(10), "盒", Decimal("1000.00"), Decimal("90.00")),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LAYOUTS)
def test_its_own_columns_are_read(name: str) -> None:
    words, item = LAYOUTS[name]
    data = read(pdf([*head("电子发票（普通发票）"), *PARTIES, *words, *SUMS]))
    assert facts(data) == (NUMBER, DAY, Decimal("1090.00"), BUYER.name, SELLER.name)
    assert (data.items, data.problems) == ((item,), ())


def test_numbers_that_run_into_one_another_are_no_unit() -> None:
    words = table(
        (10, "项目名称", "*农产品*苦荞茶"),
        (66, "单位", ""),
        (80, "数量", "33.33333333333"),
        (101, "单价", "30.00003"),
    )
    data = read(pdf([*head("电子发票（普通发票）"), *PARTIES, *words, *SUMS]))  # fmt: skip
    assert [(item.unit, item.amount) for item in data.items] == [("", Decimal("1000.00"))]


def test_an_invoice_without_rows_says_so() -> None:
    data = read(pdf([*head("电子发票（普通发票）"), *PARTIES, *SUMS]))
    assert data.problems == (NO_ROWS,)


def test_a_flight_is_read_by_its_own_words() -> None:
    data = read(
        pdf(
            [
                (50, 10, "电子发票（航空运输电子客票行程单）"), (150, 8, f"发票号码：{NUMBER}"),
                (10, 40, "自：宁波"), (50, 40, "MU5678"), (100, 40, "2024年05月18日"),
                (10, 60, "票价 CNY 900.00"), (50, 60, "燃油附加费 CNY 60.00"), (120, 60, "增值税税额 CNY 79.27"),
                (10, 66, "民航发展基金 CNY 50.00"), (110, 66, "合计 CNY 1089.27"),
                (10, 82, "填开单位：中国东方航空股份有限公司"), (110, 82, "填开日期：2024年05月20日"),
                (10, 90, f"购买方名称：{BUYER.name}"), (100, 90, f"统一社会信用代码：{BUYER.id}"),
            ]
        )
    )  # fmt: skip
    assert facts(data) == (NUMBER, DAY, Decimal("1089.27"), BUYER.name, "中国东方航空股份有限公司")
    assert (data.tax, data.amount, data.problems) == (Decimal("79.27"), None, ())


VEHICLES: dict[str, tuple[str, list[Words]]] = {
    "paper": (
        "13302202000112345678",
        [
            (60, 10, "机动车销售统一发票"), (20, 18, "发票代码 133022020001"), (100, 18, "发票号码 12345678"),
            (20, 24, "开票日期 2024-05-20"), (10, 36, "购买方名称及身份证号码/组织机构代码"), (90, 36, BUYER.name),
            (10, 44, "纳税人识别号"), (90, 44, BUYER.id), (10, 68, "价税合计"), (50, 68, "⊗壹拾万圆整"),
            (120, 68, "小写 ¥100000.00"), (10, 76, "销货单位名称"), (50, 76, SELLER.name), (10, 84, "纳税人识别号"),
            (50, 84, SELLER.id), (70, 100, "增值税税额 ¥11504.42"), (10, 108, "不含税价 小写 ¥88495.58"),
        ],
    ),
    "digital": (
        NUMBER,
        [
            (60, 10, "电子发票（机动车销售统一发票）"), (20, 18, f"发票号码：{NUMBER}"), (20, 24, "开票日期：2024年05月20日"),
            (10, 36, f"购买方名称：{BUYER.name}"), (10, 44, f"统一社会信用代码/纳税人识别号/身份证件号码：{BUYER.id}"),
            (10, 68, "价税合计"), (50, 68, "壹拾万圆整"), (120, 68, "小写 ¥100000.00"),
            (10, 76, f"销货单位名称：{SELLER.name}"), (10, 84, f"纳税人识别号：{SELLER.id}"),
            (70, 100, "增值税税额 ¥11504.42"), (10, 108, "不含税价 小写 ¥88495.58"),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", VEHICLES)
def test_a_vehicle_is_read_by_its_own_words(name: str) -> None:
    identity, words = VEHICLES[name]
    data = read(pdf(words))
    assert facts(data) == (identity, DAY, Decimal("100000.00"), BUYER.name, SELLER.name)
    assert (data.amount, data.tax) == (Decimal("88495.58"), Decimal("11504.42"))
    assert (data.buyer_id, data.seller_id) == (BUYER.id, SELLER.id)


PAPERS: dict[str, tuple[str, list[str]]] = {
    "a bank's slip with its sum behind the capitals": (
        "payment",
        ["中国工商银行 网上银行电子回单", f"付款人 户名 {BUYER.name}", f"收款人 户名 {SELLER.name}",
         "金额 人民币（大写）：壹仟零玖拾元整  ¥1,090.00元", "记账日期 2024年05月20日"],
    ),
    "another bank's slip": (
        "payment",
        ["中国农业银行 电子回单", "交易时间：2024-05-20 10:15:30", "金额(小写)：1,090.00", "金额(大写)：壹仟零玖拾元整"],
    ),
    "a delivery note": (
        "freight",
        ["送 货 单", "日期：2024年5月20日", "合计金额（大写）：壹仟零玖拾元整  ¥1090.00", f"送货单位：{SELLER.name}"],
    ),
    "an order on the platform": (
        "payment",
        ["脱贫地区农副产品网络销售平台（832平台）", "下单时间：2024-05-20 10:00:00", "订单总额：¥1090.00", "付款方式：对公转账"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAPERS)
def test_a_paper_beside_the_invoice_has_its_day_and_sum(name: str) -> None:
    kind, lines = PAPERS[name]
    data = read(pdf([(10, 10 + 8 * row, line) for row, line in enumerate(lines)]))
    assert (data.document, data.issue_date, data.total, data.amount) == (kind, DAY, Decimal("1090.00"), None)
    assert data.on_832 == ("platform" in name)

"""Text by position, however the writer ordered and spelled it; papers that are no invoices."""

import random
from collections.abc import Callable
from decimal import Decimal

import pypdfium2
import pytest

from assessment.demo.invoices import make_invoice_pdf
from procurement.extraction.capitals import find_capital
from procurement.extraction.documents import fill_document, guess
from procurement.extraction.layout import Glyph, take_columns
from procurement.extraction.partial import Reading
from procurement.extraction.pdf_pages import page_glyphs
from procurement.extraction.text import read_text
from procurement.extraction.unlabelled import fill_by_pattern
from tests.procurement.extraction.specs import LAYOUTS

Page = list[Glyph]
RADICALS = str.maketrans("方金长食人月日一", "⽅⾦⻓⻝⼈⽉⽇⼀")


def pages(name: str) -> list[Page]:
    spec, layout = LAYOUTS[name]
    document = pypdfium2.PdfDocument(make_invoice_pdf(spec, layout))
    return [page_glyphs(document[index]) for index in range(len(document))]


WAYS: dict[str, Callable[[Page], Page]] = {
    "in another drawing order": lambda page: random.Random(3).sample(page, len(page)),
    "at another scale": lambda page: [
        Glyph(g.char, g.x0 * 0.7 + 3, g.x1 * 0.7 + 3, g.y * 0.7, g.size * 0.7) for g in page
    ],
    "figures set lower": lambda page: [
        g._replace(y=g.y + 2.5) if g.char in "0123456789.-" else g for g in page
    ],
    "with radicals for characters": lambda page: [g._replace(char=g.char.translate(RADICALS)) for g in page],
    "without vertical labels": lambda page: take_columns(page)[1],
    "drawn twice to look bold": lambda page: [
        h for g in page for h in (g, g._replace(x0=g.x0 + 0.3, x1=g.x1 + 0.3))
    ],
}


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("way", WAYS)
def test_it_reads_the_same_text(name: str, way: str) -> None:
    spec, _ = LAYOUTS[name]
    reading, _ = read_text([WAYS[way](page) for page in pages(name)])
    expected = {
        "invoice_number": spec.number,
        "issue_date": spec.issue_date,
        "total": spec.total,
        "amount": spec.amount,
        "tax": spec.tax,
        "buyer_name": spec.buyer.name,
        "seller_name": spec.seller.name,
        "seller_id": spec.seller.id,
    }
    assert {field: reading.fields.get(field) for field in expected} == expected
    assert [(i.name, i.amount, i.tax) for i in reading.items] == [
        (i.name, i.amount, i.tax) for i in spec.items
    ]
    assert reading.capital == spec.total


def test_the_vertical_label_decides_who_buys_wherever_its_block_stands() -> None:
    spec, _ = LAYOUTS["farm"]
    swap = str.maketrans("购买销售", "销售购买")
    page = pages("farm")[0]
    turned = [g._replace(char=g.char.translate(swap)) if g.x0 < 30 or 299 < g.x0 < 312 else g for g in page]
    reading, _ = read_text([turned])
    assert (reading.fields["buyer_name"], reading.fields["seller_name"]) == (
        spec.seller.name,
        spec.buyer.name,
    )
    assert (reading.fields["buyer_id"], reading.fields["seller_id"]) == (spec.seller.id, spec.buyer.id)


def test_a_page_without_labels_is_guessed_and_marked_weak() -> None:
    rows = ("24512000000012345678", "2021年06月30日", "¥3300.00", "¥297.00", "¥3597.00")
    page = [
        Glyph(char, 10 + 6 * n, 15 + 6 * n, 20 * row, 9)
        for row, text in enumerate(rows)
        for n, char in enumerate(text)
    ]
    reading, paged = read_text([page])
    assert reading.fields == {}
    fill_by_pattern(paged, reading)
    assert reading.fields["invoice_number"] == "24512000000012345678"
    assert reading.fields["total"] == Decimal("3597.00")
    assert reading.weak == set(reading.fields)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("价税合计(大写)⊗肆仟肆佰肆拾玖圆整(小写)¥4449.00", "4449"),
        ("伍佰贰拾陆元叁角整", "526.30"),
        ("壹万零伍元零叁分", "10005.03"),
        ("(负数)壹佰圆整", "-100"),
        ("负壹佰圆整", "-100"),
        ("伍角", "0.50"),
        ("整数部分", None),
    ],
)
def test_it_reads_a_sum_in_capitals(line: str, value: str | None) -> None:
    assert find_capital(line) == (None if value is None else Decimal(value))


PAPERS = {
    "payment": "某银行电子回单\n交易日期:2021-06-30\n付款人:某单位\n收款人:某合作社\n金额(小写):¥3,597.00\n大写:叁仟伍佰玖拾柒元整",
    "freight": "公路货物运单\n托运日期:2021年6月28日\n运费合计:¥300.00",
    "contract": "农产品采购合同\n甲方:某单位\n乙方:某合作社\n乙方应开具增值税普通发票\n签订日期:2021年6月1日\n合同总价:¥3597.00",
    "unknown": "会议通知\n请各单位参加",
}


@pytest.mark.parametrize("kind", PAPERS)
def test_it_tells_papers_apart(kind: str) -> None:
    assert guess(PAPERS[kind]) == kind


def test_it_takes_a_papers_date_and_sum_only_when_they_are_plain() -> None:
    reading = Reading("text", "票面文字")
    fill_document(PAPERS["payment"], reading)
    assert reading.fields["total"] == Decimal("3597.00")
    assert str(reading.fields["issue_date"]) == "2021-06-30"
    assert reading.fields["seller_name"] == "某合作社"
    assert reading.weak == {"total", "issue_date", "seller_name"}
    doubtful = Reading("text", "票面文字")
    fill_document(PAPERS["payment"] + "\n金额:¥12.00", doubtful)
    assert "total" not in doubtful.fields


@pytest.mark.parametrize(
    ("text", "seller"),
    [
        ("收款人户名:布拖县高山农产品有限公司\n收款人账号:6222", "布拖县高山农产品有限公司"),
        ("付款人:临江小学收款人名称:昭觉县供销合作社", "昭觉县供销合作社"),
        ("供方(卖方):常山县胡柚(集团)有限公司\n需方:临江小学", "常山县胡柚(集团)有限公司"),
        ("发货单位:布拖县高山农产品有限公司", "布拖县高山农产品有限公司"),
        ("乙方应向甲方开具发票,甲方:某公司", None),
        ("收款人:甲合作社\n收款人:乙合作社", None),
        ("付款人:临江小学", None),
    ],
)
def test_it_takes_the_seller_of_a_paper_only_when_one_is_named(text: str, seller: str | None) -> None:
    reading = Reading("text", "票面文字")
    fill_document(text, reading)
    assert reading.fields.get("seller_name") == seller

"""What kind of paper a text is: invoice, payment, freight, contract; a guess for sorting, nothing more."""

from __future__ import annotations

import re

from procurement.extraction.capitals import find_capital
from procurement.extraction.partial import Reading
from procurement.extraction.values import parse_date, parse_money

_INVOICE = re.compile(
    r"发票号码:?\d{8}|^.{0,12}电子发票\((?:普通|增值税专用)发票|电子发票\((?:铁路|航空)|^.{0,4}增值税.{0,4}发票.{0,12}$|^.{0,6}通用机打发票",
    re.M,
)
_SIGNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("contract", re.compile(r"合同|协议书|购销协议")),
    (
        "payment",
        re.compile(
            r"回单|付款凭证|转账凭证|汇款|支付凭证|电子凭证|付款人|收款人(?:名称|户名|账号)|交易流水"
            r"|(?:转账|支付|付款|交易)成功|支付时间|转账时间|收款方|付款方式|交易单号|微信支付|支付宝|账单详情|进账单|支票存根"
        ),
    ),
    (
        "freight",
        re.compile(
            r"运单|托运|承运|货运|物流单|快递单|提货单|送货单|发货单|装车单|出库单|配送单|过磅单|磅单"
        ),
    ),
    ("contract", re.compile(r"甲方|乙方|供方|需方")),
)
_TITLE = 5  # lines at the top where a paper says what it is


def guess(text: str) -> str:
    """invoice, payment, freight, contract or unknown: by the heading, else by the first sign anywhere.

    `text` is folded and without blanks, a line of the page a line.
    """
    if _INVOICE.search(text):
        return "invoice"
    heading = "\n".join(text.split("\n", _TITLE)[:_TITLE])
    for part in (heading, text):
        for kind, sign in _SIGNS:
            if sign.search(part):
                return kind
    return "unknown"


_DAY = re.compile(
    r"(?:交易|付款|转账|记账|入账|支付|签订|签约|签署|发货|送货|托运|制单|日期|时间)(?:日期|时间|日)?:?"
    r"(\d{4}年\d{1,2}月\d{1,2}日|[二〇零一三四五六七八九]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
    r"|\d{4}[-/.](?:1[0-2]|0?[1-9])[-/.](?:3[01]|[12]\d|0?[1-9])|\d{8}(?!\d))"
)
_SUM = re.compile(
    r"(?:金额|总价|总额|价款|货款|合计|运费|小写|实付|实付款)(?:\([^)]{0,8}\))?(?:为|:|\)|人民币|RMB|CNY)*"
    r"(?:¥?(-?\d[\d,]*\.\d{2})(?!\d)|¥(-?\d[\d,]*)(?![\d.,])|(-?\d[\d,]*(?:\.\d)?)(?=元))"
)
_LONE = re.compile(r"^[-+]?¥?[-+]?(\d[\d,]*\.\d{2})元?$", re.M)  # how a telephone shows what was paid


_WORDS = re.compile(r"[壹贰叁肆伍陆柒捌玖拾佰仟]{2,}.{0,12}[元圆整正]")

_NAME = r"([\u4e00-\u9fffA-Za-z0-9()·]{2,60}(?:公司|合作社|经营部|商行|商店|超市|厂|店|场|基地|中心|社|户))"
_SELLER = re.compile(
    rf"(?:(?:收款|发货|托运|寄件)(?:人|方|单位)(?:名称|户名|全称)?:?|(?:乙方|供方|卖方|供货方|出卖人)(?:\([^)]{{0,8}}\))?:){_NAME}"
)


def fill_document(text: str, reading: Reading) -> None:
    """Date, sum and seller of a paper that is no invoice, only when every labelled one agrees; weak in any case."""
    days = {parse_date(found) for found in _DAY.findall(text)} - {None}
    sums = {parse_money("".join(found)) for found in _SUM.findall(text)} - {None}
    sums = sums or {parse_money(found) for found in _LONE.findall(text)} - {None}
    capitals = {find_capital(line) for line in text.split("\n") if _WORDS.search(line)} - {None}
    reading.capital = next(iter(capitals)) if len(capitals) == 1 else None
    for name in ("amount", "tax"):  # what no such paper tells apart from its sum
        reading.fields.pop(name, None)
    if not sums and reading.capital is not None:
        sums = {reading.capital}
    if len(days) == 1:
        reading.put("issue_date", days.pop(), weak=True)
    sellers = set(_SELLER.findall(text))
    if len(sellers) == 1:
        reading.put("seller_name", sellers.pop(), weak=True)
    if len(sums) == 1:
        reading.put("total", sums.pop(), weak=True)

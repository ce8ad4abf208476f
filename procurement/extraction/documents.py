"""What kind of paper a text is: invoice, payment, freight, contract; a guess for sorting, nothing more."""

from __future__ import annotations

import re

from procurement.extraction.partial import Reading
from procurement.extraction.values import parse_date, parse_money

_SIGNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("invoice", re.compile(r"电子发票|增值税.{0,6}发票|发票号码|通用机打发票|收购发票")),
    (
        "payment",
        re.compile(r"回单|付款凭证|转账凭证|汇款|支付凭证|付款人|收款人(?:名称|户名|账号)|交易流水|网上银行"),
    ),
    ("freight", re.compile(r"运单|托运|承运|货运|物流单|快递单|提货单|送货单|发货单|装车单")),
    ("contract", re.compile(r"合同|协议书|甲方|乙方|采购协议")),
)


def guess(text: str) -> str:
    """The first kind with a sign in the text (folded, without blanks); "unknown" when there is none."""
    return next((kind for kind, sign in _SIGNS if sign.search(text)), "unknown")


_DAY = re.compile(
    r"(?:交易|付款|转账|记账|入账|支付|签订|签约|签署|发货|托运|日期|时间)(?:日期|时间|日)?:?"
    r"(\d{4}年\d{1,2}月\d{1,2}日|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{8}(?!\d))"
)
_SUM = re.compile(
    r"(?:金额|总价|总额|价款|合计|运费|小写)(?:\([^)]{0,8}\))?(?:为|:|\)|人民币|RMB|CNY)*¥?(-?\d[\d,]*\.\d{2})(?!\d)"
)


def fill_document(text: str, reading: Reading) -> None:
    """Date and sum of a paper that is no invoice, only when every labelled one agrees; weak in any case."""
    days = {parse_date(found) for found in _DAY.findall(text)} - {None}
    sums = {parse_money(found) for found in _SUM.findall(text)} - {None}
    if len(days) == 1:
        reading.put("issue_date", days.pop(), weak=True)
    if len(sums) == 1:
        reading.put("total", sums.pop(), weak=True)

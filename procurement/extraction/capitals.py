"""价税合计大写 → 元, by cn2an for the whole part; 角 and 分 are single digits."""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = dict(zip("零壹贰叁肆伍陆柒捌玖", range(10), strict=True))
_RUN = re.compile(r"[零〇壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆圓角分整正负]{2,40}")
_FORM = re.compile(
    r"(负?)(?:([零壹贰叁肆伍陆柒捌玖拾佰仟万亿]+)元)?零?(?:([零壹贰叁肆伍陆柒捌玖])角)?零?(?:([零壹贰叁肆伍陆柒捌玖])分)?整?"
)


def parse_capital(text: str) -> Decimal | None:
    """None when it is no sum in capitals."""
    import cn2an

    text = text.replace("圆", "元").replace("圓", "元").replace("正", "整").replace("〇", "零")
    match = _FORM.fullmatch(text)
    if not match or not any(match.groups()[1:]):
        return None
    sign, whole, jiao, fen = match.groups()
    try:
        value = Decimal(cn2an.cn2an(whole, "smart")) if whole else Decimal(0)
    except ValueError:
        return None
    value += Decimal(_DIGITS[jiao or "零"]) / 10 + Decimal(_DIGITS[fen or "零"]) / 100
    return -value if sign else value


def find_capital(line: str) -> Decimal | None:
    """The sum in capitals on a line such as 价税合计(大写)⊗肆仟肆佰肆拾玖圆整(小写)¥4449.00."""
    negative = "(负数)" in line
    for run in sorted(_RUN.findall(line), key=len, reverse=True):
        if (value := parse_capital(run)) is not None:
            return -abs(value) if negative else value
    return None

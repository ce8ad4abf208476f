"""Each row by itself: what the closed lists and signs of a line allow."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from procurement.choices import Holiday, Use
from procurement.imports.names import suggestion
from procurement.imports.report import Problem
from procurement.imports.sheet import Row
from procurement.models import Region


def check_row(row: Row, *, refund: bool, regions: dict[str, Region]) -> Iterator[Problem]:
    problem = partial(Problem, row.number)
    region, use, holiday = row.get("产地"), row.get("用途"), row.get("法定节日")
    if region and region not in regions:
        yield problem("产地", region, f"没有这个产地，{suggestion(region, regions)}")
    if use == Use.UNION_HOLIDAY and not holiday:
        yield problem("法定节日", "", f"用途为工会节日慰问，应填 {'、'.join(Holiday.labels)} 之一")
    if holiday and use and use != Use.UNION_HOLIDAY:
        yield problem(
            "法定节日", Holiday(holiday).label, "只有用途为工会节日慰问才填法定节日，请清空或改用途"
        )
    amount, overlap = row.get("金额"), row.get("其中已登记金额")
    if amount is None:
        return
    if amount == 0:
        yield problem("金额", "0", "金额不能为 0")
    elif refund and amount > 0:
        yield problem("金额", str(amount), f"填了原采购编号即为退货，金额应为负数，如 -{amount}")
    elif not refund and amount < 0:
        yield problem("金额", str(amount), "金额为负数的是退货，请填写原采购编号")
    if overlap:
        if use and use != Use.COMMERCE:
            yield problem("其中已登记金额", str(overlap), "只有用途为商务帮扶才填其中已登记金额")
        elif (overlap > 0) != (amount > 0) or abs(overlap) > abs(amount):
            yield problem("其中已登记金额", str(overlap), f"应在 0 与金额 {amount} 之间")

"""The parts of 帮扶工作 that are no kind of record, as its first page lists them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Value

from cixi_xiezuo.waits import how_many
from initiatives.funds import scope as funds
from initiatives.inspection import scope as inspection
from initiatives.market import recognised
from initiatives.market import scope as market
from initiatives.publicity import scope as publicity
from procurement.models import Blacklisting
from units.models import User


@dataclass(frozen=True, slots=True)
class Section:
    """`rows`: what the person may see of it, to be counted; None for what has no number. `url`: its address's name."""

    title: str
    url: str
    icon: str
    about: str
    clause: str
    rows: Callable[[Any], QuerySet[Any]] | None = None


SECTIONS = (
    Section(
        "质量价格投诉",
        "complaints",
        "message-report",
        "对供应商或产品质量、价格的投诉，由市场监管等部门检查、认定、办结。",
        "第五部分（三）",
        market.visible,
    ),
    Section(
        "黑名单",
        "blacklist",
        "ban",
        "列入期间向该供应商的采购会提示；只作提示，不影响计入。",
        "第五部分（三）",
        lambda user: Blacklisting.objects.all(),
    ),
    Section(
        "认定目录",
        "recognised",
        "list-check",
        "有认定编号的供应商和产品及有效期；到期后的采购会提示。",
        "第五部分（三）",
        lambda user: recognised.recognised({}).qs,
    ),
    Section(
        "扶持资金",
        "schemes",
        "coin-yuan",
        "年度扶持政策与预算；以采购和基地为依据申请，市商务局、市财政局共同审定，拨付后公示。",
        "第五部分（二）",
        funds.visible,
    ),
    Section(
        "督查",
        "inspections",
        "report-search",
        "市对口支援办对单位或采购的督查：问题、答复与佐证、结论、整改、办结；可建议撤销核准。",
        "第五部分（一）",
        inspection.visible,
    ),
    Section(
        "考核评分",
        "scores",
        "star",
        "市级部门、镇、街道、管委会的年度评分：完成率、报送、数据质量、任务由系统计算，其余由市商务局评定。",
        "第五部分（一）",
    ),
    Section(
        "宣传与典型",
        "stories",
        "photo",
        "好经验、好做法和典型，由各单位撰写、市商务局审核发布，配图片；可开放给社会公众。",
        "第五部分（四）",
        publicity.visible,
    ),
    Section(
        "产品比价",
        "prices",
        "scale",
        "同一产品在各供应商的最低、中位、最高单价，供采购议价参考。",
        "第五部分（三）",
    ),
)


def counted(user: Any) -> list[tuple[Section, int | None]]:
    """Each with how many there are for the person, None where it has no number. One query for all."""
    rows = {each.url: each.rows(user) for each in SECTIONS if each.rows}
    counts = {name: how_many(found.annotate(together=Value(1)), "together") for name, found in rows.items()}
    found = User.objects.filter(pk=user.pk).annotate(**counts).values(*counts).get()
    return [(each, found.get(each.url)) for each in SECTIONS]

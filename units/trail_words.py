"""A trail row's content in short sentences, whatever verb wrote it."""

from __future__ import annotations

from typing import Any

from units.kinds import Affiliation, Canteen, Kind
from units.models import BaseStatus

WORDS = {
    "before": "变更前",
    "after": "变更后",
    "changes": "变更",
    "changed": "变更",
    "reason": "原因",
    "reasons": "原因",
    "name": "名称",
    "number": "编号",
    "total": "合计",
    "recognised": "核定",
    "unit": "单位",
    "role": "角色",
    "filters": "查询条件",
    "rows": "行数",
    "format": "格式",
    "as_of": "截止日",
    "size": "大小",
    "sha256": "文件校验值",
    "digest": "校验值",
    "score_digest": "评分校验值",
    "version": "版本",
    "method": "方法",
    "status": "状态",
    "address": "地址",
    "receiver": "受托人",
    "since": "起",
    "until": "止",
    "title": "标题",
    "values": "内容",
    "lines": "明细",
    "answer": "答复",
    "left_out": "不再计入",
    "started": "开始",
    "incident": "编号",
    "work": "后台工作",
    "to": "发给",
    "text": "内容",
    "was": "原状态",
    "moved": "移动",
    "receipt": "票据",
    "headcount": "人数",
    "canteen_budget": "食堂采购预算",
    "holiday_gifts": "节日慰问品总额",
    "target": "采购目标",
    "assistance_base": "帮扶资金基数",
    "listed": "宁波名单企业",
    "canteen": "食堂情况",
    "canteen_representative_id": "共用代表单位",
    "reserve_percent": "预留比例",
    "purchase_date": "采购日期",
    "invoice_date": "开票日期",
    "supplier": "供应商",
    "channel": "采购渠道",
    "original": "原采购",
    "note": "备注",
    "product_name": "产品名称",
    "measure": "计量单位",
    "quantity": "数量",
    "amount": "金额",
    "use": "用途",
    "holiday": "法定节日",
    "region": "产地",
    "overlap": "其中已登记金额",
    "answers": "疑点说明",
    "identity": "发票",
    "kind": "类别",
    "uscc": "统一社会信用代码",
    "active": "在用",
    "affiliation": "隶属层级",
    "supervisor_id": "主管部门",
    "town_id": "所在镇街",
    "host_id": "所属单位",
    "canteen_operator": "食堂承包单位",
    "canteen_operator_uscc": "食堂承包单位信用代码",
    "canteen_operator_since": "食堂承包自",
    "moved_lines": "改变责任单位的明细",
    "document_numbers": "文号",
    "holidays": "法定节日",
    "holiday_days": "节日日期",
    "reviewed_twice": "两级审核的类别",
    "pairings": "结对地区",
    "rules": "规则",
    "position": "次序",
    "clause": "条款",
    "quote": "原文",
    "percent": "比例",
    "subject_kinds": "适用单位类别",
    "parameters": "口径参数",
    "lead": "牵头单位",
    "organisers": "组织单位",
    "copied_from": "复制自",
    "years": "年度",
    "value": "值",
    "file": "文件",
    "query": "查询条件",
    "created": "新增",
    "updated": "更新",
    "added": "新增",
    "approved": "核准",
    "numbers": "编号",
    "purchases": "采购",
    "units": "单位",
    "count": "条数",
    "chosen": "筛选",
    "files": "票据",
    "part": "第几包",
    "city_total": "全市总额",
    "dept_town_total": "部门与镇街",
    "canteen_share": "食堂采购占比",
    "union_holiday_share": "工会节日慰问占比",
    "union_welfare_cap": "工会福利限额",
    "financial_share": "金融机构占比",
    "commerce": "商务帮扶",
    "excess": "超限额部分",
    "listed_enterprise": "名单企业",
    "counties": "区县",
    "kinds": "单位类别",
    "duty": "职责",
}
KINDS = dict(Kind.choices)
CHOICES: dict[str, dict[str, str]] = {
    "kind": KINDS,
    "kinds": KINDS,
    "subject_kinds": KINDS,
    "reviewed_twice": KINDS,
    "affiliation": dict(Affiliation.choices),
    "canteen": dict(Canteen.choices),
    "was": dict(BaseStatus.choices),
    "status": {"draft": "草拟", "in_force": "执行", "sealed": "封存"},
}
"""Name → what its values are called."""
LISTS = frozenset(
    {"to", "created", "updated", "added", "approved", "units", "years", "numbers", "holidays", "counties"}
)
LISTS |= {"kinds", "subject_kinds", "reviewed_twice"}
"""What is a list of names, where two of them are not a change from one to the other."""
LONGEST = 300
"""Characters of a value on the page; the export has all of it."""


def word(name: str) -> str:
    """A name of the trail in words, of one with dots each part: "rules.canteen_share.percent"."""
    return " ".join(WORDS.get(part, part) for part in name.split("."))


def sentences(detail: dict[str, Any], longest: int = LONGEST) -> list[str]:
    return [
        f"{word(name)}：{cut(plain(value, name), longest)}" for name, value in detail.items() if _said(value)
    ]


def _said(value: Any) -> bool:
    return value not in (None, "", [], {})


def plain(value: Any, name: str = "") -> str:
    """`value` in words; `name`: what the trail calls it."""
    if isinstance(value, dict):
        return "，".join(f"{word(str(each))} {plain(value[each], each)}" for each in value)
    if isinstance(value, list):
        return _joint(value, name).join(plain(each, name) for each in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if value in (None, ""):
        return "空"
    return CHOICES.get(name.rpartition(".")[2], {}).get(str(value), str(value))


def _joint(values: list[Any], name: str) -> str:
    """Two values, or two lists, are what was and what is; others are rows, or a list of names."""
    of_lists = [isinstance(each, list) for each in values]
    if name.rpartition(".")[2] in LISTS and not any(of_lists):
        return "、"
    change = len(values) == 2 and (all(of_lists) or not any(isinstance(each, list | dict) for each in values))
    return " → " if change else "；"


def cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"

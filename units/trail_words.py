"""A trail row's content in short sentences, whatever verb wrote it."""

from __future__ import annotations

from typing import Any

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
}
LISTS = frozenset({"to"})
"""What is a list of names, where two of them are not a change from one to the other."""
LONGEST = 300
"""Characters of a value on the page; the export has all of it."""


def sentences(detail: dict[str, Any], longest: int = LONGEST) -> list[str]:
    return [
        f"{WORDS.get(name, name)}：{cut(_named(name, value), longest)}"
        for name, value in detail.items()
        if _said(value)
    ]


def _named(name: str, value: Any) -> str:
    return "、".join(map(str, value)) if name in LISTS and isinstance(value, list) else plain(value)


def _said(value: Any) -> bool:
    return value not in (None, "", [], {})


def plain(value: Any) -> str:
    if isinstance(value, dict):
        return "，".join(f"{WORDS.get(str(name), name)} {plain(each)}" for name, each in value.items())
    if isinstance(value, list):
        if len(value) == 2 and all(not isinstance(each, dict | list) for each in value):
            return " → ".join(plain(each) for each in value)
        return "；".join(plain(each) for each in value)
    return "空" if value in (None, "") else str(value)


def cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"

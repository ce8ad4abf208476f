"""The word, colour and icon of every state a record, a reading or a standing can be in.

Colour never stands alone: the badge shows the word, and the icon differs too. Colours: green, blue, orange,
red, grey (static/css/site.css, `badge-…`, `bar-…`).
"""

from __future__ import annotations

from typing import NamedTuple

from django import template

register = template.Library()


class State(NamedTuple):
    label: str
    colour: str
    icon: str


STATES: dict[str, State] = {
    # a purchase
    "draft": State("草稿", "grey", "pencil"),
    "submitted": State("待审核", "blue", "clock"),
    "approved": State("已核准", "green", "circle-check"),
    "returned": State("已退回", "orange", "corner-up-left"),
    "revoked": State("已撤销核准", "red", "arrow-back-up"),
    "void": State("已作废", "grey", "ban"),
    # a standing
    "met": State("达标", "green", "circle-check"),
    "in_progress": State("进行中", "blue", "clock"),
    "not_met": State("未达标", "red", "circle-x"),
    "within": State("未超限额", "green", "circle-check"),
    "exceeded": State("超出限额", "red", "alert-triangle"),
    "reported": State("仅通报", "grey", "report"),
    "missing_base": State("缺基数", "orange", "alert-circle"),
    "not_applicable": State("不适用", "grey", "minus"),
    "no_target": State("未定目标", "grey", "minus"),
    # a day by which something must be done
    "late": State("已逾期", "red", "alert-triangle"),
    "soon": State("快到期", "orange", "clock"),
    "in_time": State("未到期", "green", "circle-check"),
    # a complaint, an inspection, an application
    "case_open": State("待处理", "blue", "clock"),
    "case_asked": State("待答复", "orange", "alert-circle"),
    "case_done": State("已办结", "green", "circle-check"),
    "case_dropped": State("未办理", "grey", "ban"),
    # a delegation
    "coming": State("未开始", "grey", "clock"),
    "holding": State("有效", "green", "circle-check"),
    "over": State("已到期", "grey", "minus"),
    "ended": State("已终止", "grey", "ban"),
    # what waits for the person
    "to_do": State("待处理", "orange", "clock"),
    # a declaration
    "unfiled": State("未填报", "orange", "alert-circle"),
    "filed": State("已填报", "blue", "clock"),
    "confirmed": State("已确认", "green", "circle-check"),
    # a policy
    "drafted": State("草拟", "orange", "pencil"),
    "in_force": State("执行", "green", "circle-check"),
    "sealed": State("封存", "grey", "lock"),
    # a receipt's reading
    "waiting": State("等待识别", "grey", "clock"),
    "reading": State("识别中", "blue", "loader-2"),
    "read": State("已识别", "green", "circle-check"),
    "failed": State("未能识别", "orange", "alert-triangle"),
    "none": State("无需识别", "grey", "minus"),
    # a task of a person
    "job_waiting": State("排队中", "grey", "clock"),
    "job_running": State("进行中", "blue", "loader-2"),
    "job_done": State("已完成", "green", "circle-check"),
    "job_failed": State("没有完成", "red", "circle-x"),
    # an import
    "import_checking": State("预检中", "blue", "loader-2"),
    "import_ready": State("待确认", "orange", "clock"),
    "import_wrong": State("有问题", "red", "alert-triangle"),
    "import_applying": State("导入中", "blue", "loader-2"),
    "import_done": State("已导入", "green", "circle-check"),
    "import_dropped": State("已放弃", "grey", "ban"),
    # an invoice at the state's checking site
    "unchecked": State("未查", "grey", "minus"),
    "matches": State("已查验一致", "green", "shield-check"),
    "differs": State("不一致", "red", "alert-triangle"),
    # a year
    "unlocked": State("未封账", "grey", "lock-open"),
    "locked": State("已封账", "green", "lock"),
    "reopened": State("已启封", "orange", "lock-open"),
}
UNKNOWN = State("", "grey", "minus")


def _state(value: object) -> State:
    return STATES.get(str(value), UNKNOWN)


@register.filter
def state_label(value: object) -> str:
    return _state(value).label or str(value)


@register.filter
def state_colour(value: object) -> str:
    return _state(value).colour


@register.filter
def state_icon(value: object) -> str:
    return _state(value).icon

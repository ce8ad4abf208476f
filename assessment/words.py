"""The Chinese words for what a standing or an explanation says; the same on pages, sheets and the command line."""

from __future__ import annotations

from assessment.rules.reasons import Reason
from assessment.rules.standing import Status

STATUS = {
    Status.MET: "达标",
    Status.IN_PROGRESS: "进行中",
    Status.NOT_MET: "未达标",
    Status.WITHIN: "未超限额",
    Status.EXCEEDED: "超出限额",
    Status.REPORTED: "仅通报",
    Status.MISSING_BASE: "缺基数",
    Status.NOT_APPLICABLE: "不适用",
    Status.NO_TARGET: "未定目标",
}

REASON = {
    Reason.NOT_APPROVED: "未核准",
    Reason.OTHER_YEAR: "非本年度",
    Reason.AFTER_AS_OF: "截止日之后",
    Reason.WRONG_USE: "用途不符",
    Reason.WRONG_CHANNEL: "渠道不符",
    Reason.REGION_NOT_PAIRED: "产地未结对",
    Reason.REGION_NOT_832: "产地非832县",
    Reason.NO_HOLIDAY: "无法定节日",
    Reason.COMMERCE_OVERLAP: "已由单位登记",
    Reason.LISTED_ENTERPRISE: "宁波名单企业",
    Reason.UNATTRIBUTED: "无责任单位",
}
"""Short forms for a cell; the full sentence is `Part.sentence`."""

"""A rule of a policy in words: what it asks for, and how it is read."""

from __future__ import annotations

from collections.abc import Iterator

from assessment import policy_file
from assessment.models import Rule, RuleKind
from cixi_xiezuo.money import yuan_display
from units.kinds import Kind

PARAMETERS = {
    ("commerce", "excluded"): "商务帮扶不计入",
    ("commerce", "included"): "商务帮扶计入（扣除其中已登记金额）",
    ("listed_enterprise", "none"): "宁波市消费帮扶企业名单内的企业不计入任何部门和镇街",
    ("listed_enterprise", "supervisor"): "宁波市消费帮扶企业名单内的企业计入其主管部门",
    ("counties", "is_832"): "832平台上所有脱贫县的产品都计入",
    ("counties", "paired"): "只计结对地区的产品",
    ("expired_recognition", "counted"): "供应商或产品认定过期的仍计入，只作提示",
    ("expired_recognition", "excluded"): "供应商或产品认定过期的不计入，不能提交",
    ("excess", "counted"): "超出限额的部分仍计入全市和部门镇街总额",
    ("excess", "excluded"): "超出限额的部分不计入",
}

PARAMETER_NAMES = {
    "commerce": "商务帮扶",
    "listed_enterprise": "名单内企业",
    "counties": "计入的产地",
    "excess": "超出限额的部分",
    "expired_recognition": "认定过期",
}


def asked(rule: Rule) -> str:
    """The threshold as a sentence."""
    percent = None if rule.percent is None else f"{rule.percent:f}".rstrip("0").rstrip(".")
    amount = None if rule.amount is None else yuan_display(rule.amount)
    if rule.kind in (RuleKind.CITY_TOTAL, RuleKind.DEPT_TOWN_TOTAL):
        return f"全年不低于 {amount} 元" if amount else "没有规定金额"
    if rule.kind == RuleKind.UNION_WELFARE_CAP:
        return f"每人每年不超过 {amount} 元" if amount else "没有规定限额"
    return f"不低于 {percent}%" if percent else "没有规定比例，只通报"


def readings(rule: Rule) -> list[str]:
    """The parameters as sentences; one nobody has words for is shown as it is."""
    known = policy_file.PARAMETERS.get(rule.kind, {})
    unsaid = {name: known[name][0] for name in known if name in policy_file.UNSAID}
    held = (unsaid | rule.parameters).items()
    return [PARAMETERS.get((name, str(value)), f"{name}：{value}") for name, value in held]


def subjects(rule: Rule) -> str:
    kinds = [Kind(kind).label for kind in rule.subject_kinds if kind in Kind.values]
    return "全部单位" if len(kinds) == len(Kind) else "、".join(kinds)


def organisers(rule: Rule) -> Iterator[str]:
    for row in rule.organisers:
        kinds = "、".join(Kind(kind).label for kind in row.get("kinds", []) if kind in Kind.values)
        yield f"{row.get('unit', '')}（{row.get('duty', '')}{'：' + kinds if kinds else ''}）"

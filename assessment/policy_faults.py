"""What is wrong with a policy as it is drafted: field by field, and as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assessment.models import Policy, Rule, RuleKind
from assessment.policy_file import PARAMETERS, TOTALS, WITH_AMOUNT, WITH_PERCENT
from assessment.rules import UNIT_RULES
from procurement.choices import Holiday
from units.kinds import Kind

SIZES = {"title": 100, "lead": 200, "clause": 100, "quote": 10_000}
"""The longest text of each field of a rule."""
ORGANISER_SIZE = 100
WORDS = {"title": "名称", "lead": "牵头单位", "clause": "条款", "quote": "原文"}


def faults(rule: Rule) -> Iterator[tuple[str, str]]:
    """What is wrong with a rule: (field, Chinese sentence); nothing when it can govern a year."""
    for name, size in SIZES.items():
        text = getattr(rule, name)
        if name != "lead" and not text.strip():
            yield name, f"请填写{WORDS[name]}"
        if len(text) > size:
            yield name, f"{WORDS[name]}最多 {size} 个字"
    yield from _threshold_faults(rule)
    for name, value in rule.parameters.items():
        allowed = PARAMETERS.get(rule.kind, {}).get(name, ())
        if value not in allowed:
            yield "parameters", f"口径参数 {name} 应为 {'、'.join(allowed)} 之一"
    if rule.kind in UNIT_RULES and not rule.subject_kinds:
        yield "subject_kinds", "请至少选择一类适用单位"
    if unknown := [kind for kind in rule.subject_kinds if kind not in Kind.values]:
        yield "subject_kinds", f"没有这样的单位类别：{'、'.join(map(str, unknown))}"
    for row in rule.organisers:
        if not str(row.get("unit", "")).strip():
            yield "organisers", "组织单位请填写名称"
        if any(kind not in Kind.values for kind in row.get("kinds", [])):
            yield "organisers", f"组织单位“{row.get('unit', '')}”的单位类别不对"


def _threshold_faults(rule: Rule) -> Iterator[tuple[str, str]]:
    if rule.kind in WITH_AMOUNT and rule.amount is None:
        yield "amount", "请填写金额"
    if rule.amount is not None and rule.amount <= 0:
        yield "amount", "金额应大于 0"
    if rule.kind in WITH_PERCENT and rule.percent is None:
        yield "percent", "请填写比例"
    if rule.percent is not None and not 0 <= rule.percent <= 100:
        yield "percent", "比例应在 0 到 100 之间"


def hindrances(policy: Policy) -> Iterator[str]:
    """Why a draft cannot be put in force, one sentence each."""
    rules = list(policy.rules.all())
    for missing in sorted(TOTALS - {rule.kind for rule in rules}):
        yield f"缺少规则“{RuleKind(missing).label}”，每个年度政策都要有"
    for rule in rules:
        for _field, sentence in faults(rule):
            yield f"{rule.title or rule.get_kind_display()}：{sentence}"
    if not policy.terms.pairings.all():
        yield "还没有结对地区，采购都不会计入"
    if not policy.terms.holidays and any(rule.kind == RuleKind.UNION_HOLIDAY_SHARE for rule in rules):
        yield "还没有选择法定节日，工会节日慰问都不会计入"


def unknown_holidays(codes: Iterable[str]) -> list[str]:
    return [code for code in codes if code not in Holiday.values]

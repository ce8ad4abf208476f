"""Which 年度基数 a kind of unit declares in a year, each with its help and the clause it comes from.

The year's rules say it: a base is asked for where a rule that applies to the kind is measured by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assessment.models import Rule, RuleKind
from cixi_xiezuo.money import yuan_display
from cixi_xiezuo.templatetags.amounts import plain
from units.kinds import ANSWERING, Canteen, Kind

LISTABLE = frozenset({Kind.ENTERPRISE, Kind.SOE, Kind.FINANCIAL})
"""Who can be on 宁波市消费帮扶企业名单."""
BUDGETED = (Canteen.OWN, Canteen.CONTRACTED)
"""Canteens with a budget of their own."""


@dataclass(frozen=True, slots=True)
class BaseField:
    """`name`: of YearBase. `needed`: must be filled in; of a canteen, see `lacking`. `kinds`: whom the rule measures."""

    name: str
    help: str
    rule: str
    clause: str
    quote: str
    needed: bool
    kinds: frozenset[str]


_NAMES: dict[str, tuple[str, ...]] = {
    RuleKind.CANTEEN_SHARE: ("canteen", "canteen_representative", "canteen_budget", "reserve_percent"),
    RuleKind.UNION_HOLIDAY_SHARE: ("holiday_gifts",),
    RuleKind.UNION_WELFARE_CAP: ("headcount",),
    RuleKind.FINANCIAL_SHARE: ("assistance_base",),
    RuleKind.DEPT_TOWN_TOTAL: ("target", "listed"),
}
_ORDER = tuple(name for names in _NAMES.values() for name in names)
_OPTIONAL = frozenset({"canteen_representative", "canteen_budget", "reserve_percent", "listed"})


def _help(name: str, rule: Rule) -> str:
    words = {
        "canteen": "职工（学生）食堂由谁办。外包和自营一样考核；几家合用的选共用；没有食堂的也要填报，选无食堂。",
        "canteen_representative": "合用的食堂由哪一家填报预算。本单位的食堂采购计入那一家。",
        "canteen_budget": "全年食堂采购食材的预算，含米面粮油、肉禽蛋、蔬果等。确实没有预算的填 0，这一项就不考核。",
        "reserve_percent": f"一般不填，按规定的 {plain(rule.percent)}% 考核。财政部门批复了别的比例的，按批复填写，如 12.5。",
        "holiday_gifts": "全年发给职工的法定节日慰问品总金额，不含工会福利。没有发放的填 0。",
        "headcount": f"享受工会福利的职工人数。全年限额 = 人数 × {yuan_display(rule.amount)} 元。",
        "assistance_base": "今年安排用于帮扶的资金总额，占比按它计算。",
        "target": "市里下达的全年采购目标，含所属单位、辖区单位的采购。",
        "listed": "在当年宁波市消费帮扶企业名单里的选“是”，采购不计入所在镇街；不在名单里的选“否”。",
    }
    return words[name]


def _asked(name: str, subject_kinds: Iterable[str], kind: str) -> bool:
    if name == "listed":
        return kind in LISTABLE
    return kind in (ANSWERING if name == "target" else subject_kinds)


def fields_of(kind: str, rules: Iterable[Rule]) -> list[BaseField]:
    """What a unit of that kind declares by these rules; nothing for one that no rule measures."""
    found = []
    for rule in rules:
        for name in _NAMES.get(rule.kind, ()):
            if _asked(name, rule.subject_kinds, kind):
                help_text = _help(name, rule)
                needed = name not in _OPTIONAL
                kinds = frozenset(rule.subject_kinds)
                found.append(BaseField(name, help_text, rule.title, rule.clause, rule.quote, needed, kinds))
    return sorted(found, key=lambda field: _ORDER.index(field.name))


def due_kinds(rules: Iterable[Rule]) -> list[str]:
    """The kinds of units that must declare something; the others may."""
    return kinds_due([(rule.kind, rule.subject_kinds) for rule in rules])


def kinds_due(rules: Iterable[tuple[str, Iterable[str]]]) -> list[str]:
    """The same of rules given as (kind, subject kinds)."""
    asked = [(name, kinds) for rule, kinds in rules for name in _NAMES.get(rule, ()) if name not in _OPTIONAL]
    return [kind.value for kind in Kind if any(_asked(name, kinds, kind) for name, kinds in asked)]


def measured(fields: Iterable[BaseField]) -> list[str]:
    """The names of the rules that a declaration of these fields decides, each once."""
    return list(dict.fromkeys(field.rule for field in fields))


def lacking(fields: Iterable[BaseField], values: Mapping[str, object]) -> list[str]:
    """The names of fields that must be filled in and are not."""
    fields = list(fields)
    needed = {field.name for field in fields if field.needed}
    if "canteen" in needed and values.get("canteen") in BUDGETED:
        needed.add("canteen_budget")
    if "canteen" in needed and values.get("canteen") == Canteen.SHARED:
        needed.add("canteen_representative")
    return [field.name for field in fields if field.name in needed and values.get(field.name) in (None, "")]

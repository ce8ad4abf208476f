"""Write docs/rules.md from the policies in fixtures/policies: `make docs`, or `python -m scripts.rules_page`.

What the page says of a rule is the data an installation starts from and the names of the code that reads it.
"""

import ast
import os
from collections.abc import Iterator
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cixi_xiezuo.settings")
django.setup()

from assessment import policy_file, policy_words  # noqa: E402 (Django first)
from assessment.models import Rule  # noqa: E402
from assessment.policy_file import PolicyData, RuleData  # noqa: E402
from assessment.rules import LEFT_OUT  # noqa: E402
from assessment.words import REASON  # noqa: E402
from assessment.workbook.rule_sheets import RULE_SHEETS  # noqa: E402
from procurement.choices import Holiday, PairingKind  # noqa: E402
from units.kinds import Kind  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
POLICIES = ROOT / "fixtures" / "policies"
PAGE = ROOT / "docs" / "rules.md"
HEAD = """# The rules, as data and in code

Made by `make docs` from `fixtures/policies/`; a test fails where it is behind. An installation starts from these policies;
what a city changes in 年度政策 stands in its database and is shown there beside each clause.

## What every rule shares

A line is in play where its purchase is 已核准 and its day, 开票日期 else 采购日期, is in the year and not after the 截止日.
Then its 核定金额 is posted (`PurchaseLine.posted`): it has been added to its unit's sums. 商务帮扶 adds what is left
above 其中已登记金额, so that nothing counts twice; a refund's line is negative.

What a unit buys counts for one 责任单位 at most, by the first step that fits on the line's day (`units/links.py`):

- (a) A union with a 依托单位 stands for it: the steps go on from that unit.
- (b) A department, town, street or 管委会 answers for itself.
- (c) An enterprise on that year's 宁波市消费帮扶企业名单 counts for nobody, or for its 主管部门 where the year's policy says so
   (`assessment/rules/dept_town_total.py`).
- (d) A unit of the city (市直) counts for its 主管部门, without one for nobody.
- (e) Any other counts for the town it lies in, else for its 主管部门, else for nobody.

A figure leaves a line out for the first of these that applies; each rule says which in `left_out`, beside its sum:

| | |
| --- | --- |
{reasons}
`manage.py explain YEAR RULE [UNIT]` (RULE is the word in brackets below; from rule 3 on a UNIT is needed), the page
behind each figure and 计入了哪些指标 on a purchase say it line by line.
"""


def page() -> str:
    """The whole page, a policy a chapter."""
    policies = [policy_file.parse(path) for path in sorted(POLICIES.glob("*.json"))]
    reasons = "".join(f"| `{reason}` | {words} |\n" for reason, words in REASON.items())
    return HEAD.format(reasons=reasons) + "".join(_policy(policy) for policy in policies)


def _policy(policy: PolicyData) -> str:
    parts = [f"\n## {policy.year}: {policy.title}\n\n", _table(list(_terms(policy)))]
    parts += [_rule(place, rule) for place, rule in enumerate(policy.rules, start=1)]
    return "".join(parts)


def _terms(policy: PolicyData) -> Iterator[tuple[str, str]]:
    yield "文号", policy.document_numbers
    for kind in PairingKind:
        rows = [row for row in policy.pairings if row.kind == kind]
        if rows:
            yield kind.label, "、".join(row.region + ("★" if row.primary else "") for row in rows)
    yield "法定节日", "、".join(Holiday(each).label for each in policy.holidays)
    yield "两级审核", "、".join(Kind(each).label for each in policy.reviewed_twice) or "无"


def _rule(place: int, data: RuleData) -> str:
    """One rule: what it asks, from which clause, and where the code has it."""
    rule = Rule(
        kind=data.kind,
        amount=data.amount,
        percent=data.percent,
        subject_kinds=data.subject_kinds,
        parameters=data.parameters,
        organisers=data.organisers,
    )
    rows = [
        ("标准", policy_words.asked(rule)),
        ("适用单位", policy_words.subjects(rule)),
        ("口径", "；".join(policy_words.readings(rule)) or "无参数"),
        ("牵头", data.lead),
        ("组织", "；".join(policy_words.organisers(rule))),
        ("条款", data.clause),
        ("原文", data.quote),
    ]
    if data.kind in RULE_SHEETS:
        rows.insert(2, ("分子与分母", RULE_SHEETS[data.kind].note))
    rows += [("in code", where) for where in _places(data.kind)]
    return f"\n### {place} {data.title} (`{data.kind}`)\n\n{_table(rows)}"


def _places(kind: str) -> Iterator[str]:
    """Where the rule is: its sum and why it leaves a line out, its sheet."""
    rule = Path("assessment", "rules", f"{kind}.py")
    yield f"`{rule}`: {_first_line(rule)}"
    yield "`procurement/measures.py::measure`: what a line adds to the sums that it reads"
    yield f"`{rule}::{LEFT_OUT[kind].__name__}`: why it leaves a line out, said once more over one line"
    sheet = Path("assessment", "workbook", f"{kind}.py")
    if (ROOT / sheet).exists():
        yield f"`{sheet}`: {_first_line(sheet)}"


def _first_line(path: Path) -> str:
    said = ast.get_docstring(ast.parse((ROOT / path).read_text())) or ""
    return said.partition("\n")[0]


def _table(rows: list[tuple[str, str]]) -> str:
    return "| | |\n| --- | --- |\n" + "".join(f"| {name} | {text} |\n" for name, text in rows)


if __name__ == "__main__":
    PAGE.write_text(page())

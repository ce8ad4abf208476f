"""The plan's parts 四 and 五 sentence by sentence, beside what in the system serves each. Data of fixtures/plan-YEAR.json."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from assessment.models import RuleKind
from initiatives.kinds import KINDS
from initiatives.models import Part

PAGES = {
    "purchases": "采购台账",
    "inbox": "票据收件箱",
    "city": "全市看板",
    "standings_index": "单位完成情况",
    "bases": "年度基数",
    "imports": "导入",
    "review_queue": "待审核",
    "sealing_index": "封账",
    "complaints": "质量价格投诉",
    "blacklist": "黑名单",
    "recognised": "认定目录",
    "prices": "产品比价",
    "inspections": "督查",
    "schemes": "扶持资金",
    "scores": "考核评分",
    "stories": "宣传与典型",
}
"""Pages that a sentence may name, by the names of their addresses."""


@dataclass(frozen=True, slots=True)
class Serving:
    """Something in the system: `url` leads there, "" where it has no page of its own."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    serves: tuple[str, ...]

    @property
    def servings(self) -> list[Serving]:
        return [serving(name) for name in self.serves]


@dataclass(frozen=True, slots=True)
class Clause:
    """A paragraph: its number, its sentences, and its units by part (names, groups such as 各镇（街道） too)."""

    number: str
    sentences: tuple[Sentence, ...]
    parts: dict[str, list[str]]

    @property
    def roles(self) -> list[tuple[str, str]]:
        return [(Part(part).label, "、".join(names)) for part, names in self.parts.items()]


def serving(name: str) -> Serving:
    """kind:…, rule:… or page:…; KeyError or ValueError for one that is none of these."""
    sort, _, key = name.partition(":")
    if sort == "kind":
        return Serving(KINDS[key].title, reverse("records", args=[key]))
    if sort == "rule":
        return Serving(f"规则：{RuleKind(key).label}", "")
    try:
        return Serving(PAGES[key], reverse(key))
    except NoReverseMatch as error:
        raise KeyError(name) from error


def _plan_year(year: int) -> int:
    """The year whose plan holds in `year`: the latest one up to it, else the earliest there is."""
    folder = settings.BASE_DIR / "fixtures"
    there = sorted(int(path.stem.removeprefix("plan-")) for path in folder.glob("plan-[0-9]*.json"))
    return max((each for each in there if each <= year), default=there[0])


@cache
def _plan(year: int) -> dict[str, Any]:
    path = settings.BASE_DIR / "fixtures" / f"plan-{_plan_year(year)}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def source(year: int) -> str:
    """The name of the plan that holds in the year."""
    return str(_plan(year)["source"])


def text_of(year: int, number: str) -> str:
    """The whole paragraph of that number, "" where the plan has none."""
    found = next((each for each in clauses(year) if each.number == number), None)
    return "".join(sentence.text for sentence in found.sentences) if found else ""


def numbers_with(year: int, words: str) -> list[str]:
    """The paragraphs in which the words stand."""
    return [each.number for each in clauses(year) if words in text_of(year, each.number)]


@cache
def clauses(year: int) -> tuple[Clause, ...]:
    """The paragraphs of the plan that holds in the year."""
    data = _plan(year)
    return tuple(
        Clause(
            each["clause"],
            tuple(Sentence(row["text"], tuple(row["serves"])) for row in each["sentences"]),
            each.get("parts", {}),
        )
        for each in data["clauses"]
    )

"""帮助: what help.toml says, for the drawer of each page and for /help/."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@dataclass(frozen=True, slots=True)
class Topic:
    """`questions`: (question, answer); `pages`: how the addresses begin that it is about."""

    key: str
    title: str
    text: str
    questions: list[tuple[str, str]]
    pages: tuple[str, ...]


class Term(NamedTuple):
    word: str
    meaning: str
    clause: str


class Version(NamedTuple):
    number: str
    lines: list[str]


class Help(NamedTuple):
    topics: list[Topic]
    terms: list[Term]

    def of(self, path: str) -> Topic:
        """The topic whose address is the longest beginning of the path."""
        return max(
            self.topics, key=lambda topic: max((len(p) for p in topic.pages if path.startswith(p)), default=0)
        )


def like(request: HttpRequest, path: str) -> None:
    """The page's topic is that of another address: its own does not say what it is about."""
    request._help = path  # type: ignore[attr-defined]


def topic_of(request: HttpRequest) -> Topic:
    return read().of(getattr(request, "_help", request.path))


@cache
def read() -> Help:
    data = tomllib.loads((Path(__file__).parent / "help.toml").read_text(encoding="utf-8"))
    topics = [
        Topic(
            each["key"],
            each["title"],
            each["text"],
            [(question, answer) for question, answer in each["questions"]],
            tuple(each["pages"]),
        )
        for each in data["topic"]
    ]
    return Help(topics, [Term(**each) for each in data["term"]])


@cache
def versions() -> list[Version]:
    """更新记录, the newest first."""
    data = tomllib.loads((Path(__file__).parent / "changes.toml").read_text(encoding="utf-8"))
    return [Version(**each) for each in data["version"]]


@require_safe
@login_required
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "help.html", {"help": read(), "versions": versions()})

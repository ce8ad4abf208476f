"""Which papers (付款凭据, 货运凭证, 采购合同) belong to which purchase: by amount, seller and day. Pure; amounts in 分.

The same papers and purchases give the same answer in any order. Where two answers are equally good, there is none:
the clerk is asked.
"""

from __future__ import annotations

import datetime
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from cixi_xiezuo.money import from_fen, yuan_display
from procurement.choices import ReceiptKind

T = TypeVar("T")
DAYS = {ReceiptKind.PAYMENT: 90, ReceiptKind.FREIGHT: 30, ReceiptKind.CONTRACT: 180}
"""How many days a paper of each kind may lie from its purchase. Other kinds are never placed."""
ONCE = frozenset({ReceiptKind.PAYMENT, ReceiptKind.CONTRACT})
"""A purchase has one of each; of freight notes it may have many."""
UNKNOWN = -10_000  # nearness where a day is not known: behind every known one


@dataclass(frozen=True, slots=True)
class Paper:
    """A receipt that is no invoice. `seller` as `plain_seller` gives it, "" where it was not read."""

    pk: int
    kind: str
    total: int | None = None
    day: datetime.date | None = None
    seller: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A purchase that papers may be put with. `holds`: kinds it has already, by somebody's hand."""

    pk: int
    total: int | None = None
    day: datetime.date | None = None
    seller: str = ""
    holds: frozenset[str] = frozenset()


class Evidence(NamedTuple):
    """Compared from the left: the greater is the better."""

    amount: bool
    seller: bool
    near: int


class Proposal(NamedTuple):
    """`draft` is the purchase's id, None where several fit and none best; `why` is said to the clerk."""

    draft: int | None
    why: str


def plain_seller(name: str) -> str:
    """A name for comparing: half-width, without blanks and brackets."""
    return "".join(char for char in unicodedata.normalize("NFKC", name) if char.isalnum())


def evidence(paper: Paper, draft: Draft) -> Evidence | None:
    """What speaks for the paper's belonging to the purchase; None where something speaks against it, or too little for."""
    if paper.kind not in DAYS or (paper.kind in ONCE and paper.kind in draft.holds):
        return None
    if paper.seller and draft.seller and paper.seller != draft.seller:
        return None
    near = -abs((paper.day - draft.day).days) if paper.day and draft.day else UNKNOWN
    if UNKNOWN < near < -DAYS[ReceiptKind(paper.kind)]:
        return None
    amount = bool(paper.total) and paper.total == draft.total
    seller = bool(paper.seller) and paper.seller == draft.seller
    differs = paper.total is not None and draft.total is not None and not amount
    if paper.kind == ReceiptKind.FREIGHT:  # its own sum is the carriage
        enough = amount or seller
    else:
        enough = amount or (seller and paper.kind == ReceiptKind.CONTRACT and not differs)
    return Evidence(amount, seller, near) if enough else None


def propose(papers: Sequence[Paper], drafts: Sequence[Draft]) -> dict[int, Proposal]:
    """Paper → the purchase it belongs to. A paper that fits none is left out."""
    open_ = {paper: _fitting(paper, drafts) for paper in papers}
    found: dict[int, Proposal] = {}
    while True:
        pairs = _mutual(open_)
        if not pairs:
            break
        for paper, draft in pairs.items():
            found[paper.pk] = Proposal(draft.pk, _why(paper, draft, open_.pop(paper)[draft]))
        taken = {(draft, paper.kind) for paper, draft in pairs.items() if paper.kind in ONCE}
        for paper, fitting in open_.items():
            open_[paper] = {
                draft: each for draft, each in fitting.items() if (draft, paper.kind) not in taken
            }
    for paper, fitting in open_.items():
        if fitting:
            found[paper.pk] = Proposal(None, _unsure(len(fitting)))
    return found


def _unsure(fitting: int) -> str:
    if fitting > 1:
        return f"与 {fitting} 笔采购都可能对应，请选择归入哪一笔"
    return "另有同类票据也可能对应这笔采购，请选择归入哪一笔"


def _fitting(paper: Paper, drafts: Sequence[Draft]) -> dict[Draft, Evidence]:
    each = ((draft, evidence(paper, draft)) for draft in drafts)
    return {draft: found for draft, found in each if found is not None}


def _mutual(open_: dict[Paper, dict[Draft, Evidence]]) -> dict[Paper, Draft]:
    """Pairs where each is the other's one best: a freight note need not be its purchase's only one."""
    wanted = {paper: best for paper, fitting in open_.items() if (best := _best(fitting)) is not None}
    claims: dict[tuple[Draft, str], dict[Paper, Evidence]] = {}
    for paper, fitting in open_.items():
        for draft, each in fitting.items():
            claims.setdefault((draft, paper.kind), {})[paper] = each
    return {
        paper: draft
        for paper, draft in wanted.items()
        if paper.kind not in ONCE or _best(claims[draft, paper.kind]) is paper
    }


def _best(rated: dict[T, Evidence]) -> T | None:
    """The one with the best evidence; None where two share it."""
    if not rated:
        return None
    best = max(rated.values())
    return (
        next(key for key, each in rated.items() if each == best)
        if Counter(rated.values())[best] == 1
        else None
    )


def _why(paper: Paper, draft: Draft, found: Evidence) -> str:
    words = []
    if found.amount:
        words.append(f"金额同为 {yuan_display(from_fen(paper.total or 0))} 元")
    if found.seller:
        words.append("供应商相同")
    if found.near == 0:
        words.append("日期相同")
    elif found.near > UNKNOWN:
        words.append(f"日期相差 {-found.near} 天")
    return "，".join(words)

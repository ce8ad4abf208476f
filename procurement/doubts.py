"""Doubts as they are kept: how many a purchase was submitted with, for the queue's filter, and what was said to each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from procurement.checks import Doubt, Subject, doubts_of
from procurement.models.purchase import Purchase


def note(purchases: Sequence[Purchase]) -> list[tuple[Purchase, Doubt]]:
    """Count the doubts of purchases that were submitted other than one by one (an import), and store them.

    Returns the blocking ones, each purchase's first.
    """
    counts: dict[int, list[int]] = defaultdict(list)
    blocking = []
    for subject in Subject.many(purchases):
        doubts = doubts_of(subject)
        if len(doubts) != subject.purchase.doubts:
            subject.purchase.doubts = len(doubts)
            counts[len(doubts)].append(subject.purchase.pk)
        if doubts and doubts[0].blocks:
            blocking.append((subject.purchase, doubts[0]))
    for count, ids in counts.items():
        for start in range(0, len(ids), 500):
            Purchase.objects.filter(pk__in=ids[start : start + 500]).update(doubts=count)
    return blocking


def keyed(doubts: Iterable[Doubt]) -> Iterator[tuple[str, Doubt]]:
    """Each doubt with the key its answer is kept under: its code, its line, and which of several such it is."""
    seen: dict[tuple[str, int], int] = defaultdict(int)
    for doubt in doubts:
        place = (doubt.code, doubt.line)
        yield f"{doubt.code}:{doubt.line}:{seen[place]}", doubt
        seen[place] += 1


@dataclass(frozen=True, slots=True)
class Answered:
    """A doubt with what the clerk says to it. `then`: what the doubt was when it was answered, where that differs."""

    key: str
    doubt: Doubt
    note: str = ""
    by: str = ""
    then: str = ""


def answered(
    purchase: Purchase, doubts: Iterable[Doubt], typed: Mapping[str, str] | None = None
) -> list[Answered]:
    """The doubts with their answers, in the same order. `typed`: notes that were sent and are not kept yet."""
    found = []
    for key, doubt in keyed(doubts):
        kept = purchase.answers.get(key) or {"doubt": doubt.message, "note": "", "by": ""}
        note = (typed or {}).get(key, kept["note"])
        then = "" if kept["doubt"] == doubt.message else kept["doubt"]
        found.append(Answered(key, doubt, note, kept["by"], then))
    return found


def unanswered(purchase: Purchase, doubts: Sequence[Doubt]) -> list[str]:
    """One sentence for each doubt that a clerk has to answer, as it is now, before submitting."""
    if not any(doubt.needs_answer for doubt in doubts):
        return []
    rows = answered(purchase, doubts)
    open_ = [row.doubt for row in rows if row.doubt.needs_answer and (not row.note or row.then)]
    return [f"{doubt.message}（请在“疑点说明”中填写）" for doubt in open_]

"""A clerk's answers to the doubts about a purchase that is still theirs to change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from cixi_xiezuo import audit
from cixi_xiezuo.errors import Refused
from procurement.checks import Subject, doubts_of
from procurement.choices import EDITABLE
from procurement.doubts import keyed
from procurement.models import Purchase
from procurement.workflow import locked, note_hand, require_recorder, require_status

LONGEST = 300  # characters
FIELD = "answer:"
"""What the names of the form's fields begin with."""


@transaction.atomic
def answer(purchase: Purchase, notes: Mapping[str, str], *, by: Any) -> int:
    """Keep a note on each doubt by its key; an empty one takes the answer back. How many answers changed.

    Keys of doubts that are gone, or that block, are passed over: there is nothing to answer.
    """
    purchase = locked(purchase.pk)
    require_recorder(purchase, by)
    require_status(purchase, EDITABLE, "说明疑点")
    if any(len(note.strip()) > LONGEST for note in notes.values()):
        raise Refused(f"疑点说明最多 {LONGEST} 个字")
    changed = {}
    for key, doubt in keyed(doubts_of(Subject(purchase))):
        if key not in notes or doubt.blocks:
            continue
        before, note = purchase.answers.get(key, {}), notes[key].strip()
        after = {"doubt": doubt.message, "note": note, "by": audit.actor_name(by)} if note else {}
        if (before.get("doubt"), before.get("note")) == (after.get("doubt"), after.get("note")):
            continue
        purchase.answers[key] = after
        changed[doubt.message] = [before.get("note", ""), note]
    if changed:
        purchase.answers = {key: kept for key, kept in purchase.answers.items() if kept}
        purchase.save(update_fields=["answers"])
        note_hand(purchase, by)
        audit.record(
            "说明疑点", by=by, subject=f"采购 {purchase.number}", stream=purchase.unit.code, answers=changed
        )
    return len(changed)


def typed(data: Mapping[str, Any]) -> dict[str, str]:
    """The notes in a form that was sent, by the doubt's key."""
    return {name.removeprefix(FIELD): str(data[name]) for name in data if name.startswith(FIELD)}

"""Why a figure leaves a line out: what each rule's `left_out` answers, None where it counts the line.

Each rule says it in the file of its sum and apart from it: over one line, where the sum is over the measures that were
posted. `manage.py verify` and the tests hold the one against the other.
"""

from __future__ import annotations

import enum
from collections.abc import Callable

from assessment.facts import RuleTerms, YearFacts
from assessment.lines import Line
from procurement.terms import Terms


class Reason(enum.StrEnum):
    NOT_APPROVED = "not_approved"
    OTHER_YEAR = "other_year"
    AFTER_AS_OF = "after_as_of"
    WRONG_USE = "wrong_use"
    WRONG_CHANNEL = "wrong_channel"
    REGION_NOT_PAIRED = "region_not_paired"
    REGION_NOT_832 = "region_not_832"
    NO_HOLIDAY = "no_holiday"
    COMMERCE_OVERLAP = "commerce_overlap"
    LISTED_ENTERPRISE = "listed_enterprise"
    UNATTRIBUTED = "unattributed"


LeftOut = Callable[[Line, RuleTerms, YearFacts, Terms], Reason | None]
"""Of a line in play, with the year's rule, its facts, and what counts as paired and as a holiday."""


def unpaired(line: Line, terms: Terms) -> Reason | None:
    return None if terms.paired(line.region) else Reason.REGION_NOT_PAIRED

"""The example's criteria as 市商务局 saved them, with some points that it gave and took."""

from __future__ import annotations

from assessment.demo.data import YEAR
from initiatives.scoring import verbs
from initiatives.scoring.criteria import example
from initiatives.scoring.models import Criterion, Measure
from units.models import Unit, User

GIVEN = (("T01", 400, "两篇典型经验被采用。"), ("D06", 500, "组织“进学校”活动，报道三次。"))
"""Points in hundredths."""


def load(units: dict[str, Unit], users: dict[str, User]) -> None:
    bureau = users["bureau"]
    table = verbs.save_criteria(YEAR, example(), by=bureau)
    merit = Criterion.objects.get(table=table, measure=Measure.ENTERED)
    for code, points, reason in GIVEN:
        verbs.enter(merit, units[code], by=bureau, points=points, reason=reason)
    fault = Criterion.objects.get(table=table, measure=Measure.DEDUCTION)
    verbs.enter(fault, units["T02"], by=bureau, points=100, reason="督查发现的问题逾期未整改。")

"""What 全市看板 and the wall show of a year as of a day, ready for their templates. Amounts in 分."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from assessment import charts, overview
from assessment.months import two_years
from assessment.organisers import by_organiser
from assessment.pace import Pace, pace
from assessment.rules import UNIT_RULES
from assessment.rules.city_total import Total
from assessment.rules.dept_town_total import Responsible
from assessment.rules.standing import Standing, Status
from assessment.standing import YearStanding
from assessment.views.asked import Asked
from cixi_xiezuo.written import Written
from procurement.channel_sums import ways_as_of
from procurement.models import Pairing
from units.kinds import PLACES

PARTS = {"direct": "直接采购", "commerce": "商务帮扶", "east_west": "东西部协作", "mountain_sea": "山海协作"}


_PAIRINGS = Written(lambda terms: Pairing.objects.filter(terms=terms).select_related("region"))


@dataclass(frozen=True, slots=True)
class Organised:
    """One organiser's units on one rule, counted."""

    rule: str
    title: str
    name: str
    units: int
    good: int
    behind: int
    missing: int
    gap: int


def totals(standing: YearStanding, day: Asked) -> list[dict[str, Any]]:
    """The two figures of the city, each against its threshold and against time."""
    both = two_years(standing)
    return [
        _total(standing.city_total, standing, day, both.city, both.city_before),
        _total(standing.dept_town_total, standing, day, both.answered, both.answered_before),
    ]


def _total(
    total: Total, standing: YearStanding, day: Asked, sums: dict[int, int], before: dict[int, int]
) -> dict[str, Any]:
    ahead = pace(day.year, day.as_of, total.value, total.threshold)
    going: Pace | None = None if standing.facts.closed or not total.value else ahead
    months = charts.months(
        sums, before, total.threshold, day.year, day.as_of, going.expected if going else None
    )
    return {
        "figure": total,
        "rule": standing.facts.rules[total.rule],
        "done": charts.share(total.value, total.threshold),
        "elapsed": charts.elapsed(day.year, day.as_of),
        "pace": going,
        "months": months,
        "last_year": months[-1].last,
        "chart": charts.months_chart(months, total.threshold),
        "chart_id": f"{total.rule}-data",
    }


def ranking(standing: YearStanding) -> list[tuple[str, list[Responsible]]]:
    """One ranking, its rows shown in two tables; without a target last."""
    towns = [row for row in standing.ranking if row.unit.kind in PLACES]
    departments = [row for row in standing.ranking if row.unit.kind not in PLACES]
    return [("镇、街道、管委会", towns), ("市级部门", departments)]


def parts(total: Total) -> list[dict[str, Any]]:
    return [
        {
            "code": code,
            "name": name,
            "amount": getattr(total, code),
            "share": charts.share(getattr(total, code), total.value),
        }
        for code, name in PARTS.items()
    ]


def organisers(standing: YearStanding) -> list[Organised]:
    """In the order of the rules; a unit that several organise is counted with each."""
    return [
        _organised(standing.facts.rules[rule.kind].title, rule.kind, name, rows)
        for rule in standing.rules
        if rule.kind in UNIT_RULES
        for name, rows in by_organiser(rule, standing.units).items()
    ]


def _organised(title: str, rule: str, name: str, rows: list[Standing]) -> Organised:
    behind = [row for row in rows if row.status in overview.BEHIND]
    return Organised(
        rule=rule,
        title=title,
        name=name,
        units=sum(row.status != Status.NOT_APPLICABLE for row in rows),
        good=sum(row.status in (Status.MET, Status.WITHIN) for row in rows),
        behind=len(behind),
        missing=sum(row.status == Status.MISSING_BASE for row in rows),
        gap=sum(row.gap or 0 for row in behind),
    )


def lines_of(day: Asked) -> Callable[..., str]:
    """The address of the lines of a part of the city's total: `lines_of(day)(part=…)` or `(region=…)`."""
    page = reverse("explain", args=[day.year, "city_total"])
    kept = {"as_of": day.as_of.isoformat()} if day.given else {}
    return lambda **wanted: f"{page}?{urlencode(wanted | kept)}"


def origins(standing: YearStanding, day: Asked) -> dict[str, Any]:
    """By county, by channel, by holiday: rows for the tables and data for the charts."""
    lines = lines_of(day)
    pairings = _PAIRINGS.objects(standing.policy.terms_id)
    ways = ways_as_of(standing.year, standing.as_of)
    counties = charts.counties(pairings, ways.regions)
    channels, holidays = charts.channels(ways.channels), charts.holidays(ways.channels)

    def by_part(row: charts.Slice) -> str:
        return lines(part=row.part)

    return {
        "counties": counties,
        "counties_chart": charts.stacked(counties, lambda row: lines(region=row.code)),
        "channels": channels,
        "channels_chart": charts.stacked(channels, by_part),
        "holidays": holidays,
        "holidays_chart": charts.stacked(holidays, by_part, "columns", commerce=False),
    }

"""The rules once more, as plain loops over lines: shares no code with the product, and is not clever.

A year is given as plain values:
    units  {code: {"kind", "supervisor", "town", "host", "affiliation"}} (codes or None); where links changed,
           also "history": [(first day, {"supervisor", "town", "host", "affiliation"})], earliest first
    bases  {code: {"headcount", "canteen_budget", …}}, confirmed ones only, money in 分
    lines  [{"purchase", "unit", "status", "date", "channel", "use", "holiday", "region", "amount", "overlap"}]
    regions {name: (pairing or None, is_832)}
The result has the shape of `assess --json`.
"""

from __future__ import annotations

import datetime
from fractions import Fraction

PLACES = ("town", "subdistrict", "committee")
CANTEENS = ("department", "institution", *PLACES, "school", "hospital")


def money(fen):
    if fen is None:
        return None
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def truncated(value):
    if value is None:
        return None
    cut = int(abs(value) * 10000)
    return ("-" if value < 0 and cut else "") + f"{cut // 10000}.{cut % 10000:04d}"


def on_that_day(code, units, day):
    unit = units[code]
    for first, links in unit.get("history", ()):
        if first <= day:
            unit = unit | links
    return unit


def who_answers(buyer, units, bases, day):
    unit = on_that_day(buyer, units, day)
    if unit["kind"] == "union" and unit["host"]:
        buyer = unit["host"]
        unit = on_that_day(buyer, units, day)
    if unit["kind"] == "department" or unit["kind"] in PLACES:
        return buyer
    if bases.get(buyer, {}).get("listed"):
        return "listed"
    if unit["affiliation"] == "city":
        return unit["supervisor"] or "unattributed"
    return unit["town"] or unit["supervisor"] or "unattributed"


def assess(year, as_of, units, bases, lines, regions):
    over = as_of > datetime.date(year, 12, 31)
    in_play = [
        line
        for line in lines
        if line["status"] == "approved" and line["date"].year == year and line["date"] <= as_of
    ]
    paired = [line for line in in_play if regions[line["region"]][0]]

    def verdict(reached):
        return "met" if reached else "not_met" if over else "in_progress"

    def net(line):
        return line["amount"] - (line["overlap"] if line["use"] == "commerce" else 0)

    city = {
        "direct": sum(net(line) for line in paired if line["use"] != "commerce"),
        "commerce": sum(net(line) for line in paired if line["use"] == "commerce"),
        "east_west": sum(net(line) for line in paired if regions[line["region"]][0] == "east_west"),
        "mountain_sea": sum(net(line) for line in paired if regions[line["region"]][0] == "mountain_sea"),
    }
    value = city["direct"] + city["commerce"]

    answered, unattributed = {}, set()
    for line in paired:
        if line["use"] == "commerce":
            continue
        who = who_answers(line["unit"], units, bases, line["date"])
        if who == "unattributed":
            unattributed.add(line["purchase"])
        elif who != "listed":
            answered[who] = answered.get(who, 0) + line["amount"]
    together = sum(answered.values())

    return {
        "year": year,
        "as_of": as_of.isoformat(),
        "city": {
            "city_total": {
                "value": money(value),
                "threshold": "66000000.00",
                "status": verdict(value >= 6600000000),
                "gap": money(max(0, 6600000000 - value)),
                **{name: money(part) for name, part in city.items()},
            },
            "dept_town_total": {
                "value": money(together),
                "threshold": "35000000.00",
                "status": verdict(together >= 3500000000),
                "gap": money(max(0, 3500000000 - together)),
            },
        },
        "units": [
            row
            for code in sorted(units)
            for row in unit_rows(code, units, bases, in_play, paired, regions, verdict)
        ],
        "responsible": ranking(units, bases, answered, verdict),
        "unattributed": sorted(unattributed),
    }


def unit_rows(code, units, bases, in_play, paired, regions, verdict):
    kind, base = units[code]["kind"], bases.get(code, {})

    def share(rule, spent, base_value, percent):
        row = {"unit": code, "rule": rule, "numerator": money(spent), "denominator": money(base_value)}
        if base_value is None:
            return row | {"ratio": None, "status": "missing_base", "gap": None}
        if base_value == 0:
            return row | {"ratio": None, "status": "not_applicable", "gap": None}
        ratio = truncated(Fraction(spent, base_value))
        if percent is None:
            return row | {"ratio": ratio, "status": "reported", "gap": None}
        wanted = Fraction(percent) * base_value / 100
        lacking = max(0, -((spent - wanted) // 1)) if spent < wanted else 0
        return row | {"ratio": ratio, "status": verdict(spent >= wanted), "gap": money(int(lacking))}

    if kind in CANTEENS:
        eaters = [code] if base.get("canteen") != "shared" else []
        eaters += [
            other
            for other in units
            if units[other]["kind"] in CANTEENS
            and bases.get(other, {}).get("canteen") == "shared"
            and bases[other]["representative"] == code
        ]
        spent = sum(
            line["amount"]
            for line in in_play
            if line["unit"] in eaters
            and line["use"] == "canteen"
            and line["channel"] == "platform_832"
            and regions[line["region"]][1]
        )
        if base.get("canteen") in ("shared", "none"):
            yield {
                "unit": code,
                "rule": "canteen_share",
                "numerator": money(spent),
                "denominator": None,
                "ratio": None,
                "status": "not_applicable",
                "gap": None,
            }
        else:
            percent = base.get("reserve")
            yield share(
                "canteen_share", spent, base.get("canteen_budget"), 10 if percent is None else percent
            )
    if kind == "union":
        gifts = sum(
            line["amount"] for line in paired if line["unit"] == code and line["use"] == "union_holiday"
        )
        yield share("union_holiday_share", gifts, base.get("holiday_gifts"), 20)
        welfare = sum(
            line["amount"] for line in in_play if line["unit"] == code and line["use"] == "union_welfare"
        )
        row = {"unit": code, "rule": "union_welfare_cap", "numerator": money(welfare)}
        if base.get("headcount") is None:
            status = "missing_base" if welfare else "not_applicable"
            yield row | {"denominator": None, "ratio": None, "status": status, "gap": None}
        else:
            cap = base["headcount"] * 50000
            yield row | {
                "denominator": money(cap),
                "ratio": truncated(Fraction(welfare, cap)) if cap else None,
                "status": "exceeded" if welfare > cap else "within",
                "gap": money(abs(cap - welfare)),
            }
    if kind == "financial":
        bought = sum(line["amount"] for line in paired if line["unit"] == code and line["use"] != "commerce")
        yield share("financial_share", bought, base.get("assistance_base"), None)


def ranking(units, bases, answered, verdict):
    answering = [code for code in sorted(units) if units[code]["kind"] in ("department", *PLACES)]
    parts = {
        code: Fraction(answered.get(code, 0), bases[code]["target"])
        for code in answering
        if bases.get(code, {}).get("target")
    }
    rows = []
    for code in answering:
        row = {
            "unit": code,
            "attributed": money(answered.get(code, 0)),
            "target": money(bases.get(code, {}).get("target")),
        }
        if code in parts:
            better = sum(1 for other in parts.values() if other > parts[code])
            row |= {
                "completion": truncated(parts[code]),
                "status": verdict(parts[code] >= 1),
                "rank": better + 1,
            }
        else:
            row |= {"completion": None, "status": "no_target", "rank": None}
        rows.append(row)
    return rows

"""Outlets and agreements over years: in which they stand, what of them a closed year keeps."""

import datetime
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cixi_xiezuo.errors import Refused
from cixi_xiezuo.money import to_fen
from initiatives import evidence, outlet_sales, records
from initiatives.amounts import by_year, came
from initiatives.coverage import coverage
from initiatives.lasting import lives_in
from initiatives.lists import LISTS
from initiatives.models import Record
from initiatives.outlet_sales import Sales
from initiatives.records import Content
from initiatives.todos import due_work
from procurement import workflow
from procurement.choices import Use
from procurement.models import Purchase, Region
from tests.factories import line, make_policy, make_purchase, make_unit, make_user
from units.kinds import Kind
from units.models import Role
from units.years import YearLock

pytestmark = pytest.mark.django_db
YEARS = (2020, 2021, 2022, 2023)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def close(year):
    YearLock.objects.create(year=year, locked_by="市商务局", locked_at=timezone.now())


@pytest.fixture
def town():
    make_policy()
    return make_unit("T01", Kind.TOWN, "临江镇")


@pytest.fixture
def viewer(town):
    return make_user("clerk", Role.CLERK, town)


def outlet(town, starts="2021-03-10", ends=None, **data):
    data = {"sort": "专柜", "town": "临江镇", "operator": "甲店"} | data
    content = Content("一号柜", day(starts), day(ends) if ends else None, data=data)
    return records.create_record("outlet", town, content, by=None)


def shown(viewer, year):
    """What a year's exported lists and its coverage say, but for where things stand today and what is remarked."""
    from django.http import QueryDict

    found = []
    for kind in ("outlet", "pledge"):
        asked = QueryDict(f"kind={kind}&year={year}")
        columns = [column.title for column in LISTS[0].columns(asked)]
        for row in LISTS[0].rows(viewer, asked).values:
            row = dict(zip(columns, row, strict=True))
            end = row.pop("停办日期", None) or row.pop("到期日期", None)
            row["end"] = end if end and end.year <= year else None
            found.append({name: row[name] for name in row if name not in ("状态", "说明")})
    places = [
        (each.name, [str(one) for one in each.outlets], each.amount) for each in coverage(viewer, year).places
    ]
    return found, places


@pytest.mark.parametrize(
    ("kind", "ends", "verb", "years"),
    [
        ("outlet", None, None, {2021, 2022, 2023}),
        ("outlet", "2022-01-01", None, {2021, 2022}),
        ("outlet", None, "close", {2021, 2022}),
        ("outlet", "2023-12-31", "close", {2021, 2022}),
        ("pledge", "2022-12-31", None, {2021, 2022}),
        ("pledge", "2023-12-31", "finish", {2021, 2022, 2023}),
        ("pledge", None, "finish", {2021, 2022}),
        ("pledge", "2023-12-31", "cancel", {2021, 2022}),
        ("activity", "2023-12-31", None, {2021}),
    ],
)
def test_it_stands_in_each_year_from_its_start_to_its_end(town, kind, ends, verb, years):
    content = Content("甲", day("2021-03-10"), day(ends) if ends else None)
    record = records.create_record(kind, town, content, by=None)
    if verb:
        record = records.move(record, verb, by=None, reason="停", day=day("2022-06-30"))
    assert {year for year in YEARS if Record.objects.living_in(year).exists()} == years
    assert {year for year in YEARS if lives_in(record, year)} == years


def test_a_month_after_the_closing_of_its_first_year_is_reported_with_its_operator(client, town, viewer):
    record = outlet(town)
    records.change_from(record, "operator", "乙店", day("2022-06-01"), by=None)
    close(2021)
    region = Region.objects.get(name="布拖县")
    for month, supplier in (("2022-05-01", "甲店"), ("2022-06-01", "乙店")):
        made = outlet_sales.report_sales(record, Sales(day(month), region, Decimal(9)), by=None)
        assert made.supplier.name == supplier
    with pytest.raises(Refused, match="2021 年度已于"):
        outlet_sales.report_sales(record, Sales(day("2021-12-01"), region, Decimal(9)), by=None)
    client.force_login(viewer)
    page = client.get(f"/initiatives/{record.pk}/").content.decode()
    assert "经营者（至 2022-05-31）" in page and "甲店" in page


def test_lists_show_the_amount_of_their_year_and_fulfilment_until_then(client, town, viewer):
    data = {"sort": "订销协议", "parties": "甲乙", "promised": to_fen(Decimal(200))}
    pledge = records.create_record(
        "pledge", town, Content("协议", day("2021-01-01"), day("2022-12-31"), data=data), by=None
    )
    for date, amount in (("2021-05-01", "50.00"), ("2022-05-01", "100.00")):
        records.link(pledge, make_purchase(town, line(amount), date=date), by=None)
    close(2021)
    client.force_login(viewer)
    make_policy(year=2022)
    for year, amount, fulfilled in ((2021, 5000, "25.00%"), (2022, 10000, "75.00%")):
        [row] = client.get(f"/initiatives/kinds/pledge/?year={year}").context["rows"]
        assert (row.amount, row.fulfilled) == (amount, fulfilled)
        cards = {
            kind.slug: found for kind, *found in client.get(f"/initiatives/?year={year}").context["cards"]
        }
        assert cards["pledge"] == [1, amount]


def test_an_agreement_is_looked_after_though_the_year_it_began_in_is_closed(town, viewer):
    content = Content("协议", day("2021-01-01"), day("2022-12-31"), data={"sort": "订销协议"})
    pledge = records.create_record("pledge", town, content, by=None)
    close(2021)
    assert list(due_work(viewer)) == [pledge]
    records.move(pledge, "finish", by=None)
    close(2022)
    assert not due_work(viewer).exists()


@pytest.mark.parametrize(
    "change",
    [
        {"title": "二号柜"},
        {"starts": day("2022-01-01")},
        {"ends": day("2021-12-30")},
        {"data": {"sort": "智能柜", "town": "临江镇", "operator": "甲店"}},
        {"data": {"sort": "专柜", "town": "临江镇", "operator": "乙店"}},
        {"parts": "self"},
    ],
)
def test_what_a_closed_year_shows_cannot_be_corrected(town, change):
    record = outlet(town)
    close(2021)
    given = {"title": "一号柜", "starts": day("2021-03-10"), "data": record.data} | change
    if "parts" in change:
        given["parts"] = {town: "lead"}
    before = Record.objects.values().get()
    with pytest.raises(Refused, match="2021 年度已于"):
        records.change_record(record, Content(**given), by=None)
    assert Record.objects.values().get() == before and not record.parts.exists()


def test_evidence_that_a_closed_year_had_stays_and_new_evidence_comes(town, png):
    from django.core.files.uploadedfile import SimpleUploadedFile

    record = outlet(town)
    old = evidence.attach(record, SimpleUploadedFile("旧.png", png), by=None)
    close(2021)
    new = evidence.attach(record, SimpleUploadedFile("新.pdf", b"%PDF-1.4 x"), by=None)
    with pytest.raises(Refused, match="2021 年度已于"):
        evidence.detach(old, by=None)
    evidence.detach(new, by=None)
    assert list(record.evidence.all()) == [old]


def test_what_ended_in_closed_years_takes_no_more_notes_or_papers(town):
    from django.core.files.uploadedfile import SimpleUploadedFile

    record = outlet(town, ends="2021-12-31")
    close(2021)
    for attempt in (
        lambda: evidence.attach(record, SimpleUploadedFile("新.pdf", b"%PDF-1.4 x"), by=None),
        lambda: records.change_record(
            record, Content("一号柜", record.starts, record.ends, note="后记", data=record.data), by=None
        ),
    ):
        with pytest.raises(Refused, match="2021 年度已于"):
            attempt()


def test_purchases_of_a_closed_year_stay_as_they_are_linked(town):
    record = outlet(town)
    old, new = (make_purchase(town, date=date) for date in ("2021-05-01", "2022-05-01"))
    link = records.link(record, old, by=None)
    close(2021)
    for attempt in (
        lambda: records.unlink(link, by=None),
        lambda: records.link(record, make_purchase(town, date="2021-06-01"), by=None),
    ):
        with pytest.raises(Refused, match="2021 年度已于"):
            attempt()
    with pytest.raises(Refused, match="不在“一号柜”的年度内"):
        records.link(record, make_purchase(town, date="2020-06-01"), by=None)
    records.unlink(records.link(record, new, by=None), by=None)


DAYS = st.dates(day("2020-12-01"), day("2023-12-31"))
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["buy", "ends", "operator", "town", "close", "cancel", "finish"]), DAYS),
        st.tuples(st.sampled_from(["revoke", "unlink", "reopen", "resume", "title", "note", "lock"]), DAYS),
    ),
    max_size=16,
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_no_act_changes_what_a_closed_year_shows_and_years_add_up(town, viewer, steps):
    with transaction.atomic():
        make_unit("T02", Kind.TOWN, "远山镇")
        content = Content(
            "协议", day("2021-02-01"), day("2022-12-31"), data={"sort": "订销协议", "parties": "甲乙"}
        )
        made = [outlet(town), records.create_record("pledge", town, content, by=None)]
        kept = {}
        for step, when in steps:
            if step == "lock" and when.year not in kept:
                close(when.year)
                kept[when.year] = shown(viewer, when.year)
            for record in made:
                try:
                    with transaction.atomic():
                        _do(step, when, Record.objects.get(pk=record.pk), town)
                except Refused:
                    pass
            for year, before in kept.items():
                assert shown(viewer, year) == before, (step, when)
            _adds_up(made)
        transaction.set_rollback(True)


def _do(step, when, record, town):
    if step == "buy":
        records.link(
            record, make_purchase(town, line(f"{when.day}.00", Use.COMMERCE), date=f"{when}"), by=None
        )
    elif step == "revoke":
        bought = Purchase.objects.filter(status="approved", date__year=when.year).first()
        if bought:
            workflow.revoke(bought, by=None, reason="重复")
    elif step == "unlink":
        if link := record.links.first():
            records.unlink(link, by=None)
    elif step in ("operator", "town"):
        value = "远山镇" if step == "town" else f"{when}店"
        records.change_from(record, step, value, when, by=None)
    elif step in ("ends", "title", "note"):
        parts = {row.unit: row.part for row in record.parts.select_related("unit")}
        given = {"title": record.title, "starts": record.starts, "ends": record.ends, "data": record.data}
        values = {"ends": when, "title": f"改名{when}", "note": f"{when}"}
        records.change_record(record, Content(**given | {step: values[step]}, parts=parts), by=None)
    elif step != "lock":
        records.move(record, step, by=None, reason="因", day=when if step in ("close", "cancel") else None)


def _adds_up(made):
    """By hand: each purchase that is approved counts in its own year; the years are the whole."""
    found = by_year([record.pk for record in made])
    for record in made:
        expected = {}
        for link in record.links.select_related("purchase"):
            if link.purchase.status == "approved":
                year, [bought] = link.purchase.date.year, link.purchase.lines.all()
                expected[year] = expected.get(year, 0) + to_fen(bought.figure)
        assert {year: amount for year, amount in found.get(record.pk, {}).items() if amount} == expected
        for year in YEARS:
            one = came({record.pk: record.kind}, year).get(record.pk, (0, 0))
            assert one == (
                expected.get(year, 0),
                sum(each for when, each in expected.items() if when <= year),
            )

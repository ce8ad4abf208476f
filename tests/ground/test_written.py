"""Queries whose SQL is kept: they answer for the values at hand, not for those they were written with."""

import datetime

import pytest
from django.db import DatabaseError
from django.db.models import Count, F, Value
from django.db.models.functions import Concat

from cixi_xiezuo import stored
from cixi_xiezuo.written import Written, WrittenUpdate
from procurement.models import Purchase, Supplier
from units.models import Unit, UnitLink, YearBase

pytestmark = pytest.mark.django_db


def test_it_answers_as_django_does_for_every_value():
    units = [Unit.objects.create(code=f"W{n}", name=f"单位{n}", kind="school") for n in range(3)]
    days = [datetime.date(2021, 1, 1) + datetime.timedelta(days=90 * n) for n in range(3)]
    for unit, day in zip(units, days, strict=True):
        UnitLink.objects.create(unit=unit, since=day)

    def build(unit, day):
        return UnitLink.objects.filter(unit=unit, since__lte=day).values_list("unit__code", "since")

    written = Written(build)
    for unit in units:
        for day in days:
            assert written.rows(unit.pk, day) == list(build(unit.pk, day))


def test_a_number_may_be_compared_with_a_field_that_has_no_negative_ones():
    unit = Unit.objects.create(code="W1", name="单位", kind="school")
    for year in (2020, 2021, 2022):
        YearBase.objects.create(unit=unit, year=year)
    for of_year in ("year", "year__lte", "year__gt"):

        def build(year, of_year=of_year):
            return YearBase.objects.filter(**{of_year: year}).order_by("year").values_list("year")

        written = Written(build)
        assert written.rows(2021) == list(build(2021)) != written.rows(2020) == list(build(2020)) != []


def test_what_a_query_has_of_itself_is_never_taken_for_a_value():
    marks = []
    Written(lambda mark: marks.append(mark) or Unit.objects.filter(pk=mark).values_list("pk")).rows(1)
    for number, mark in enumerate(marks):
        Unit.objects.create(pk=mark, code=f"W{number}", name="单位", kind="school")
        written = Written(
            lambda pk, own=mark: Unit.objects.filter(pk__in=[own]).exclude(pk=pk).values_list("pk")
        )
        assert (written.rows(mark), written.rows(1)) == ([], [(mark,)])


def test_a_query_that_can_find_nothing_asks_nothing(django_assert_num_queries):
    written = Written(lambda unit: Unit.objects.filter(pk=unit, kind__in=[]).values_list("pk"))
    with django_assert_num_queries(0):
        assert written.rows(1) == written.rows(2) == []


def test_objects_come_as_django_makes_them_with_what_they_point_to(django_assert_num_queries):
    town = Unit.objects.create(code="W9", name="某镇", kind="town")
    units = [Unit.objects.create(code=f"W{n}", name=f"单位{n}", kind="school", town=town) for n in range(2)]
    written = Written(lambda unit: Unit.objects.filter(pk=unit).select_related("town", "supervisor"))
    for unit in (*units, town):
        with django_assert_num_queries(1):
            (found,) = written.objects(unit.pk)
            assert (found, found.town, found.supervisor) == (unit, unit.town, None)
        assert (
            vars(found).keys()
            == vars(Unit.objects.select_related("town", "supervisor").get(pk=unit.pk)).keys()
        )
        found.name = "改名"
        found.save()
        assert Unit.objects.get(pk=unit.pk).name == "改名"
    assert written.objects(0) == []


def test_texts_are_given_as_values_and_annotations_come_along():
    for number, code in enumerate(("甲'1", "乙%s")):
        Unit.objects.create(code=code, name=f"单位{number}", kind="school")
    written = Written(lambda code: Unit.objects.filter(code__in=[code]).annotate(heads=Count("memberships")))
    for code in ("甲'1", "乙%s"):
        (found,) = written.objects(code)
        assert (found.code, found.heads) == (code, 0)
    assert written.objects("丙") == []


def test_rows_are_changed_for_every_value_and_for_none():
    one, other = (Unit.objects.create(code=f"W{n}", name=f"单位{n}", kind="school") for n in range(2))
    written = WrittenUpdate(
        lambda unit, town: Unit.objects.filter(pk=unit),
        lambda unit, town: {"town": town, "name": Concat(F("code"), Value("改"))},
    )
    for town in (other.pk, None, one.pk):
        written.run(other.pk, town)
        assert Unit.objects.values_list("name", "town").get(pk=other.pk) == ("W1改", town)
    assert Unit.objects.values_list("name", "town").get(pk=one.pk) == ("单位0", None)


def test_one_row_is_stored_as_django_stores_it():
    supplier = Supplier(name="供应商'%s")
    stored.insert(supplier)
    assert Supplier.objects.get(pk=supplier.pk).name == "供应商'%s"
    supplier.uscc = "9133"  # Django itself goes on with it
    supplier.save()
    purchase = Purchase(number="P1", unit=Unit.objects.create(code="W1", name="单位", kind="school"))
    purchase.answers = {"甲": [1]}
    stored.insert(purchase)
    kept = Purchase.objects.get()
    assert (kept.answers, kept.version, kept.created_at) == ({"甲": [1]}, 1, purchase.created_at)
    kept.supplier, kept.note, kept.answers = supplier, "改", {}
    stored.update(kept, ("supplier", "answers"))
    kept.refresh_from_db()
    assert (kept.supplier, kept.note, kept.answers) == (supplier, "", {})
    Purchase.objects.all().delete()
    with pytest.raises(DatabaseError):
        stored.update(kept, ("note",))

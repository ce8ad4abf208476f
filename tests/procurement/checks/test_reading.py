"""How much the checks read: the same few queries for one purchase and for many."""

from procurement.checks import Subject, doubts_of
from procurement.choices import Status, Use
from procurement.doubts import note
from procurement.models import Purchase
from tests.factories import line, make_purchase, make_unit
from units.kinds import Kind


def test_a_hundred_purchases_cost_no_more_queries_than_one(town, django_assert_max_num_queries):
    union = make_unit("U01", Kind.UNION, host=town)
    for day in range(1, 21):
        make_purchase(
            union,
            line(use=Use.UNION_WELFARE),
            receipt=b"%d" % day,
            status=Status.SUBMITTED,
            date=f"2021-06-{day:02}",
        )
    purchases = list(Purchase.objects.select_related("unit__host", "supplier"))
    with django_assert_max_num_queries(5):
        for subject in Subject.many(purchases):
            doubts_of(subject)
    with django_assert_max_num_queries(5):
        doubts_of(Subject(purchases[0]))


def test_submission_and_import_note_how_many_doubts_there_were(town):
    purchase = make_purchase(town, line(region="其他地区"), status=Status.SUBMITTED)
    assert purchase.doubts == 1
    Purchase.objects.update(doubts=7)
    note(list(Purchase.objects.select_related("unit")))
    assert Purchase.objects.get().doubts == 1

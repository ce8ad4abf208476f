"""委托代办: whoever acts for another may do what that person might, for as long as it holds, on record."""

import datetime

import pytest
import time_machine

from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.errors import NotAllowed, Refused
from procurement import workflow
from procurement.choices import Status
from procurement.models import Purchase
from tests.factories import make_policy, make_purchase, make_unit, make_user
from units.bases import confirm_base, file_base
from units.delegating import colleagues, delegate, end_delegation
from units.kinds import Kind
from units.models import Membership, Role, User
from units.scope import Scope

FIRST, LAST = datetime.date(2021, 7, 1), datetime.date(2021, 7, 10)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def july():
    with time_machine.travel("2021-07-05T10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def bureau_unit():
    make_policy()
    return make_unit("D01", Kind.DEPARTMENT, "市商务局")


@pytest.fixture
def school(bureau_unit):
    return make_unit("S01", Kind.SCHOOL)


@pytest.fixture
def bureau(bureau_unit):
    return make_user("jia", Role.BUREAU, bureau_unit)


@pytest.fixture
def clerk(bureau_unit):
    """A colleague of the bureau who reviews nothing themselves."""
    return make_user("yi", Role.CLERK, bureau_unit)


def again(user) -> User:
    """The person as the next request meets them."""
    return User.objects.get(pk=user.pk)


def give(bureau, clerk):
    return delegate(clerk, by=bureau, since=FIRST, until=LAST, reason="出差")


def test_the_colleague_decides_and_the_trail_says_for_whom(bureau, clerk, school):
    purchase = make_purchase(school, status=Status.SUBMITTED)
    assert not Purchase.objects.reviewable_by(again(clerk)).exists()
    give(bureau, clerk)
    assert list(Purchase.objects.reviewable_by(again(clerk))) == [purchase]
    workflow.approve(purchase, by=again(clerk))
    event = AuditEvent.objects.get(action="核准")
    assert (event.actor, event.on_behalf) == ("yi", "jia")


def test_the_page_says_jia_dai_yi(client, bureau, clerk, school):
    purchase = make_purchase(school, status=Status.SUBMITTED)
    give(bureau, clerk)
    client.force_login(clerk)
    assert client.get("/review/").status_code == 200
    client.post(f"/review/{purchase.pk}/return/", {"version": purchase.version, "reason": "票据不清晰"})
    page = client.get(f"/review/{purchase.pk}/trail/").content.decode()
    assert "yi" in page and "代 jia" in page


def test_bases_are_confirmed_for_another_on_record(bureau, clerk, school):
    base = file_base(school, 2021, by=None, headcount=10)
    give(bureau, clerk)
    confirm_base(base, by=again(clerk))
    assert AuditEvent.objects.get(action="确认基数").on_behalf == "jia"


@pytest.mark.parametrize("day", ["2021-06-30", "2021-07-11"])
def test_outside_the_period_it_holds_no_more(bureau, clerk, school, day):
    make_purchase(school, status=Status.SUBMITTED)
    give(bureau, clerk)
    with time_machine.travel(f"{day}T12:00:00+08:00", tick=False):
        assert not Purchase.objects.reviewable_by(again(clerk)).exists()


@pytest.mark.parametrize("moment", ["2021-07-01T00:00:00+08:00", "2021-07-10T23:59:59+08:00"])
def test_both_days_of_the_period_belong_to_it(bureau, clerk, school, moment):
    make_purchase(school, status=Status.SUBMITTED)
    give(bureau, clerk)
    with time_machine.travel(moment, tick=False):
        assert Purchase.objects.reviewable_by(again(clerk)).exists()


def test_ended_or_given_by_somebody_disabled_or_out_of_office_it_holds_no_more(bureau, clerk, school):
    make_purchase(school, status=Status.SUBMITTED)
    first = give(bureau, clerk)
    end_delegation(first, by=again(clerk))
    assert not Purchase.objects.reviewable_by(again(clerk)).exists()
    with pytest.raises(Refused):
        end_delegation(first, by=bureau)
    give(bureau, clerk)
    User.objects.filter(pk=bureau.pk).update(is_active=False)
    assert not Purchase.objects.reviewable_by(again(clerk)).exists()
    User.objects.filter(pk=bureau.pk).update(is_active=True)
    Membership.objects.filter(user=bureau).delete()
    assert not Purchase.objects.reviewable_by(again(clerk)).exists()


def test_it_lets_nobody_decide_on_their_own_units_or_on_what_either_had_a_hand_in(
    bureau, clerk, bureau_unit, school
):
    Membership.objects.create(user=clerk, unit=school, role=Role.CLERK)
    give(bureau, clerk)
    for unit in (bureau_unit, school):
        with pytest.raises(NotAllowed):
            workflow.approve(make_purchase(unit, status=Status.SUBMITTED), by=again(clerk))
    other = make_unit("S02", Kind.SCHOOL)
    given = make_purchase(other, status=Status.SUBMITTED)
    Purchase.objects.filter(pk=given.pk).update(recorded_by=bureau)
    with pytest.raises(NotAllowed, match="委托您代办的人"):
        workflow.approve(given, by=again(clerk))


def test_it_opens_the_queue_but_not_the_citys_pages(client, bureau, clerk, school):
    give(bureau, clerk)
    client.force_login(clerk)
    assert client.get("/city/").status_code == 404
    assert client.post("/workbook/2021/").status_code == 404


def test_what_was_received_is_not_handed_on(bureau, clerk, bureau_unit, school):
    third = make_user("bing", Role.CLERK, bureau_unit)
    give(bureau, clerk)
    with pytest.raises(NotAllowed, match="没有审核角色"):
        delegate(third, by=again(clerk), since=FIRST, until=LAST)


def test_only_a_colleague_receives_it_and_no_administrator(bureau, clerk, bureau_unit, school):
    stranger = make_user("stranger", Role.CLERK, school)
    keeper = make_user("keeper", Role.SYSTEM_ADMIN, bureau_unit)
    assert list(colleagues(bureau)) == [clerk]
    for person in (stranger, keeper, bureau):
        with pytest.raises(NotAllowed):
            delegate(person, by=bureau, since=FIRST, until=LAST)


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        ("2021-07-02", "2021-07-01", "早于"),
        ("2021-06-01", "2021-07-04", "已过"),
        ("2021-07-01", "2022-07-01", "最长"),
    ],
)
def test_a_period_that_makes_no_sense_is_refused(bureau, clerk, since, until, said):
    day = datetime.date.fromisoformat
    with pytest.raises(Refused, match=said):
        delegate(clerk, by=bureau, since=day(since), until=day(until))


def test_what_the_giver_does_for_a_unit_of_their_own_is_not_given(bureau, clerk, school):
    Membership.objects.create(user=bureau, unit=school, role=Role.CLERK)
    give(bureau, clerk)
    assert not Scope.of(again(clerk)).may_record(school)


def test_who_may_decide_themselves_acts_for_nobody_nor_for_one_who_may_not(bureau, bureau_unit, school):
    other = make_user("bing", Role.BUREAU, bureau_unit)
    give(bureau, other)
    assert Scope.of(again(other)).on_behalf(school) == ""
    Membership.objects.filter(user=other).update(role=Role.CLERK)
    assert Scope.of(again(other)).on_behalf(school) == "jia"
    assert Scope.of(again(other)).on_behalf(bureau_unit) == ""


def test_of_several_givers_the_one_who_reviews_the_unit_is_named(bureau_unit, bureau, clerk, school):
    for name in ("aa", "zz"):  # leads of no unit but the bureau's
        give(make_user(name, Role.LEAD, bureau_unit), clerk)
    give(bureau, clerk)
    assert Scope.of(again(clerk)).on_behalf(school) == "jia"

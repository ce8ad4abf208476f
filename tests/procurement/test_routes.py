"""两级审核: what the policy has reviewed twice counts only after both, and nobody does both."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.errors import NotAllowed, Refused, Stale
from procurement import tallies, workflow
from procurement.choices import Status
from procurement.models import Purchase, YearTerms
from tests.factories import line, make_policy, make_purchase, make_unit, make_user
from units.delegating import delegate
from units.kinds import Kind
from units.models import Membership, Role, User

pytestmark = pytest.mark.django_db
TWICE = ",school,"


@pytest.fixture(autouse=True)
def city():
    """The schools of the department and of the town are reviewed twice, all others once."""
    make_policy()
    YearTerms.objects.filter(year=2021).update(twice=TWICE)
    make_unit("B01", name="市商务局")
    make_unit("D01", name="市教育局")
    make_unit("T01", Kind.TOWN)


@pytest.fixture
def school():
    from units.models import Unit

    return make_unit("S01", Kind.SCHOOL, supervisor=Unit.objects.get(code="D01"))


def person(name: str, role: str, code: str) -> User:
    from units.models import Unit

    return make_user(name, role, Unit.objects.get(code=code))


def again(user: User) -> User:
    """The person as the next request meets them."""
    return User.objects.get(pk=user.pk)


@pytest.fixture
def lead(city):
    return person("lead", Role.LEAD, "D01")


@pytest.fixture
def bureau(city):
    return person("bureau", Role.BUREAU, "B01")


@pytest.fixture
def clerk(school):
    return make_user("clerk", Role.CLERK, school)


@pytest.fixture
def submitted(school, clerk, lead, bureau):
    purchase = make_purchase(school, line("100.10"), status=Status.DRAFT, by=clerk)
    return workflow.submit(purchase, by=clerk)


def counted() -> int:
    return sum(row.measures.direct for row in tallies.sums_as_of(2021, datetime.date(2021, 12, 31)))


def queue(user: User) -> list[int]:
    return list(Purchase.objects.reviewable_by(again(user)).values_list("pk", flat=True))


def test_it_counts_only_after_both_and_stands_in_one_queue_at_a_time(submitted, lead, bureau):
    assert (queue(lead), queue(bureau)) == ([submitted.pk], [])
    first = workflow.pass_first(submitted, by=again(lead), version=submitted.version)
    assert (first.status, first.first_by, counted()) == (Status.SUBMITTED, lead, 0)
    assert (queue(lead), queue(bureau)) == ([], [submitted.pk])
    with pytest.raises(Stale):
        workflow.approve(submitted, by=again(bureau), version=submitted.version)
    done = workflow.approve(first, by=again(bureau), version=first.version)
    assert (done.status, done.first_by, done.decided_by, counted()) == (Status.APPROVED, lead, bureau, 10010)
    events = AuditEvent.objects.filter(subject=f"采购 {submitted.number}").order_by("seq")
    assert list(events.values_list("action", "actor")) == [
        ("提交", "clerk"),
        ("初审通过", "lead"),
        ("核准", "bureau"),
    ]


def test_each_does_their_own_step_alone(submitted, lead, bureau):
    for verb in (workflow.approve, workflow.pass_first):
        with pytest.raises(NotAllowed, match="须先由主管部门或镇街初审"):
            verb(submitted, by=again(bureau))
    with pytest.raises(Refused, match="现在是初审"):
        workflow.approve(submitted, by=again(lead))
    with pytest.raises(NotAllowed, match="须先由"):
        workflow.send_back(submitted, by=again(bureau), reason="不清楚")
    workflow.pass_first(submitted, by=again(lead))
    for verb in (workflow.approve, workflow.pass_first):
        with pytest.raises(NotAllowed, match="已初审"):
            verb(submitted, by=again(lead))
    with pytest.raises(Refused, match="不需要初审"):
        workflow.pass_first(submitted, by=again(bureau))
    assert counted() == 0


def test_nobody_does_both(submitted, lead):
    Membership.objects.create(user=lead, unit=Membership.objects.get(role=Role.BUREAU).unit, role=Role.BUREAU)
    workflow.pass_first(submitted, by=again(lead))
    assert queue(lead) == []
    with pytest.raises(NotAllowed, match="您已初审过"):
        workflow.approve(submitted, by=again(lead))


@pytest.mark.parametrize("stage", ["first", "final"])
def test_what_goes_back_begins_anew(submitted, clerk, lead, bureau, stage):
    if stage == "final":
        workflow.pass_first(submitted, by=again(lead))
    returned = workflow.send_back(
        submitted, by=again(lead if stage == "first" else bureau), reason="请补合同"
    )
    assert (returned.first_by, returned.first_at) == (None, None)
    workflow.submit(returned, by=again(clerk))
    assert (queue(lead), queue(bureau)) == ([submitted.pk], [])
    workflow.pass_first(submitted, by=again(lead))
    assert workflow.withdraw(submitted, by=again(clerk)).first_at is None
    workflow.submit(submitted, by=again(clerk))
    assert (queue(lead), queue(bureau)) == ([submitted.pk], [])


def test_other_kinds_and_earlier_years_are_reviewed_once(clerk, lead, bureau, school):
    make_policy(2020)
    hospital = make_unit("H01", Kind.HOSPITAL, supervisor=school.supervisor)
    once = [
        make_purchase(hospital, status=Status.SUBMITTED).pk,
        make_purchase(school, status=Status.SUBMITTED, date="2020-06-01").pk,
    ]
    later = make_purchase(school, status=Status.SUBMITTED, date="2022-06-01")
    assert sorted(queue(bureau)) == once
    assert sorted(queue(lead)) == [*once, later.pk]
    workflow.approve(Purchase.objects.get(pk=once[0]), by=again(lead))


def test_a_unit_that_nobody_can_review_first_goes_to_the_bureau(bureau, lead):
    alone = make_purchase(make_unit("S02", Kind.SCHOOL), status=Status.SUBMITTED)
    assert queue(bureau) == [alone.pk]
    assert workflow.approve(alone, by=again(bureau)).status == Status.APPROVED


def test_what_waits_goes_on_when_the_policy_changes_its_mind(submitted, lead, bureau):
    workflow.pass_first(submitted, by=again(lead))
    YearTerms.objects.update(twice="")
    assert (queue(bureau), queue(lead)) == ([submitted.pk], [submitted.pk])
    YearTerms.objects.update(twice=TWICE)
    assert (queue(bureau), queue(lead)) == ([submitted.pk], [])
    assert workflow.approve(submitted, by=again(bureau)).status == Status.APPROVED


def test_it_may_be_delegated_step_by_step(submitted, lead, bureau):
    deputy = person("deputy", Role.CLERK, "D01")
    today = datetime.date.today()
    delegate(deputy, by=lead, since=today, until=today, reason="出差")
    assert queue(deputy) == [submitted.pk]
    workflow.pass_first(submitted, by=again(deputy))
    event = AuditEvent.objects.get(action="初审通过")
    assert (event.actor, event.on_behalf) == ("deputy", "lead")
    with pytest.raises(NotAllowed):
        workflow.approve(submitted, by=again(deputy))


def test_the_pages_say_whose_step_it_is(submitted, lead, bureau, clerk):
    theirs, ours, mine = Client(), Client(), Client()
    for browser, user in ((theirs, lead), (ours, bureau), (mine, clerk)):
        browser.force_login(user)
    address = reverse("review", args=[submitted.pk])
    page = ours.get(address).content.decode()
    assert "须先由主管部门或镇街初审" in page and "核准<kbd>" not in page
    page = theirs.get(address).content.decode()
    assert "初审通过<kbd>" in page and 'name="amount_' not in page
    pick = {"pick": f"{submitted.pk}:{submitted.version}"}
    said = theirs.post(reverse("review_approve_many"), pick, follow=True).content.decode()
    assert "初审通过 1 笔" in said
    assert "由市商务局复核后计入" in mine.get(reverse("purchase", args=[submitted.pk])).content.decode()
    page = ours.get(address).content.decode()
    assert "待复核" in page and "核准<kbd>" in page and 'name="amount_' in page
    assert "已初审" in ours.get(reverse("review_queue")).content.decode()


def test_one_by_one_the_first_step_goes_by_the_same_button(submitted, lead):
    browser = Client()
    browser.force_login(lead)
    sent = {"version": submitted.version}
    page = browser.post(reverse("review_approve", args=[submitted.pk]), sent, follow=True).content.decode()
    assert "初审通过，由市商务局复核" in page
    assert Purchase.objects.get(pk=submitted.pk).first_by == lead


def test_whoever_reviews_second_finds_what_was_reviewed_first(submitted, lead, bureau, client):
    workflow.pass_first(submitted, by=again(lead))
    once = make_purchase(make_unit("I01", Kind.INSTITUTION), line("5.00"), status=Status.SUBMITTED)
    client.force_login(bureau)

    def listed(asked: str) -> list[int]:
        return [row.pk for row, _ in client.get(reverse("review_queue") + asked).context["rows"]]

    assert (listed("?first=yes"), listed("?first=no")) == ([submitted.pk], [once.pk])
    assert set(listed("")) == {submitted.pk, once.pk}
    client.force_login(lead)
    assert "审核流程" not in client.get(reverse("review_queue")).content.decode()

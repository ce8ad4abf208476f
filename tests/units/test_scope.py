"""Who sees and reviews which units."""

import pytest

from cixi_xiezuo.errors import NotAllowed
from procurement import workflow
from procurement.choices import Status
from procurement.editing import Head, Line, save_draft
from procurement.models import Purchase
from tests.factories import make_policy, make_purchase, make_unit, make_user
from units.kinds import Kind
from units.models import Membership, Role, Unit, User
from units.organising import set_organised
from units.scope import Scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    """By code: the bureau, the oversight office, an organiser, a supervising department, towns and their own."""
    units = {
        "D01": make_unit("D01", Kind.DEPARTMENT, "市商务局"),
        "D02": make_unit("D02", Kind.DEPARTMENT, "市对口支援办"),
        "D04": make_unit("D04", Kind.DEPARTMENT, "市总工会"),
        "D06": make_unit("D06", Kind.DEPARTMENT, "市教育局"),
        "T01": make_unit("T01", Kind.TOWN),
        "T02": make_unit("T02", Kind.TOWN),
    }
    units["S01"] = make_unit("S01", Kind.SCHOOL, supervisor=units["D06"], town=units["T01"])
    units["S02"] = make_unit("S02", Kind.SCHOOL, town=units["T02"])
    for code, host in (("U01", "D01"), ("U06", "D06"), ("US1", "S01"), ("UT2", "T02")):
        units[code] = make_unit(code, Kind.UNION, host=units[host])
    make_user("bureau", Role.BUREAU, units["D01"])
    make_user("oversight", Role.OVERSIGHT, units["D02"])
    make_user("lead", Role.LEAD, units["D06"])
    make_user("town", Role.TOWN, units["T01"])
    make_user("gonghui", Role.LEAD, units["D04"])
    return units


def codes(units) -> str:
    return " ".join(sorted(units.values_list("code", flat=True)))


def scope(username) -> Scope:
    return Scope.of(User.objects.get(username=username))


@pytest.mark.parametrize(
    ("username", "sees"),
    [
        ("bureau", "D01 D02 D04 D06 S01 S02 T01 T02 U01 U06 US1 UT2"),
        ("oversight", "D01 D02 D04 D06 S01 S02 T01 T02 U01 U06 US1 UT2"),
        ("lead", "D06 S01 U06 US1"),
        ("town", "S01 T01 US1"),
        ("gonghui", "D04"),
    ],
)
def test_each_role_sees_its_own_units(city, username, sees):
    assert codes(scope(username).visible()) == sees


@pytest.mark.parametrize(
    ("username", "reviews"),
    [
        ("bureau", "D02 D04 D06 S01 S02 T01 T02 U06 US1 UT2"),
        ("oversight", "D01 U01"),
        ("lead", "S01 US1"),
        ("town", "S01 US1"),
        ("gonghui", ""),
    ],
)
def test_nobody_reviews_their_own_unit_and_the_bureaus_goes_to_the_oversight_office(city, username, reviews):
    assert codes(scope(username).reviewable()) == reviews


@pytest.mark.parametrize(
    ("username", "reminds"),
    [
        ("bureau", "D02 D04 D06 S01 S02 T01 T02 U06 US1 UT2"),
        ("lead", "S01 US1"),
        ("town", "S01 US1"),
        ("gonghui", "U01 U06 US1 UT2"),
    ],
)
def test_whoever_reviews_or_organises_a_unit_reminds_it_but_nobody_their_own(city, username, reminds):
    set_organised([("市总工会", Kind.UNION)])
    assert codes(scope(username).remindable()) == reminds


def test_a_reviewing_units_own_purchases_go_to_the_bureau_alone(city):
    city["T01"].supervisor = city["D06"]
    city["T01"].save()
    assert "T01" not in codes(scope("lead").reviewable())
    assert "T01" in codes(scope("bureau").reviewable())


def test_the_bureaus_own_are_not_reviewed_by_the_town_it_stands_in(city):
    Unit.objects.filter(code="D01").update(town=city["T01"])
    assert "D01" not in codes(scope("town").reviewable())


def test_an_organiser_sees_the_kinds_that_the_policy_gives_it_and_reviews_none_of_them(city):
    set_organised([("市总工会", Kind.UNION), ("市卫生健康局", Kind.HOSPITAL)])
    assert codes(scope("gonghui").visible()) == "D04 U01 U06 US1 UT2"
    assert codes(scope("gonghui").reviewable()) == ""
    assert codes(scope("town").visible()) == "S01 T01 US1"


def test_a_clerk_of_an_organiser_sees_no_more_than_before(city):
    set_organised([("市总工会", Kind.UNION)])
    clerk = make_user("clerk", Role.CLERK, city["D04"])
    assert codes(Scope.of(clerk).visible()) == "D04"


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR])
def test_the_administrators_and_the_auditor_see_nobodys_purchases(city, role):
    keeper = make_user("keeper", role, city["D01"])
    assert codes(Scope.of(keeper).visible()) == codes(Scope.of(keeper).reviewable()) == ""
    make_policy()
    make_purchase(city["S01"])
    assert not Purchase.objects.visible_to(keeper).exists()


def test_a_disabled_person_sees_nothing(city):
    bureau = Membership.objects.get(user__username="bureau").user
    bureau.is_active = False
    assert codes(Scope.of(bureau).visible()) == ""


def test_nobody_decides_on_what_they_changed_even_after_they_moved(city):
    make_policy()
    mover = make_user("mover", Role.CLERK, city["S01"])
    purchase = make_purchase(city["S01"], status=Status.DRAFT)
    head = Head(supplier="凉山供应链公司", channel=purchase.channel, purchase_date=purchase.date, note="改过")
    line = purchase.lines.get()
    lines = [Line(line.amount, line.product_name, use=line.use, region=line.region)]
    save_draft(purchase, by=mover, version=purchase.version, head=head, lines=lines)
    workflow.submit(purchase, by=None)
    Membership.objects.filter(user=mover).update(role=Role.BUREAU, unit=city["D01"])
    mover = type(mover).objects.get(pk=mover.pk)
    assert not Purchase.objects.reviewable_by(mover).exists()
    with pytest.raises(NotAllowed, match="自己登记、修改或提交"):
        workflow.approve(purchase, by=mover)
    purchase.refresh_from_db()
    assert purchase.status == Status.SUBMITTED


def test_asked_of_one_unit_it_answers_as_for_all(city):
    for user in User.objects.all():
        scope = Scope.of(user)
        allowed = set(scope.reviewable().values_list("pk", flat=True))
        assert {unit.pk for unit in Unit.objects.all() if scope.may_review(unit)} == allowed

"""Who organises which units, from the policy to a person's scope."""

import pytest

from assessment.models import Policy, RuleKind
from assessment.policy_drafts import copy_policy, edit_rule, put_in_force
from assessment.reference import load_reference
from tests.factories import make_unit, make_user
from units.kinds import Kind
from units.models import Role
from units.organising import Organising
from units.scope import Scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def units():
    load_reference()
    made = [make_unit(f"X{number}", kind) for number, kind in enumerate(Kind)]
    return {unit.kind: unit for unit in made}


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("市委直属机关工委", {Kind.DEPARTMENT, Kind.INSTITUTION}),
        ("市教育局", {Kind.SCHOOL}),
        ("市卫生健康局", {Kind.HOSPITAL}),
        ("市总工会", {Kind.UNION}),
        ("市金融发展服务中心", {Kind.FINANCIAL}),
        ("市民政局", set()),
    ],
)
def test_each_organiser_of_the_2021_policy_sees_its_kinds(units, name, kinds):
    office = make_unit("O1", Kind.INSTITUTION, name)
    seen = Scope.of(make_user("lead", Role.LEAD, office)).visible().exclude(pk=office.pk)
    assert {unit.kind for unit in seen} == kinds


def test_a_new_policy_moves_the_duty_once_it_is_in_force(units):
    draft = copy_policy(Policy.objects.get(year=2021), 2022, by=None)
    for each in draft.rules.filter(kind__in=[RuleKind.UNION_HOLIDAY_SHARE, RuleKind.UNION_WELFARE_CAP]):
        edit_rule(each, by=None, lead="市民政局", organisers=[])
    assert not Organising.objects.filter(name="市民政局").exists()
    put_in_force(draft, by=None)
    assert list(Organising.objects.filter(kind=Kind.UNION).values_list("name", flat=True)) == ["市民政局"]

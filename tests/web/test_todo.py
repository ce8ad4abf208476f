"""待办: what waits for a person, in the top bar and as a list, the longest waiting first."""

import pytest

from assessment.models import Opening
from procurement.choices import Status, Use
from procurement.models import Purchase
from tests.factories import line, make_base, make_policy, make_purchase, make_unit, make_user
from units.kinds import Kind
from units.models import BaseStatus, Membership, Role, RoleRequest
from units.years import YearLock

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    make_policy()
    town = make_unit("T01", Kind.TOWN, "临江镇")
    school = make_unit("S01", Kind.SCHOOL, "临江小学", town=town)
    return {
        "town": town,
        "school": school,
        "union": make_unit("U01", Kind.UNION, "临江小学工会", host=school),
        "foreign": make_unit("S02", Kind.SCHOOL, "远山小学"),
        "bureau": make_unit("D01", Kind.DEPARTMENT, "市商务局"),
    }


def opened(client):
    response = client.get("/todo/")
    assert response.status_code == 200
    return response


def counts(response):
    return {sort.name: sort.count for sort in response.context["sorts"]}


def as_(client, role, unit):
    user = make_user(f"{role}-{unit.code}", role, unit)
    client.force_login(user)
    return user


def test_a_clerk_sees_what_came_back_and_what_is_to_be_filed_the_oldest_first(client, city):
    as_(client, Role.CLERK, city["school"])
    make_purchase(city["foreign"], number="外", status=Status.RETURNED)
    old = make_purchase(city["union"], number="早", status=Status.RETURNED)
    Purchase.objects.filter(pk=old.pk).update(decided_at="2021-01-05T00:00:00+08:00")
    make_purchase(city["school"], number="草", status=Status.DRAFT)
    make_base(city["school"], status=BaseStatus.RETURNED, canteen="none")
    response = opened(client)
    assert counts(response) == {"returned": 1, "drafts": 1, "to_file": 2}
    titles = [todo.title for todo in response.context["rows"]]
    assert titles[0].startswith("早") and titles[-1].startswith("草")
    assert titles[1:3] == ["2021 年度基数 · 临江小学", "2021 年度基数 · 临江小学工会"]
    words = response.content.decode()
    assert "退回原因：请补充" in words and "修改后重新填报" in words and "外 ·" not in words
    assert all(client.get(todo.url).status_code == 200 for todo in response.context["rows"])


def test_bases_that_are_filed_or_of_a_sealed_year_do_not_wait_for_the_clerk(client, city):
    as_(client, Role.CLERK, city["school"])
    make_base(city["school"], status=BaseStatus.FILED, canteen="none")
    make_base(city["union"], headcount=1)
    assert counts(opened(client)) == {}
    city["school"].bases.all().delete()
    assert counts(opened(client)) == {"to_file": 1}
    from assessment.models import Policy, PolicyStatus

    Policy.objects.update(status=PolicyStatus.SEALED)
    assert counts(opened(client)) == {}


def test_a_reviewer_sees_what_they_may_decide_on_and_no_more(client, city):
    user = as_(client, Role.TOWN, city["town"])
    mine = make_purchase(city["school"], status=Status.SUBMITTED)
    make_purchase(city["foreign"], status=Status.SUBMITTED)
    touched = make_purchase(city["school"], line("5.00", Use.OFFICE), status=Status.SUBMITTED)
    touched.changed_by.add(user)
    make_base(city["school"], status=BaseStatus.FILED, canteen="none")
    make_base(city["foreign"], status=BaseStatus.FILED, canteen="none")
    response = opened(client)
    assert counts(response) == {"mine": 1, "bases": 1}
    assert [todo.url for todo in response.context["rows"]] == [f"/review/{mine.pk}/", "/bases/2021/S01/"]


def test_the_oversight_office_sees_requests_to_open_a_year(client, city):
    YearLock.objects.create(year=2020, locked_by="x", locked_at="2021-01-10T00:00:00+08:00")
    Opening.objects.create(
        year=2020, version=1, reason="漏登一笔", asked_by="bureau", asked_at="2021-02-01T00:00:00+08:00"
    )
    as_(client, Role.OVERSIGHT, make_unit("D02", Kind.DEPARTMENT, "市对口支援办"))
    response = opened(client)
    assert counts(response) == {"openings": 1}
    assert "2020 年度启封申请" in response.content.decode() and "漏登一笔" in response.content.decode()
    as_(client, Role.BUREAU, city["bureau"])
    assert counts(opened(client)) == {}


def test_the_security_administrator_sees_roles_asked_for(client, city):
    person = make_user("new", Role.CLERK)
    RoleRequest.objects.create(user=person, unit=city["school"], role=Role.CLERK, asked_by="sysadmin")
    as_(client, Role.SECURITY_ADMIN, city["bureau"])
    response = opened(client)
    assert counts(response) == {"to_grant": 1}
    [todo] = response.context["rows"]
    assert "临江小学 · 经办人" in todo.title and client.get(todo.url).status_code == 200


def test_the_top_bar_counts_it_on_every_page(client, city):
    as_(client, Role.CLERK, city["school"])
    make_purchase(city["school"], status=Status.RETURNED)
    words = client.get("/inbox/").content.decode()
    assert '待办<span class="wait-count">3</span>' in words
    assert 'href="/purchases/?status=returned">退回<span class="wait-count">1</span>' in words


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR])
def test_who_has_nothing_to_do_is_told_so(client, city, role):
    as_(client, role, city["bureau"])
    make_purchase(city["bureau"], status=Status.RETURNED)
    response = opened(client)
    assert counts(response) == {} and "没有待办" in response.content.decode()


@pytest.mark.parametrize("role", [Role.CLERK, Role.TOWN, Role.BUREAU, Role.OVERSIGHT])
def test_it_asks_the_database_little(client, city, role, django_assert_max_num_queries):
    as_(client, role, city["town" if role == Role.TOWN else "bureau"])
    for unit in (city["bureau"], city["school"], city["foreign"]):
        for status in (Status.RETURNED, Status.SUBMITTED, Status.DRAFT):
            make_purchase(unit, status=status)
        make_base(unit, status=BaseStatus.FILED, canteen="none")
    with django_assert_max_num_queries(12):
        opened(client)


@pytest.mark.parametrize("role", list(Role))
def test_the_numbers_follow_what_happens_between_two_looks(client, city, role, monkeypatch):
    """The queries are kept for a person from one request to the next; asked anew they say the same."""
    office = make_unit("D05", Kind.DEPARTMENT, "市支援办")
    below = make_unit("I05", Kind.INSTITUTION, "下属中心", supervisor=office)
    make_user("another", Role.BUREAU, city["bureau"])
    home = {Role.TOWN: city["town"], Role.LEAD: office, Role.OVERSIGHT: office}.get(role, city["bureau"])
    as_(client, role, home)
    opened(client)
    for unit in (city["bureau"], city["town"], city["school"], city["foreign"], below):
        for status in (Status.RETURNED, Status.SUBMITTED, Status.DRAFT):
            make_purchase(unit, status=status)
        make_base(unit, status=BaseStatus.FILED, canteen="none")
    kept = counts(opened(client))
    monkeypatch.setattr("cixi_xiezuo.waits._kept", {})
    assert counts(opened(client)) == kept
    assert bool(kept) == (role not in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR))


def test_the_numbers_follow_a_persons_roles_and_the_year_they_work_in(client, city):
    user = as_(client, Role.CLERK, city["school"])
    make_purchase(city["foreign"], status=Status.SUBMITTED)
    assert counts(opened(client)) == {"to_file": 2}
    Membership.objects.create(user=user, unit=city["bureau"], role=Role.BUREAU)
    assert counts(opened(client)) == {"to_file": 2, "mine": 1}
    Membership.objects.filter(user=user, role=Role.CLERK).delete()
    assert counts(opened(client)) == {"mine": 1}
    Membership.objects.create(user=user, unit=city["school"], role=Role.CLERK)
    make_base(city["school"], year=2021, status=BaseStatus.FILED, canteen="none")
    make_policy(2022)
    client.get("/todo/?year=2021")
    assert counts(opened(client))["to_file"] == 1
    client.get("/todo/?year=2022")
    assert counts(opened(client))["to_file"] == 2

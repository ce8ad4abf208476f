"""封账 on its pages: what stands in the way, what was sealed, opening it on record, and versions side by side."""

from __future__ import annotations

import datetime
import hashlib
from decimal import Decimal

import pytest

from assessment import sealing
from assessment.models import Opening, PolicyStatus, Snapshot
from assessment.standing import YearStanding, policy_of
from cixi_xiezuo.appendonly import lifted
from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.errors import Refused
from procurement import workflow
from procurement.choices import Status
from procurement.models import Purchase
from tests.factories import line, make_base, make_policy, make_purchase, make_unit, make_user
from units import years
from units.kinds import Kind
from units.models import Membership, Role
from units.years import YearLock, require_open


@pytest.fixture
def city(db):
    make_policy()
    town = make_unit("T01", Kind.TOWN, "临江镇")
    office, oversight = (
        make_unit("D01", Kind.DEPARTMENT, "市商务局"),
        make_unit("D02", Kind.DEPARTMENT, "市对口支援办"),
    )
    make_base(town, target="100.00", canteen_budget="50.00")
    make_purchase(town, line("40.00"), line("5.00", region="其他地区"), number="A1")
    make_purchase(town, line("60.00"), number="A2")
    make_user("bureau", Role.BUREAU, office)
    make_user("oversight", Role.OVERSIGHT, oversight)
    return town


@pytest.fixture
def as_bureau(client, city):
    client.force_login(Membership.objects.get(role=Role.BUREAU).user)
    return client


@pytest.fixture
def as_oversight(client, city):
    client.force_login(Membership.objects.get(role=Role.OVERSIGHT).user)
    return client


def lock(client, *leaving: str, **more: str):
    return client.post("/sealing/2021/lock/", {"sure": "on", "leaving": leaving, **more}, follow=True)


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def test_the_bureau_closes_a_year_and_sees_what_was_sealed(as_bureau, city):
    response = lock(as_bureau, reason="年终考核")
    snapshot = Snapshot.objects.get()
    page = response.content.decode()
    assert "已封账" in page and snapshot.digest in page and "说明：年终考核" in page
    assert snapshot.digest == hashlib.sha256(snapshot.content.encode()).hexdigest()
    assert [len(each.rows) for each in response.context["versions"]] == [3]
    assert YearLock.objects.get(year=2021).locked_by == "bureau"


def test_closing_wants_a_confirmation(as_bureau, city):
    response = as_bureau.post("/sealing/2021/lock/", {"reason": "写好的说明"})
    page = response.content.decode()
    assert response.status_code == 422 and "请先勾选确认" in page and "写好的说明" in page
    assert not YearLock.objects.exists() and not Snapshot.objects.exists()


def test_purchases_that_wait_are_listed_and_each_must_be_acknowledged(as_bureau, city):
    for number in ("W1", "W2"):
        make_purchase(city, line("7.00"), number=number, status=Status.SUBMITTED)
    page = as_bureau.get("/sealing/2021/")
    assert [purchase.number for purchase in page.context["waiting"]] == ["W1", "W2"]
    assert "还有 1 笔采购待审核（W2）" in said(lock(as_bureau, "W1"))
    assert not Snapshot.objects.exists()
    kept = as_bureau.post("/sealing/2021/lock/", {"leaving": ["W1"]}).content.decode()
    assert 'value="W1" checked' in kept and 'value="W2" checked' not in kept
    lock(as_bureau, "W1", "W2")
    assert AuditEvent.objects.get(action="封账").detail["left_out"] == ["W1", "W2"]


def test_what_is_acknowledged_but_no_longer_waits_is_said(as_bureau, city):
    waiting = make_purchase(city, line("7.00"), number="W1", status=Status.SUBMITTED)
    workflow.approve(waiting, by=None)
    assert "W1 已不在 2021 年度的待审核采购中" in said(lock(as_bureau, "W1"))
    assert not Snapshot.objects.exists()


def test_a_running_year_offers_no_closing(as_bureau, city):
    year = datetime.date.today().year
    make_policy(year)
    response = as_bureau.get(f"/sealing/{year}/")
    page = response.content.decode()
    assert f"{year}-12-31 之后才能封账" in page and "/lock/" not in page
    refused = as_bureau.post(f"/sealing/{year}/lock/", {"sure": "on"}, follow=True)
    assert "尚未结束" in said(refused)


def test_opening_is_asked_by_one_and_decided_by_another(as_bureau, city, client):
    lock(as_bureau)
    empty = as_bureau.post("/sealing/2021/ask/", {"reason": "  "})
    assert empty.status_code == 422 and "请填写申请启封的原因" in empty.content.decode()
    page = as_bureau.post("/sealing/2021/ask/", {"reason": "漏报更正"}, follow=True)
    opening = Opening.objects.get()
    decide = f"/sealing/2021/openings/{opening.pk}/"
    assert "漏报更正" in page.content.decode() and decide not in page.content.decode()
    assert as_bureau.post(decide, {"granted": "yes"}).status_code == 404
    client.force_login(Membership.objects.get(role=Role.OVERSIGHT).user)
    assert decide in client.get("/sealing/2021/").content.decode()
    assert "不同意时请填写答复" in client.post(decide, {"granted": "no"}).content.decode()
    page = client.post(decide, {"granted": "yes", "answer": "限三日"}, follow=True).content.decode()
    assert "已启封" in page and "限三日" in page
    require_open([2021])


def test_whoever_asked_does_not_decide_even_with_the_right_to(as_bureau, city):
    bureau = Membership.objects.get(role=Role.BUREAU).user
    Membership.objects.create(user=bureau, unit=city, role=Role.OVERSIGHT)
    lock(as_bureau)
    as_bureau.post("/sealing/2021/ask/", {"reason": "漏报更正"})
    decide = f"/sealing/2021/openings/{Opening.objects.get().pk}/"
    assert decide not in as_bureau.get("/sealing/2021/").content.decode()
    assert "不能决定自己提出的启封申请" in said(as_bureau.post(decide, {"granted": "yes"}, follow=True))
    assert YearLock.objects.get(year=2021).locked


def test_a_refusal_leaves_the_year_closed_and_it_may_be_asked_again(as_oversight, city, client):
    sealing.lock(2021, by=None)
    opening = sealing.ask_to_open(2021, by=None, reason="更正")
    page = as_oversight.post(
        f"/sealing/2021/openings/{opening.pk}/", {"granted": "no", "answer": "理由不足"}, follow=True
    ).content.decode()
    assert "理由不足" in page and YearLock.objects.get(year=2021).locked
    client.force_login(Membership.objects.get(role=Role.BUREAU).user)
    assert "/sealing/2021/ask/" in client.get("/sealing/2021/").content.decode()


@pytest.fixture
def versions(city):
    """Closed, opened, put right, closed again: one purchase went, one came, one was recognised for less."""
    sealing.lock(2021, by=None)
    sealing.decide_opening(sealing.ask_to_open(2021, by=None, reason="更正"), by=None, granted=True)
    workflow.revoke(Purchase.objects.get(number="A1"), by=None, reason="重复")
    again = workflow.revoke(Purchase.objects.get(number="A2"), by=None, reason="多报")
    Purchase.objects.filter(pk=again.pk).update(status=Status.SUBMITTED)
    again.refresh_from_db()
    recognised = {again.lines.get().pk: workflow.Recognition(Decimal(50), "扣除运费")}
    workflow.approve(again, by=None, recognised=recognised)
    make_purchase(city, line("12.00"), number="A3")
    base = city.bases.get()
    base.target = 200
    base.save()
    return [Snapshot.objects.get(), sealing.lock(2021, by=None)]


def test_two_versions_show_which_figures_and_lines_are_not_the_same(as_bureau, versions):
    found = as_bureau.get("/sealing/2021/differences/?old=2&new=1").context["found"]
    figures = {(row.unit, row.what): (row.before, row.after) for row in found.figures}
    assert figures["", "全市总额：已完成（元）"] == ("100.00", "62.00")
    town = "临江镇（T01）"
    assert figures[town, "部门与镇街（责任单位）：完成率"] == ("100.00%", "31.00%")
    assert figures[town, "部门与镇街（责任单位）：状态"] == ("达标", "未达标")
    assert [tuple(row) for row in found.bases] == [(town, "采购目标（元）", "100.00", "200.00")]
    assert [line.number for line in found.came] == ["A3"]
    assert [line.name for line in found.went] == ["A1/1", "A1/2"]
    assert [(str(old.amount), str(new.amount)) for old, new in found.changed] == [("60.00", "50.00")]
    page = as_bureau.get("/sealing/2021/differences/?old=1&new=2").content.decode()
    assert "新增的明细（1）" in page and "不再计入的明细（2）" in page and "改动的明细（1）" in page


def test_versions_that_are_not_there_are_not_found(as_bureau, versions):
    for query in ("old=1&new=3", "old=1", "old=x&new=2"):
        assert as_bureau.get(f"/sealing/2021/differences/?{query}").status_code == 404
    assert as_bureau.get("/sealing/2021/differences/?old=1&new=1").url == "/sealing/2021/"
    assert as_bureau.get("/sealing/2021/versions/3/").status_code == 404
    assert as_bureau.get("/sealing/2020/versions/1/").status_code == 404


def test_a_version_is_read_as_it_was_sealed(as_bureau, city, versions):
    sealed = as_bureau.get("/sealing/2021/versions/1/").context["sealed"]
    city.name = "改名镇"
    city.save()
    page = as_bureau.get("/sealing/2021/versions/1/").content.decode()
    assert dict(dict(sealed.city)["全市总额"])["已完成（元）"] == "100.00"
    (town,) = [row for row in sealed.responsible if row["unit"] == "临江镇（T01）"]
    assert (town["attributed"], town["target"], town["completion"]) == ("100.00", "100.00", "100.00%")
    assert "A1" in page and "改名镇（T01）" in page and versions[0].digest in page


def test_what_was_tampered_with_is_shown(as_bureau, versions):
    assert "各版内容与校验值一致" in as_bureau.get("/sealing/2021/check/").content.decode()
    with lifted(Snapshot._meta.db_table):
        Snapshot.objects.filter(version=1).update(content=versions[0].content.replace("60.00", "61.00"))
    assert "2021 年度封账第 1 版：内容与校验值不符" in as_bureau.get("/sealing/2021/check/").content.decode()
    assert "内容与校验值不符" in as_bureau.get("/sealing/2021/").content.decode()
    assert "内容与校验值不符" in as_bureau.get("/sealing/2021/versions/1/").content.decode()
    assert "内容与校验值不符" not in as_bureau.get("/sealing/2021/versions/2/").content.decode()


def test_a_year_never_closed_is_not_said_to_be_checked(as_bureau, city):
    page = as_bureau.get("/sealing/2021/check/").content.decode()
    assert "2021 年度还没有封过账，没有可核对的快照" in page and "已核对" not in page


def test_a_figure_that_moved_behind_the_lock_is_shown(as_bureau, versions):
    Purchase.objects.filter(number="A3").update(date=datetime.date(2020, 1, 1))
    answer = as_bureau.get("/sealing/2021/check/", headers={"HX-Request": "true"}).content.decode()
    assert "lines/A3/1 封账时为" in answer and "<html" not in answer


def test_a_draft_policy_of_the_year_stays_a_draft_when_the_year_is_closed_and_opened(city):
    """2022 is read by 2021's policy while its own is being drafted: closing 2022 must not put the draft in force."""
    draft = make_policy(2022)
    type(draft).objects.filter(pk=draft.pk).update(status=PolicyStatus.DRAFT)
    draft.terms.in_force = False
    draft.terms.save()
    make_purchase(city, line("3.00"), number="B1", date="2022-05-01")
    sealing.lock(2022, by=None)
    assert policy_of(2022).year == 2021 and list(sealing.broken_snapshots()) == []
    sealing.decide_opening(sealing.ask_to_open(2022, by=None, reason="更正"), by=None, granted=True)
    assert policy_of(2022).year == 2021 and YearStanding.read(2022).city_total.value == 3_00


def test_the_sentence_of_a_closed_year_names_the_day_in_this_country(city, monkeypatch):
    lock = sealing.lock(2021, by=None) and YearLock.objects.get(year=2021)
    lock.locked_at = datetime.datetime(2022, 1, 4, 17, 30, tzinfo=datetime.UTC)
    lock.save()
    with pytest.raises(Refused, match="2021 年度已于 2022-01-05 由"):
        years.require_open([2021])


def test_the_years_choice_leads_to_the_same_page_of_the_other_year(as_bureau):
    make_policy(2022)
    assert as_bureau.get("/sealing/2021/?year=2022").url == "/sealing/2022/"
    assert as_bureau.get("/sealing/").url == "/sealing/2022/"


def test_the_pages_ask_the_database_little(as_bureau, versions, django_assert_max_num_queries):
    as_bureau.get("/sealing/2021/")
    make_purchase(versions and Purchase.objects.first().unit, date="2020-02-02", status=Status.SUBMITTED)
    for address in (
        "/sealing/2021/",
        "/sealing/2020/",
        "/sealing/2021/versions/1/",
        "/sealing/2021/differences/?old=1&new=2",
        "/sealing/2021/check/",
    ):
        with django_assert_max_num_queries(12):
            assert as_bureau.get(address).status_code == 200

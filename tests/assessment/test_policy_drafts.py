"""A new year from the last one: a draft changes nothing; in force, it governs without a change of code."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from assessment import policies, policy_drafts, sealing
from assessment.models import Policy, PolicyStatus
from assessment.preview import shifts
from assessment.standing import YearStanding
from cixi_xiezuo.appendonly import lifted
from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.errors import NotAllowed, Refused, Stale
from procurement import moves, tallies
from procurement.choices import Use
from procurement.models import YearTerms
from tests.factories import line, make_base, make_policy, make_purchase, make_unit, make_user
from units.kinds import Kind
from units.models import Role

pytestmark = pytest.mark.django_db
END = datetime.date(2022, 12, 31)


@pytest.fixture
def next_year() -> Policy:
    """2022 as a draft, with purchases of 2022 already approved under the policy of 2021."""
    source = make_policy()
    bank, union = make_unit("F01", Kind.FINANCIAL), make_unit("G01", Kind.UNION)
    make_base(bank, 2022, assistance_base="1000.00")
    make_base(union, 2022, holiday_gifts="1000.00")
    make_purchase(bank, line("50.00"), line("30.00", region="其他地区"), date="2022-03-01")
    make_purchase(union, line("150.00", use=Use.UNION_HOLIDAY, holiday="spring"), date="2022-01-20")
    return policy_drafts.copy_policy(source, 2022, by=None)


def standing(rule: str):
    return next(each for each in YearStanding.read(2022, END).units if each.rule == rule)


def test_a_draft_governs_nothing_until_it_is_put_in_force(next_year: Policy) -> None:
    rules = {rule.kind: rule for rule in next_year.rules.all()}
    assert next_year.title.startswith("2022年")
    policy_drafts.edit_rule(rules["financial_share"], by=None, percent=Decimal("8"))
    policy_drafts.edit_rule(rules["union_holiday_share"], by=None, percent=Decimal("15"))
    policy_drafts.edit_pairings(next_year, by=None, pairings={"其他地区": ("east_west", False)})
    assert (standing("financial_share").status, standing("financial_share").numerator) == ("reported", 5000)
    assert standing("union_holiday_share").status == "in_progress"

    policy_drafts.put_in_force(next_year, by=None)
    assert (standing("financial_share").status, standing("financial_share").numerator) == (
        "in_progress",
        3000,
    )
    assert standing("financial_share").gap == 5000
    assert standing("union_holiday_share").numerator == 0, "布拖县 is not paired in 2022"
    assert list(tallies.differences()) == []
    assert YearStanding.read(2021, END).policy.year == 2021


def test_a_policy_in_force_can_no_longer_be_edited(next_year: Policy) -> None:
    policy_drafts.put_in_force(next_year, by=None)
    with pytest.raises(Refused, match="只有草拟中的政策可以修改"):
        policy_drafts.edit_rule(next_year.rules.first(), by=None, title="x")
    with pytest.raises(Refused, match="已有政策"):
        policy_drafts.copy_policy(next_year, 2022, by=None)


def test_a_rule_with_a_senseless_value_is_refused(next_year: Policy) -> None:
    rule = next_year.rules.get(kind="canteen_share")
    for values, said in (
        ({"percent": None}, "请填写比例"),
        ({"percent": Decimal("101")}, "应在 0 到 100"),
        ({"parameters": {"counties": "some"}}, "应为 is_832、paired 之一"),
    ):
        with pytest.raises(Refused, match=said):
            policy_drafts.edit_rule(rule, by=None, **values)


def test_what_another_person_saved_meanwhile_is_not_written_over(next_year: Policy) -> None:
    seen = policies.edition(next_year)
    bureau = make_user("bureau", Role.BUREAU, make_unit("D01"))
    policy_drafts.edit_rule(
        next_year.rules.get(kind="canteen_share"), by=bureau, edition=seen, percent=Decimal("12")
    )
    canteen, gifts = (
        next_year.rules.get(kind="canteen_share"),
        next_year.rules.get(kind="union_holiday_share"),
    )
    attempts = [
        lambda: policy_drafts.edit_rule(canteen, by=None, edition=seen, percent=Decimal("9")),
        lambda: policy_drafts.edit_policy(next_year, by=None, edition=seen, title="另一个标题"),
        lambda: policy_drafts.edit_pairings(next_year, by=None, edition=seen, pairings={}),
        lambda: policy_drafts.remove_rule(gifts, by=None, edition=seen),
        lambda: policy_drafts.put_in_force(next_year, by=None, edition=seen),
        lambda: policy_drafts.discard(next_year, by=None, edition=seen),
    ]
    for attempt in attempts:
        with pytest.raises(Stale, match=r"已由 bureau 于 \d\d-\d\d \d\d:\d\d 改动"):
            attempt()
    now = policies.edition(Policy.objects.get(year=2022))
    policy_drafts.edit_policy(next_year, by=None, edition=now, title="另一个标题")
    assert next_year.rules.get(kind="canteen_share").percent == 12


def test_the_trail_tells_each_value_before_and_after(next_year: Policy) -> None:
    policy_drafts.edit_rule(next_year.rules.get(kind="canteen_share"), by=None, percent=Decimal("12.5"))
    policy_drafts.edit_pairings(next_year, by=None, pairings={"布拖县": ("mountain_sea", True)})
    policy_drafts.remove_rule(next_year.rules.get(kind="union_welfare_cap"), by=None)
    removed, paired, changed = (event.detail["changed"] for event in AuditEvent.objects.all()[:3])
    assert changed == {"rules.canteen_share.percent": ["10.00", "12.50"]}
    assert paired["pairings.布拖县"] == [["east_west", True], ["mountain_sea", True]]
    assert paired["pairings.常山县"] == [["mountain_sea", True], None]
    assert removed["rules.union_welfare_cap.amount"] == ["500.00", None]
    before = AuditEvent.objects.count()
    policy_drafts.edit_rule(next_year.rules.get(kind="canteen_share"), by=None, percent=Decimal("12.50"))
    assert AuditEvent.objects.count() == before, "nothing changed, so there is nothing to tell"


def test_a_rule_is_removed_and_added_again_but_the_two_totals_stay(next_year: Policy) -> None:
    policy_drafts.remove_rule(next_year.rules.get(kind="canteen_share"), by=None)
    with pytest.raises(Refused, match="请填写名称"):
        policy_drafts.add_rule(next_year, "canteen_share", by=None)
    with pytest.raises(Refused, match="已有“工会福利限额”这条规则"):
        policy_drafts.add_rule(next_year, "union_welfare_cap", by=None)
    values = {
        "title": "食堂",
        "percent": Decimal("5"),
        "subject_kinds": ["school"],
        "clause": "一",
        "quote": "二",
    }
    policy_drafts.add_rule(next_year, "canteen_share", by=None, **values)
    assert [rule.kind for rule in next_year.rules.all()][-1] == "canteen_share"
    with pytest.raises(Refused, match="每个年度政策都要有，不能删除"):
        policy_drafts.remove_rule(next_year.rules.get(kind="city_total"), by=None)


def test_a_draft_that_could_not_govern_is_not_put_in_force(next_year: Policy) -> None:
    policy_drafts.edit_pairings(next_year, by=None, pairings={})
    policy_drafts.edit_policy(next_year, by=None, holidays=[])
    with pytest.raises(Refused, match=r"还没有结对地区.*还没有选择法定节日"):
        policy_drafts.put_in_force(next_year, by=None)
    next_year.refresh_from_db()
    assert next_year.status == PolicyStatus.DRAFT


def test_a_later_draft_does_not_keep_a_policy_from_governing_its_year(next_year: Policy) -> None:
    town = make_unit("T01", Kind.TOWN)
    make_purchase(town, line("9.00", region="其他地区"), date="2023-03-01")
    policy_drafts.copy_policy(next_year, 2023, by=None)
    policy_drafts.edit_pairings(next_year, by=None, pairings={"其他地区": ("east_west", False)})
    policy_drafts.put_in_force(next_year, by=None)
    assert YearStanding.read(2023).city_total.value == 900
    assert list(tallies.differences()) == []


def test_a_discarded_draft_leaves_nothing_but_a_word_in_the_trail(next_year: Policy) -> None:
    policy_drafts.discard(next_year, by=None)
    assert not Policy.objects.filter(year=2022).exists()
    assert not YearTerms.objects.filter(year=2022).exists()
    assert AuditEvent.objects.get(action="删除草稿").detail["before"]["title"].startswith("2022年")
    with pytest.raises(Refused, match="已被删除"):
        policy_drafts.edit_policy(next_year, by=None, title="x")
    policy_drafts.copy_policy(Policy.objects.get(), 2022, by=None)


def test_only_days_that_differ_from_the_calendar_are_kept(next_year: Policy) -> None:
    days = {"spring": datetime.date(2022, 2, 1), "labour": datetime.date(2022, 4, 30)}
    policy_drafts.edit_policy(next_year, by=None, holiday_days=days)
    assert YearTerms.objects.get(year=2022).holiday_days == {"labour": "2022-04-30"}
    with pytest.raises(Refused, match="春节的日期 2021-02-12 不在 2022 年度内"):
        policy_drafts.edit_policy(next_year, by=None, holiday_days={"spring": datetime.date(2021, 2, 12)})


@pytest.mark.parametrize("role", [Role.CLERK, Role.OVERSIGHT, Role.AUDITOR, Role.SECURITY_ADMIN])
def test_others_are_refused_by_the_verbs_themselves(next_year: Policy, role: str) -> None:
    by, rule = make_user("someone", role, make_unit("D01")), next_year.rules.get(kind="canteen_share")
    for attempt in (
        lambda: policy_drafts.copy_policy(next_year, 2023, by=by),
        lambda: policy_drafts.edit_policy(next_year, by=by, title="x"),
        lambda: policy_drafts.edit_pairings(next_year, by=by, pairings={}),
        lambda: policy_drafts.edit_rule(rule, by=by, title="x"),
        lambda: policy_drafts.add_rule(next_year, "canteen_share", by=by),
        lambda: policy_drafts.remove_rule(rule, by=by),
        lambda: policy_drafts.put_in_force(next_year, by=by),
        lambda: policy_drafts.discard(next_year, by=by),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_the_preview_says_what_a_move_would_shift_and_changes_nothing() -> None:
    make_policy()
    old, new = make_unit("T01", Kind.TOWN), make_unit("T02", Kind.TOWN)
    shop = make_unit("E01", Kind.ENTERPRISE, town=old)
    make_purchase(shop, line("77.00"))
    found = shifts([2021], lambda: moves.change_unit(shop, by=None, town=new))
    assert {(shift.unit, shift.by) for shift in found} == {("T01", -7700), ("T02", 7700)}
    shop.refresh_from_db()
    assert shop.town == old
    assert YearStanding.read(2021).responsible_of(old.pk).attributed == 7700


class TestSealing:
    @pytest.fixture
    def town(self):
        make_policy()
        town = make_unit("T01", Kind.TOWN)
        make_purchase(town, line("10.00"), number="A1")
        return town

    def test_a_year_with_purchases_waiting_is_closed_only_when_each_is_named(self, town) -> None:
        make_purchase(town, status="submitted", number="W1")
        with pytest.raises(Refused, match=r"还有 1 笔采购待审核（W1）"):
            sealing.lock(2021, by=None)
        assert sealing.lock(2021, by=None, leaving=["W1"]).version == 1

    def test_the_running_year_cannot_be_closed(self, town) -> None:
        with pytest.raises(Refused, match="尚未结束"):
            sealing.lock(datetime.date.today().year, by=None)

    def test_nothing_that_would_change_a_closed_year_succeeds(self, town, tmp_path) -> None:
        from procurement import workflow
        from procurement.imports import load_bases, load_purchases, load_units
        from procurement.models import Purchase
        from tests.workbooks import BASES, PURCHASES, UNITS, purchase, records
        from units import bases

        waiting = make_purchase(town, status="submitted", number="W1")
        shop = make_unit("E01", Kind.ENTERPRISE, town=town)
        make_purchase(shop, line("5.00"), number="A2")
        filed = make_base(town, status="filed", target="1.00")
        sealing.lock(2021, by=None, leaving=["W1"])
        attempts = [
            lambda: workflow.approve(waiting, by=None),
            lambda: workflow.revoke(Purchase.objects.get(number="A1"), by=None, reason="x"),
            lambda: bases.confirm_base(filed, by=None),
            lambda: moves.change_unit(shop, by=None, town=make_unit("T02", Kind.TOWN)),
            lambda: moves.change_unit(shop, by=None, kind=Kind.SOE),
            lambda: load_units(
                records(UNITS, {"单位编码": "E01", "单位名称": "企业E01", "单位类别": "国有企业"}), by=None
            ),
            lambda: load_purchases(records(PURCHASES, purchase("N1", "T01")), by=None),
            lambda: load_bases(records(BASES, {"年度": 2021, "单位编码": "T01", "采购目标": 9}), by=None),
            lambda: sealing.lock(2021, by=None),
        ]
        for attempt in attempts:
            with pytest.raises(Refused, match="2021 年度已于"):
                attempt()
        assert list(sealing.broken_snapshots()) == []
        assert list(tallies.differences()) == []

    def test_opening_is_asked_for_decided_and_makes_the_next_version(self, town) -> None:
        from procurement import workflow
        from procurement.models import Purchase

        first = sealing.lock(2021, by=None)
        with pytest.raises(Refused, match="请填写申请启封的原因"):
            sealing.ask_to_open(2021, by=None, reason=" ")
        opening = sealing.ask_to_open(2021, by=None, reason="漏报更正")
        sealing.decide_opening(opening, by=None, granted=True)
        workflow.revoke(Purchase.objects.get(number="A1"), by=None, reason="重复")
        second = sealing.lock(2021, by=None)
        assert (first.version, second.version) == (1, 2)
        found = {where: (before, after) for where, before, after in sealing.differences(first, second)}
        assert found["standing/city/city_total/value"] == ("10.00", "0.00")
        assert found["standing/responsible/T01/attributed"] == ("10.00", "0.00")

    def test_a_snapshot_that_was_tampered_with_is_found(self, town) -> None:
        from assessment.models import Snapshot

        sealing.lock(2021, by=None)
        snapshot = Snapshot.objects.get()
        with lifted("assessment_snapshot"):
            Snapshot.objects.update(content=snapshot.content.replace("10.00", "90.00"))
        assert any("内容与校验值不符" in said for said in sealing.broken_snapshots())

"""Reference data: what an empty installation gets, and policies of other years and cities as data."""

import copy
import datetime
import json
from decimal import Decimal

import pytest
from django.utils import timezone

from assessment import policies
from assessment.models import Policy, PolicyStatus, Rule
from assessment.policies import load_policy
from assessment.reference import FIXTURES, load_reference
from assessment.standing import YearStanding, policy_of
from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.errors import Refused
from procurement import tallies
from procurement.choices import Channel, Status, Use
from procurement.models import Purchase, PurchaseLine, Region, Supplier
from procurement.terms import TermsBook
from procurement.workflow import enter
from units.models import Unit, UnitLink, User, YearLock

pytestmark = pytest.mark.django_db

POLICY_2021 = json.loads((FIXTURES / "policies" / "2021.json").read_text(encoding="utf-8"))


@pytest.fixture
def reference():
    load_reference()


@pytest.fixture
def year_2022():
    """Another year's policy: other thresholds, a set percentage for banks, one county fewer, no 元旦."""
    policy = copy.deepcopy(POLICY_2021)
    policy["year"], policy["title"] = 2022, "2022年方案"
    policy["holidays"].remove("元旦")
    policy["pairings"] = [row for row in policy["pairings"] if row["region"] != "常山县"]
    for rule in policy["rules"]:
        if rule["kind"] == "canteen_share":
            rule["percent"] = "12.50"
        if rule["kind"] == "financial_share":
            rule["percent"] = 30
    return policy


def approved(amount: str, region: str, day: datetime.date, use: str = Use.OFFICE) -> Purchase:
    """A purchase of one line that is in the sums."""
    unit, new = Unit.objects.get_or_create(code="T01", defaults={"name": "某镇", "kind": "town"})
    if new:
        UnitLink.objects.create(unit=unit)
    purchase = Purchase.objects.create(
        number=f"T01-{Purchase.objects.count()}",
        unit=unit,
        status=Status.APPROVED,
        purchase_date=day,
        date=day,
        supplier=Supplier.objects.get_or_create(name="某合作社")[0],
        channel=Channel.DIRECT,
    )
    line = PurchaseLine(
        purchase=purchase,
        position=1,
        use=use,
        region=Region.objects.get(name=region),
        product_name="苦荞茶",
        amount=Decimal(amount),
        recognised=Decimal(amount),
    )
    enter([line])
    line.save()
    return purchase


def test_it_installs_regions_and_the_policy_but_no_units_and_no_users():
    load_reference()
    assert Region.objects.count() == 20
    assert Policy.objects.get().status == PolicyStatus.IN_FORCE
    assert not Unit.objects.exists()
    assert not User.objects.exists()


def test_running_it_again_changes_nothing():
    load_reference()
    events = AuditEvent.objects.count()
    assert "未变 20" in load_reference()
    assert (Region.objects.count(), Rule.objects.count()) == (20, 6)
    assert AuditEvent.objects.count() == events


def test_running_it_again_keeps_what_an_administrator_changed(reference):
    Rule.objects.filter(kind="canteen_share").update(percent=Decimal("15.00"))
    load_reference()
    assert Rule.objects.get(kind="canteen_share").percent == Decimal("15.00")


def test_the_832_counties_are_liangshan_without_xichang_and_none_of_quzhou(reference):
    on_832 = Region.objects.filter(is_832=True)
    assert on_832.filter(prefecture="凉山彝族自治州").count() == 11
    assert set(on_832.filter(prefecture="").values_list("name", flat=True)) == {"其他832脱贫县"}
    assert not on_832.filter(prefecture="衢州市").exists()


def test_the_2021_terms_are_those_of_the_plan(reference):
    terms = TermsBook().of(2021)
    names = dict(Region.objects.values_list("pk", "name"))
    assert {names[pk] for pk in terms.primary} == {"布拖县", "常山县"}
    assert sorted(terms.pairings.values()).count("east_west") == 12
    assert len(terms.pairings) == 18
    assert len(terms.holidays) == 7
    policy = policy_of(2021)
    assert policy.rules.get(kind="city_total").amount == Decimal("66000000.00")
    assert policy.rules.get(kind="dept_town_total").amount == Decimal("35000000.00")
    assert policy.rules.get(kind="financial_share").percent is None
    assert policy.rules.get(kind="union_welfare_cap").amount == Decimal("500.00")


def test_every_rule_quotes_the_plan_word_for_word(reference, shared):
    plan = next((shared / "policy").glob("*.txt")).read_text(encoding="utf-8")
    for rule in Rule.objects.all():
        assert rule.quote in plan
        assert rule.clause


def test_another_year_needs_only_another_file(reference, year_2022, tmp_path):
    path = tmp_path / "2022.json"
    path.write_text(json.dumps(year_2022, ensure_ascii=False), encoding="utf-8")
    assert load_policy(path).created == 1
    assert load_policy(path).unchanged == 1
    rules = YearStanding.read(2022, datetime.date(2022, 6, 1)).facts.rules
    assert rules["canteen_share"].percent == 1250
    assert rules["financial_share"].percent == 3000
    assert policy_of(2021).rules.get(kind="canteen_share").percent == Decimal("10.00")


def test_another_city_brings_its_own_regions(reference, year_2022):
    year_2022["regions"] = [{"code": "522622", "name": "黄平县", "prefecture": "黔东南州", "is_832": True}]
    year_2022["pairings"] = [{"region": "黄平县", "kind": "东西部协作", "primary": True}]
    load_policy(year_2022)
    region = Region.objects.get(name="黄平县")
    assert TermsBook().of(2022).pairings == {region.pk: "east_west"}


def test_a_changed_pairing_moves_the_sums_of_the_years_it_governs(reference, year_2022):
    approved("100.00", "常山县", datetime.date(2021, 5, 1))
    approved("40.00", "常山县", datetime.date(2022, 5, 1))
    assert YearStanding.read(2022).city_total.value == 40_00
    load_policy(year_2022)
    assert YearStanding.read(2022).city_total.value == 0
    assert YearStanding.read(2021).city_total.value == 100_00
    assert list(tallies.differences()) == []


def test_a_changed_pairing_reaches_the_years_without_a_policy_of_their_own(reference):
    approved("40.00", "常山县", datetime.date(2023, 5, 1))
    policy = copy.deepcopy(POLICY_2021)
    policy["pairings"] = [row for row in policy["pairings"] if row["region"] != "常山县"]
    assert load_policy(policy).updated == 1
    assert YearStanding.read(2023).city_total.value == 0
    assert list(tallies.differences()) == []


def test_the_sums_are_left_alone_when_only_a_threshold_changes(reference, monkeypatch):
    approved("40.00", "常山县", datetime.date(2021, 5, 1))
    monkeypatch.setattr(policies.tallies, "rebuild", lambda **kwargs: pytest.fail("rebuilt"))
    policy = copy.deepcopy(POLICY_2021)
    policy["rules"][0]["amount"] = "70000000.00"
    load_policy(policy)
    assert YearStanding.read(2021).city_total.threshold == 70_000_000_00


def test_it_refuses_to_change_the_policy_of_a_locked_year(reference):
    YearLock.objects.create(year=2021, locked_by="甲", locked_at=timezone.now())
    policy = copy.deepcopy(POLICY_2021)
    policy["rules"][0]["amount"] = "1.00"
    with pytest.raises(Refused, match="封账"):
        load_policy(policy)
    assert load_policy(POLICY_2021).unchanged == 1


def test_it_refuses_to_change_a_sealed_policy(reference):
    Policy.objects.update(status=PolicyStatus.SEALED)
    with pytest.raises(Refused, match="封存"):
        load_policy(POLICY_2021)


def broken(**changes):
    return POLICY_2021 | changes


def with_rule(kind, **changes):
    rules = [rule | changes if rule["kind"] == kind else rule for rule in POLICY_2021["rules"]]
    return broken(rules=rules)


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        (broken(year="二〇二一"), "year.*四位年度"),
        (broken(title=""), "title.*文字"),
        (broken(status="有效"), "status.*草拟、执行、封存"),
        (broken(holidays=["重阳节"]), "holidays.*重阳节.*元旦"),
        (broken(pairings=[{"region": "火星县", "kind": "east_west"}]), "火星县.*不在产地表内"),
        (broken(pairings=[{"region": "布拖县", "kind": "远亲"}]), r"pairings\[1\].kind.*远亲"),
        (broken(pairings=POLICY_2021["pairings"] * 2), "布拖县.*不止一次"),
        (broken(pairings="布拖县"), "pairings.*列表"),
        (broken(pairings=["布拖县"]), r"pairings\[1\].*对象"),
        (broken(rules=POLICY_2021["rules"][1:]), "缺少规则 city_total"),
        (with_rule("city_total", amount=None), r"rules\[1\].amount.*没有填写"),
        (with_rule("city_total", amount="66.123"), r"rules\[1\].amount.*两位小数"),
        (with_rule("canteen_share", percent="120"), "percent.*0 到 100"),
        (with_rule("canteen_share", percent="NaN"), "percent.*0 到 100"),
        (with_rule("canteen_share", subject_kinds=["学院"]), "subject_kinds.*学院"),
        (with_rule("canteen_share", parameters={"counties": "all"}), "parameters.counties.*is_832"),
        (with_rule("canteen_share", parameters={"county": "paired"}), "parameters.county.*没有这个口径参数"),
    ],
)
def test_it_says_in_chinese_what_is_wrong_and_stores_nothing(reference, policy, says):
    before = policies.shown(Policy.objects.get())
    with pytest.raises(Refused, match=says):
        load_policy(policy)
    assert policies.shown(Policy.objects.get()) == before


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"{", "第 1 行"), (b"[]", "JSON 对象"), ("年".encode("gbk"), "UTF-8"), (None, "读不到文件")],
)
def test_it_says_in_chinese_why_a_file_cannot_be_read(content, says, tmp_path):
    path = tmp_path / "policy.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Refused, match=says):
        load_policy(path)

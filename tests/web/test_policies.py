"""年度政策 on its pages: a new year's is copied, edited part by part, previewed and put in force."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from assessment import policies, policy_drafts, sealing
from assessment.models import Policy, PolicyStatus, Rule
from assessment.standing import YearStanding
from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.errors import NotAllowed
from procurement import tallies
from procurement.choices import Channel, Use
from procurement.models import Region, YearTerms
from tests.factories import line, make_base, make_policy, make_purchase, make_unit, make_user
from tests.web.htmlform import form_of, send
from units.kinds import Kind
from units.models import Role, Unit, User
from units.scope import Scope

HEAD = "/policy/2022/edit/"
PAIRINGS = "/policy/2022/edit/pairings/"
FORCE = "/policy/2022/force/"
END = datetime.date(2022, 12, 31)


def rule_page(kind: str, year: int = 2022) -> str:
    return f"/policy/{year}/edit/rules/{kind}/"


@pytest.fixture
def bureau(client, db):
    make_policy()
    user = make_user("bureau", Role.BUREAU, make_unit("D01", Kind.DEPARTMENT, "市商务局"))
    client.force_login(user)
    client.get("/policies/")
    return user


@pytest.fixture
def draft(client, bureau) -> Policy:
    """2022 as a draft, made on the page."""
    assert client.post("/policies/new/", {"year": "2022"}).url == HEAD
    return Policy.objects.get(year=2022)


def rule(kind: str, year: int = 2022) -> Rule:
    return Rule.objects.get(policy__year=year, kind=kind)


def said(response) -> str:
    """What the page says, following where it leads."""
    return response.content.decode()


# ---- the list and a new year


def test_the_list_shows_each_year_with_its_status_and_who_changed_it_last(client, draft):
    page = said(client.get("/policies/"))
    assert "2022年慈溪市东西部协作消费帮扶实施方案" in page and "慈支援办〔2021〕1号" in page
    assert "草拟" in page and "执行" in page
    assert "新建政策" in page and "bureau" in page


def test_a_year_is_copied_once(client, draft):
    assert draft.status == PolicyStatus.DRAFT and draft.document_numbers == ""
    assert draft.rules.count() == 6 and draft.terms.pairings.count() == 18
    page = said(client.post("/policies/new/", {"year": "2022"}, follow=True))
    assert "2022 年度已有政策（草拟），不能再新建" in page
    assert Policy.objects.count() == 2


@pytest.mark.parametrize(
    ("year", "words"),
    [
        ("", "应为四位数字"),
        ("二〇二二", "应为四位数字"),
        ("20222", "应为四位数字"),
        ("2019", "2019 年度以前还没有政策"),
        ("2021", "2021 年度以前还没有政策"),
        ("2999", "应在 2000 到 2100 之间"),
    ],
)
def test_a_year_that_cannot_be_is_refused_in_words(client, bureau, year, words):
    assert words in said(client.post("/policies/new/", {"year": year}, follow=True))
    assert Policy.objects.count() == 1


def test_drafts_are_shown_to_those_who_write_them_alone(client, draft):
    client.force_login(make_user("clerk", Role.CLERK, make_unit("S01", Kind.SCHOOL)))
    page = said(client.get("/policies/"))
    assert "2021年慈溪市" in page and "2022年慈溪市" not in page and "从上一年新建" not in page
    page = said(client.get("/policy/2022/"))
    assert "2022 年度还没有自己的政策，按 2021 年度政策执行" in page
    assert client.get("/").wsgi_request.session.get("year") is None
    assert client.get("/policies/").context["year"] == 2021, "a draft's year is not yet the year of work"


def test_the_document_leads_its_writers_to_every_part_while_it_is_a_draft(client, draft):
    page = said(client.get("/policy/2022/"))
    assert "草拟中，不影响任何数字" in page and 'href="/policy/2021/"' in page
    addresses = [HEAD, PAIRINGS, FORCE, *(rule_page(kind) for kind in rule_kinds())]
    assert all(f'href="{address}"' in page for address in addresses)
    assert "/edit/" not in said(client.get("/policy/2021/"))


def rule_kinds() -> list[str]:
    return list(Rule.objects.filter(policy__year=2021).values_list("kind", flat=True))


def test_the_menu_shows_policies_to_those_who_may_write_them(client, bureau):
    entries = [shown.entry.title for shown in client.get("/city/").context["menu"]]
    assert "政策" in entries
    client.force_login(make_user("oversight", Role.OVERSIGHT, make_unit("D02")))
    assert "政策" not in [shown.entry.title for shown in client.get("/city/").context["menu"]]


# ---- the parts


def test_saving_a_part_as_it_is_changes_nothing(client, draft):
    organisers = [{"kinds": ["town", "department"], "unit": "各镇", "duty": "组织"}]
    policy_drafts.edit_rule(rule("canteen_share"), by=None, organisers=organisers, lead="市财政局")
    before, events = policies.shown(draft), AuditEvent.objects.count()
    for address in (HEAD, PAIRINGS, *(rule_page(kind) for kind in rule_kinds())):
        assert send(client, address).status_code == 302, address
    assert policies.shown(Policy.objects.get(year=2022)) == before
    assert AuditEvent.objects.count() == events


def test_the_head_is_edited_with_amounts_in_either_unit(client, draft):
    response = send(
        client,
        HEAD,
        title="2022年消费帮扶实施方案",
        document_numbers="慈支援办〔2022〕3号",
        city_total="7,200.5",
        dept_town_total="36000000元",
        holiday_new_year=None,
        day_labour="2022-04-30",
    )
    assert response.status_code == 302
    after = Policy.objects.get(year=2022)
    assert (after.title, after.document_numbers) == ("2022年消费帮扶实施方案", "慈支援办〔2022〕3号")
    assert rule("city_total").amount == Decimal("72005000.00")
    assert rule("dept_town_total").amount == Decimal("36000000.00")
    assert "new_year" not in after.terms.holidays and len(after.terms.holidays) == 6
    assert after.terms.holiday_days == {"labour": "2022-04-30"}
    changed = AuditEvent.objects.filter(action="修改政策").latest("pk").detail["changed"]
    assert changed["title"] == ["2022年慈溪市东西部协作消费帮扶实施方案", "2022年消费帮扶实施方案"]
    assert changed["rules.city_total.amount"] == ["66000000.00", "72005000.00"]
    assert changed["holiday_days"] == [None, {"labour": "2022-04-30"}]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", " ", "请填写政策标题"),
        ("title", "长" * 201, "200"),
        ("city_total", "", "请填写金额"),
        ("city_total", "六千万", "不是数字"),
        ("city_total", "0.0000001", "不能精确到分，最多六位小数"),
        ("city_total", "-1", "金额应大于 0"),
        ("dept_town_total", "1e30", "过大"),
        ("dept_town_total_unit", "美元", "美元"),
        ("day_spring", "2021-02-12", "应在 2022 年度内"),
        ("day_spring", "春天", "日期应如 2022-02-01"),
    ],
)
def test_what_is_wrong_in_the_head_is_said_beside_its_field(client, draft, field, value, words):
    before = policies.shown(draft)
    response = send(client, HEAD, document_numbers="填过的文号", **{field: value})
    assert response.status_code == 422
    assert any(words in error for error in response.context["form"].errors[field])
    assert words in said(response) and "填过的文号" in said(response)
    assert policies.shown(Policy.objects.get(year=2022)) == before


def test_another_pairing_and_a_county_nobody_knew_are_chosen_on_the_page(client, draft):
    other, butuo = Region.objects.get(name="其他地区"), Region.objects.get(name="布拖县")
    response = send(
        client,
        PAIRINGS,
        **{
            f"kind_{other.pk}": "mountain_sea",
            f"kind_{butuo.pk}": "",
            f"primary_{butuo.pk}": None,
            "new-0-name": "木垒县",
            "new-0-code": "652328",
            "new-0-prefecture": "昌吉州",
            "new-0-kind": "east_west",
            "new-0-primary": "on",
        },
    )
    assert response.status_code == 302
    rows = {row.region.name: (row.kind, row.primary) for row in draft.terms.pairings.select_related("region")}
    assert rows["木垒县"] == ("east_west", True) and rows["其他地区"] == ("mountain_sea", False)
    assert "布拖县" not in rows and len(rows) == 19
    region = Region.objects.get(name="木垒县")
    assert (region.code, region.prefecture, region.is_832) == ("652328", "昌吉州", False)
    changed = AuditEvent.objects.filter(action="修改政策").latest("pk").detail["changed"]
    assert changed["pairings.布拖县"] == [["east_west", True], None]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"new-0-name": "木垒县"}, "区划代码应为六位数字"),
        ({"new-0-code": "652328"}, "请填写产地名称"),
        ({"new-0-name": "布拖县", "new-0-code": "652328"}, "“布拖县”已在上面的表中"),
        ({"new-0-name": "木垒县", "new-0-code": "513429"}, "代码 513429 是“布拖县”的"),
        (
            {"new-0-name": "甲", "new-0-code": "652328", "new-2-name": "甲", "new-2-code": "652329"},
            "名称“甲”填了两次",
        ),
        ({"new-0-name": "甲", "new-0-code": "652328", "new-0-primary": "on"}, "重点地区请选择结对类别"),
        ({"new-0-name": "甲", "new-0-code": "652328", "new-0-kind": "north_south"}, "north_south"),
        ({"new-TOTAL_FORMS": "many"}, "ManagementForm"),
    ],
)
def test_a_region_that_cannot_be_added_is_said_beside_its_row_and_nothing_is_kept(
    client, draft, fields, words
):
    other = Region.objects.get(name="其他地区")
    response = send(client, PAIRINGS, **{f"kind_{other.pk}": "east_west"} | fields)
    assert response.status_code == 422 and words in said(response)
    assert draft.terms.pairings.count() == 18 and Region.objects.count() == 20


def test_a_primary_region_must_be_paired(client, draft):
    other = Region.objects.get(name="其他地区")
    response = send(client, PAIRINGS, **{f"primary_{other.pk}": "on"})
    assert response.status_code == 422 and "重点地区请选择结对类别" in said(response)


def test_more_blank_rows_are_asked_for_without_losing_what_was_typed(client, draft):
    response = send(client, PAIRINGS, add_row="1", **{"new-0-name": "木垒县"})
    assert response.status_code == 200 and "木垒县" in said(response)
    assert len(response.context["new"].forms) == 6
    response = send(client, rule_page("canteen_share"), add_row="1", **{"organisers-0-unit": "市财政局"})
    assert len(response.context["organisers"].forms) == 3 and "市财政局" in said(response)
    assert not rule("canteen_share").organisers and not Region.objects.filter(name="木垒县").exists()


def test_a_rule_is_edited_in_all_its_parts(client, draft):
    response = send(
        client,
        rule_page("canteen_share"),
        title="食堂占比",
        percent="１２．５％",
        parameter_counties="paired",
        subject_kinds=["school", "hospital"],
        lead="市财政局",
        clause="第二部分",
        quote="每年安排12.5%以上",
        **{
            "organisers-0-unit": "市教育局",
            "organisers-0-duty": "组织",
            "organisers-0-kinds": ["school"],
            "organisers-1-unit": "不要了",
            "organisers-1-DELETE": "on",
        },
    )
    assert response.url == "/policy/2022/#canteen_share"
    stored = rule("canteen_share")
    assert (stored.title, stored.percent, stored.parameters) == (
        "食堂占比",
        Decimal("12.50"),
        {"counties": "paired"},
    )
    assert (stored.subject_kinds, stored.lead) == (["school", "hospital"], "市财政局")
    assert (stored.clause, stored.quote) == ("第二部分", "每年安排12.5%以上")
    assert stored.organisers == [{"kinds": ["school"], "unit": "市教育局", "duty": "组织"}]
    page = said(client.get("/policy/2022/"))
    assert "不低于 12.5%" in page and "只计结对地区的产品" in page and "市教育局（组织：学校）" in page


def test_which_kinds_are_reviewed_twice_is_part_of_the_draft_and_of_the_next_years(client, draft):
    assert "审核一次" in said(client.get("/policy/2022/"))
    response = send(client, HEAD, reviewed_twice=["school", "hospital"])
    assert response.status_code == 302, said(response)
    page = said(client.get("/policy/2022/"))
    assert "学校、医院：主管部门或镇街初审，市商务局复核" in page
    following = policy_drafts.copy_policy(Policy.objects.get(year=2022), 2023, by=None)
    assert following.terms.reviewed_twice == ["school", "hospital"]
    response = send(client, HEAD, reviewed_twice=["planet"])
    assert response.status_code == 422 and "planet" in said(response)


def test_whether_an_expired_recognition_counts_is_a_reading_of_the_city_total(client, draft):
    page = said(client.get(rule_page("city_total")))
    assert "认定过期" in page and draft.terms.expired_counts
    send(client, rule_page("city_total"), parameter_expired_recognition="excluded")
    draft.terms.refresh_from_db()
    assert not draft.terms.expired_counts
    assert "认定过期的不计入，不能提交" in said(client.get("/policy/2022/"))


@pytest.mark.parametrize(
    ("kind", "field", "value", "words"),
    [
        ("canteen_share", "percent", "", "请填写比例"),
        ("canteen_share", "percent", "120", "应为 0 到 100"),
        ("canteen_share", "percent", "10.123", "最多两位小数"),
        ("canteen_share", "percent", "一成", "应为 0 到 100"),
        ("canteen_share", "subject_kinds", None, "请至少选择一类适用单位"),
        ("canteen_share", "subject_kinds", ["planet"], "planet"),
        ("canteen_share", "parameter_counties", "moon", "moon"),
        ("canteen_share", "title", "", "请填写名称"),
        ("canteen_share", "clause", "", "请填写条款"),
        ("canteen_share", "quote", " ", "请填写原文"),
        ("union_welfare_cap", "amount", "", "请填写金额"),
        ("union_welfare_cap", "amount", "-5", "金额应大于 0"),
        ("union_welfare_cap", "amount", "500.001", "超过两位小数"),
        ("city_total", "amount", "0", "金额应大于 0"),
        ("financial_share", "percent", "101", "应为 0 到 100"),
    ],
)
def test_what_is_wrong_in_a_rule_is_said_beside_its_field(client, draft, kind, field, value, words):
    before = policies.shown(draft)
    response = send(client, rule_page(kind), **{field: value})
    assert response.status_code == 422
    assert any(words in error for error in response.context["form"].errors[field])
    assert words in said(response)
    assert policies.shown(Policy.objects.get(year=2022)) == before


def test_an_organiser_without_a_name_is_refused_beside_its_row(client, draft):
    response = send(client, rule_page("canteen_share"), **{"organisers-0-duty": "组织"})
    assert response.status_code == 422 and "请填写单位名称" in said(response)


def test_a_rule_is_removed_and_added_again_on_the_pages(client, draft):
    page = client.get(rule_page("canteen_share"))
    edition = form_of(page, "edition")["edition"]
    assert client.post(rule_page("canteen_share") + "remove/", {"edition": edition}).status_code == 302
    assert not draft.rules.filter(kind="canteen_share").exists()
    page = client.get(rule_page("canteen_share"))
    assert "草稿中没有“食堂采购占比”这条规则" in said(page)
    assert send(client, rule_page("canteen_share")).status_code == 422, "an empty one is no rule"
    values = {"percent": "5", "subject_kinds": ["school"], "clause": "一", "quote": "二"}
    assert send(client, rule_page("canteen_share"), **values).status_code == 302
    assert rule("canteen_share").percent == 5
    edition = policies.edition(Policy.objects.get(year=2022))
    response = client.post(rule_page("city_total") + "remove/", {"edition": edition}, follow=True)
    assert "每个年度政策都要有，不能删除" in said(response)
    assert client.post(rule_page("canteen_share", 2021) + "remove/").url == "/policy/2021/"
    assert client.get(rule_page("no_such_rule")).status_code == 404


def test_pages_of_a_year_with_the_two_totals_alone_work(client, draft):
    for kind in ("canteen_share", "union_holiday_share", "union_welfare_cap", "financial_share"):
        edition = policies.edition(Policy.objects.get(year=2022))
        client.post(rule_page(kind) + "remove/", {"edition": edition})
    assert send(client, FORCE).url == "/policy/2022/"
    make_purchase(make_unit("S01", Kind.SCHOOL), line("5.00"), date="2022-03-01")
    for address in (
        "/city/",
        "/standings/",
        "/standings/canteen_share/",
        "/units/S01/",
        "/explain/2022/city_total/",
    ):
        assert client.get(address, {"year": 2022}, follow=True).status_code == 200, address
    assert client.post("/workbook/2022/").status_code == 200


def test_a_discarded_draft_is_gone(client, draft):
    edition = form_of(client.get(HEAD), "title")["edition"]
    assert "已删除 2022 年度政策草稿" in said(
        client.post("/policy/2022/discard/", {"edition": edition}, follow=True)
    )
    assert not Policy.objects.filter(year=2022).exists() and client.get(HEAD).status_code == 404


# ---- refused: stale, closed, not a draft


def stale_posts(client) -> list[tuple[str, dict]]:
    """Each form of the draft as it is open in front of a person."""
    pages = (HEAD, PAIRINGS, rule_page("canteen_share"), FORCE)
    posts = [(address, form_of(client.get(address), "edition")) for address in pages]
    posts += [
        (rule_page("canteen_share") + "remove/", posts[2][1]),
        ("/policy/2022/discard/", posts[0][1]),
    ]
    return posts


def test_what_another_person_saved_meanwhile_is_never_written_over(client, draft):
    posts = stale_posts(client)
    colleague = make_user("colleague", Role.BUREAU, make_unit("D09"))
    client.force_login(colleague)
    assert send(client, rule_page("union_holiday_share"), percent="25").status_code == 302
    after = policies.shown(Policy.objects.get(year=2022))
    for address, fields in posts:
        response = client.post(address, {**fields, "title": "我的标题"}, follow=True)
        assert "已由 colleague 于" in said(response) and "改动" in said(response), address
        assert policies.shown(Policy.objects.get(year=2022)) == after, address
    response = client.post(HEAD, {**posts[0][1], "title": "我的标题"})
    assert response.status_code == 409 and "我的标题" in said(response), "what was typed is still there"
    assert "重新打开这一页" in said(response)


@pytest.mark.parametrize("edition", [None, "", "0", "x" * 5000])
def test_a_form_that_does_not_say_what_was_seen_is_stale(client, draft, edition):
    assert send(client, HEAD, title="别的", edition=edition).status_code == 409
    assert send(client, FORCE, edition=edition).url == FORCE
    assert Policy.objects.get(year=2022).status == PolicyStatus.DRAFT


def test_a_policy_in_force_can_no_longer_be_changed(client, draft):
    posts = stale_posts(client)
    assert send(client, FORCE).url == "/policy/2022/"
    after = policies.shown(Policy.objects.get(year=2022))
    for address, fields in posts:
        response = client.post(address, fields, follow=True)
        assert "2022 年度政策为“执行”，只有草拟中的政策可以修改" in said(response)
        if "remove" not in address and "discard" not in address:
            assert client.get(address).url == "/policy/2022/"
    assert policies.shown(Policy.objects.get(year=2022)) == after


def test_a_closed_year_keeps_a_policy_that_would_govern_it_from_being_put_in_force(client, draft):
    make_purchase(make_unit("T01", Kind.TOWN), line("10.00"), date="2022-05-01")
    sealing.lock(2022, by=None)
    page = said(client.get(FORCE))
    assert "现在还不能执行" in page and "2022 年度已于" in page and "确认执行" not in page
    edition = policies.edition(Policy.objects.get(year=2022))
    assert "2022 年度已于" in said(client.post(FORCE, {"edition": edition}, follow=True))
    assert Policy.objects.get(year=2022).status == PolicyStatus.DRAFT
    assert YearStanding.read(2022).policy.year == 2021, "a closed year's figures stay as they were closed"
    assert list(sealing.broken_snapshots()) == []


def test_it_is_not_put_in_force_over_a_closed_later_year(client, draft):
    make_purchase(make_unit("T01", Kind.TOWN), line("10.00"), date="2023-05-01")
    sealing.lock(2023, by=None)
    page = client.get(FORCE)
    assert "现在还不能执行" in said(page) and "2023 年度已于" in said(page) and "确认执行" not in said(page)
    edition = policies.edition(Policy.objects.get(year=2022))
    response = client.post(FORCE, {"edition": edition}, follow=True)
    assert "2023 年度已于" in said(response)
    assert Policy.objects.get(year=2022).status == PolicyStatus.DRAFT
    assert list(tallies.differences()) == [] and list(sealing.broken_snapshots()) == []


def test_what_keeps_it_from_governing_is_said_before_it_is_tried(client, draft):
    YearTerms.objects.get(year=2022).pairings.all().delete()
    for address in ("/policy/2022/", FORCE):
        assert "还没有结对地区" in said(client.get(address))
    edition = policies.edition(Policy.objects.get(year=2022))
    response = client.post(FORCE, {"edition": edition}, follow=True)
    assert "还没有结对地区" in said(response)
    assert Policy.objects.get(year=2022).status == PolicyStatus.DRAFT


# ---- preview and putting in force


@pytest.fixture
def year_2022(draft):
    """Purchases of 2022, read by the policy of 2021 until 2022 has its own."""
    town = make_unit("T01", Kind.TOWN, "临江镇")
    school = make_unit("S01", Kind.SCHOOL, "临江小学", town=town)
    bank = make_unit("F01", Kind.FINANCIAL, "临江银行", town=town)
    make_base(town, 2022, target="100.00")
    make_base(school, 2022, canteen_budget="1000.00", canteen="own")
    make_base(bank, 2022, assistance_base="1000.00")
    canteen = line("110.00", use=Use.CANTEEN)
    make_purchase(school, canteen, date="2022-03-01", channel=Channel.PLATFORM_832)
    make_purchase(bank, line("50.00"), line("70.00", region="其他地区"), date="2022-04-01")
    make_purchase(bank, line("8.00", region="常山县"), date="2023-04-01")
    return draft


def edit_2022(client) -> None:
    """Other thresholds, another pairing, a set percentage for banks: all on the pages."""
    regions = {region.name: region.pk for region in Region.objects.all()}
    chosen = {f"kind_{regions['常山县']}": "", f"primary_{regions['常山县']}": None}
    chosen |= {f"kind_{regions['其他地区']}": "mountain_sea"}
    assert send(client, PAIRINGS, **chosen).status_code == 302
    assert send(client, HEAD, city_total="0.02", dept_town_total="0.03").status_code == 302
    assert send(client, rule_page("canteen_share"), percent="11.5").status_code == 302
    assert send(client, rule_page("financial_share"), percent="12").status_code == 302


def figures(year: int) -> dict[str, tuple]:
    standing = YearStanding.read(year, datetime.date(year, 12, 31))
    found = {
        each.rule: (each.numerator, each.status.value, each.gap)
        for each in standing.units
        if each.rule in ("canteen_share", "financial_share") and each.unit.code in ("S01", "F01")
    }
    total = standing.city_total
    return found | {"city": (total.value, total.threshold, total.status.value)}


def test_another_year_works_by_its_pages_alone(client, year_2022):
    edit_2022(client)
    before = {
        "canteen_share": (110_00, "met", 0),
        "financial_share": (50_00, "reported", None),
        "city": (160_00, 66_000_000_00, "in_progress"),
    }
    assert figures(2022) == before, "a draft governs nothing"
    preview = client.get(FORCE).context["outlook"]
    assert figures(2022) == before, "a look at what would change changes nothing"
    assert send(client, FORCE).url == "/policy/2022/"
    after = {
        "canteen_share": (110_00, "in_progress", 5_00),
        "financial_share": (120_00, "met", 0),
        "city": (230_00, 200_00, "met"),
    }
    assert figures(2022) == after
    assert preview.totals[0][1].value == before["city"][0] and preview.totals[0][2].value == after["city"][0]
    assert figures(2021)["city"][1] == 66_000_000_00, "2021 keeps its own"
    assert figures(2023)["city"][0] == 0, "2023 has no policy of its own and is read by 2022's"
    assert list(tallies.differences()) == []
    event = AuditEvent.objects.get(action="执行政策")
    assert event.actor == "bureau" and event.detail["years"] == [2022, 2023]
    assert event.detail["changed"] == {"status": ["draft", "in_force"]}


def test_the_preview_says_which_figures_would_change_and_by_how_much(client, year_2022):
    edit_2022(client)
    page = client.get(FORCE)
    outlook = page.context["outlook"]
    assert {(row.unit.code, row.rule): (row.by, row.turns) for row in outlook.moved} == {
        ("S01", "canteen_share"): (0, True),
        ("F01", "financial_share"): (70_00, True),
        ("T01", "dept_town_total"): (70_00, False),
    }
    counts = {
        title: [(count.status.value, count.before, count.after) for count in rows]
        for title, rows in outlook.counts
    }
    assert counts["金融机构占比"] == [("reported", 1, 0), ("met", 0, 1)]
    assert ("met", 1, 0) in counts["食堂采购占比"] and ("not_met", 0, 1) in counts["食堂采购占比"]
    words = said(page)
    assert "临江银行" in words and "50.00 → 120.00" in words and "+70.00" in words
    assert "《2021年慈溪市东西部协作消费帮扶实施方案》" in words
    later = client.get(FORCE, {"of": "2023"}).context["outlook"]
    assert later.year == 2023
    assert {row.unit.code: row.by for row in later.moved} == {"F01": -8_00, "T01": -8_00}
    assert client.get(FORCE, {"of": "nonsense"}).context["outlook"].year == 2022


def test_the_preview_is_what_becomes_of_the_figures(client, year_2022):
    edit_2022(client)
    outlook = client.get(FORCE).context["outlook"]
    send(client, FORCE)
    standing = YearStanding.read(2022)
    assert outlook.after.units == standing.units
    assert outlook.after.responsible == standing.responsible
    assert outlook.after.city_total == standing.city_total
    assert outlook.after.dept_town_total == standing.dept_town_total


def test_the_preview_says_who_would_see_which_units(client, year_2022):
    make_unit("D06", Kind.DEPARTMENT, "市教育局")
    who = {"organisers-0-unit": "市教育局", "organisers-0-duty": "组织", "organisers-0-kinds": ["school"]}
    send(client, rule_page("canteen_share"), lead="市财务局", **who)
    page = client.get(FORCE)
    seeing = {row.name: (row.gained, row.lost) for row in page.context["preview"].seeing}
    assert seeing["市教育局"] == (["学校"], []) and "医院" in seeing["市财务局"][0]
    assert "执行后可查看全部学校" in said(page) and "单位表中没有名为 市财务局 的单位" in said(page)
    lead = make_user("lead", Role.LEAD, Unit.objects.get(code="D06"))
    assert not Scope.of(lead).visible().filter(code="S01").exists()
    send(client, FORCE)
    assert Scope.of(User.objects.get(pk=lead.pk)).visible().filter(code="S01").exists()


def test_a_draft_like_its_forerunner_changes_nothing(client, year_2022):
    page = client.get(FORCE)
    assert page.context["outlook"].moved == [] and "没有单位的数字或状态会变" in said(page)


def test_without_any_earlier_policy_everything_counts_only_from_then_on(client, year_2022):
    Policy.objects.filter(year=2021).update(status=PolicyStatus.DRAFT)
    YearTerms.objects.filter(year=2021).update(in_force=False)
    page = client.get(FORCE)
    assert "2022 年度目前没有政策" in said(page)
    assert ("F01", None) in [(row.unit.code, row.before) for row in page.context["outlook"].moved]


def test_an_administrator_sees_how_many_units_change_but_no_units_figures(client, year_2022):
    edit_2022(client)
    client.force_login(make_user("admin", Role.SYSTEM_ADMIN, make_unit("D09")))
    words = said(client.get(FORCE))
    assert "3 个数字会变，其中 2 个状态会变；3 个属于您看不到数字的单位" in words
    assert "临江银行" not in words and "120.00" not in words and "230.00" not in words


def test_an_administrator_prepares_a_policy_and_the_bureau_puts_it_in_force(client, draft):
    admin = make_user("admin", Role.SYSTEM_ADMIN, make_unit("D09"))
    client.force_login(admin)
    assert send(client, HEAD, title="草稿由管理员准备").status_code == 302
    page = client.get(FORCE)
    assert "草稿由市商务局核对后执行" in said(page) and "确认执行" not in said(page)
    draft.refresh_from_db()
    assert client.post(FORCE, {"edition": policies.edition(draft)}).status_code == 404
    with pytest.raises(NotAllowed):
        policy_drafts.put_in_force(draft, by=admin)
    draft.refresh_from_db()
    assert draft.status == PolicyStatus.DRAFT and draft.title == "草稿由管理员准备"


def test_the_pages_ask_the_database_little(client, year_2022, django_assert_max_num_queries):
    addresses = ["/policies/", "/policy/2022/", HEAD, PAIRINGS, FORCE]
    for address in [*addresses, *(rule_page(kind) for kind in rule_kinds())]:
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200

"""年度基数: filed by the clerk, confirmed or sent back by the reviewer; only then do figures follow."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessment import base_evidence
from assessment.models import BaseEvidence
from assessment.standing import YearStanding
from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.errors import NotAllowed, Refused, Stale
from procurement.choices import Channel, Use
from tests.factories import line, make_base, make_policy, make_purchase, make_unit, make_user
from tests.web.htmlform import form_of
from units import bases
from units.deadlines import deadline_of, set_deadline
from units.kinds import Canteen, Kind
from units.models import BaseStatus, Role, User, YearBase
from units.years import YearLock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def summer():
    with time_machine.travel("2021-06-15T10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def city():
    make_policy()
    town, bureau = make_unit("T01", Kind.TOWN, "临江镇"), make_unit("D06", Kind.DEPARTMENT, "市教育局")
    school = make_unit("S01", Kind.SCHOOL, "临江小学", town=town, supervisor=bureau)
    union = make_unit("U01", Kind.UNION, "临江小学工会", host=school)
    return {
        "town": town,
        "bureau": bureau,
        "school": school,
        "union": union,
        "bank": make_unit("F01", Kind.FINANCIAL, "临江银行", town=town),
        "shop": make_unit("E01", Kind.ENTERPRISE, "临江公司", town=town),
        "office": make_unit("D01", Kind.DEPARTMENT, "市商务局"),
    }


@pytest.fixture
def clerk(client, city):
    user = make_user("clerk", Role.CLERK, city["school"])
    client.force_login(user)
    return user


def paper(content: bytes = b"%PDF-1.4 approved", name: str = "预算批复.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


class TestEvidence:
    """依据: kept with the base, handed out to whoever sees it."""

    def test_a_clerk_sends_it_up_once_and_its_reviewer_reads_it(self, client, clerk, city):
        where = reverse("base_attach", args=[2021, "S01"])
        for _ in range(2):
            client.post(where, {"file": paper()})
        [kept] = BaseEvidence.objects.all()
        assert (kept.base.unit, kept.base.year, kept.name) == (city["school"], 2021, "预算批复.pdf")
        assert AuditEvent.objects.filter(action="上传基数依据").count() == 1
        client.force_login(make_user("reviewer", Role.LEAD, city["bureau"]))
        assert "预算批复.pdf" in client.get(reverse("base", args=[2021, "S01"])).content.decode()
        answer = client.get(reverse("base_document", args=[2021, "S01", kept.pk]))
        assert answer.getvalue() == b"%PDF-1.4 approved"
        assert (
            answer["Content-Disposition"].startswith("attachment")
            and "sandbox" in answer["Content-Security-Policy"]
        )

    @pytest.mark.parametrize(
        ("file", "why"),
        [(paper(b"MZ\x90\x00", "批复.exe"), "不是票据文件"), (paper(b""), "文件是空的"), (None, "请先选择")],
    )
    def test_what_is_no_document_is_refused_with_a_sentence(self, client, clerk, file, why):
        sent = {"file": file} if file else {}
        page = client.post(reverse("base_attach", args=[2021, "S01"]), sent, follow=True).content.decode()
        assert why in page and not BaseEvidence.objects.exists()

    def test_it_is_not_there_by_the_number_of_another_units_base(self, client, clerk, city):
        kept = base_evidence.attach(city["bank"], 2021, paper(), by=None)
        assert client.get(reverse("base_document", args=[2021, "F01", kept.pk])).status_code == 404
        make_base(city["school"])
        assert client.get(reverse("base_document", args=[2021, "S01", kept.pk])).status_code == 404


@pytest.fixture
def reviewer(client, city):
    user = make_user("reviewer", Role.BUREAU, city["office"])
    client.force_login(user)
    return user


def address(unit, year=2021, what="base"):
    return reverse(what, args=[year, unit.code])


def seen(unit, year=2021) -> str:
    return bases.stamp(
        YearBase.objects.filter(unit=unit, year=year).first() or YearBase(unit=unit, year=year)
    )


def file(client, unit, **values):
    return client.post(address(unit), {"seen": seen(unit)} | values)


def canteen_of(unit):
    (found,) = [each for each in YearStanding.read(2021).of_unit(unit.pk) if each.rule == "canteen_share"]
    return found


def words(response) -> str:
    return response.content.decode()


class TestFiling:
    @pytest.mark.parametrize(
        ("whose", "names"),
        [
            ("school", ["canteen", "canteen_representative", "canteen_budget", "reserve_percent"]),
            ("union", ["holiday_gifts", "headcount"]),
        ],
    )
    def test_a_clerk_is_asked_only_for_what_matters_to_the_unit(self, client, clerk, city, whose, names):
        form = client.get(address(city[whose])).context["form"]
        assert [line.asked.name for line in form.lines()] == names

    def test_other_kinds_are_asked_for_other_things(self, client, city):
        for whose, names in (
            ("town", ["canteen", "canteen_representative", "canteen_budget", "reserve_percent", "target"]),
            ("bank", ["assistance_base", "listed"]),
            ("shop", ["listed"]),
        ):
            client.force_login(make_user(whose, Role.CLERK, city[whose]))
            form = client.get(address(city[whose])).context["form"]
            assert [line.asked.name for line in form.lines()] == names, whose
        nothing = make_unit("O01", Kind.SOCIAL_ORG)
        client.force_login(make_user("nothing", Role.CLERK, nothing))
        assert "没有要填报的基数" in words(client.get(address(nothing)))
        assert "没有要填报的基数" in words(client.post(address(nothing), {"seen": ""}, follow=True))

    def test_each_field_has_its_help_its_clause_and_last_years_value(self, client, clerk, city):
        make_base(city["school"], 2020, canteen=Canteen.CONTRACTED, canteen_budget="98765.40")
        page = words(client.get(address(city["school"])))
        assert "98,765.40 元" in page and "外包" in page
        assert "确实没有预算的填 0" in page and "依据：第四部分（一）第一段" in page and "10%" in page
        assert "2021-03-31" in page and "已逾期 76 天" in page and "还没有填报" in page

    def test_what_is_filed_waits_and_moves_no_figure_until_it_is_confirmed(self, client, clerk, city):
        make_purchase(city["school"], line("120.00", use=Use.CANTEEN), channel=Channel.PLATFORM_832)
        response = file(client, city["school"], canteen="own", canteen_budget="１,0００.50")
        assert response.status_code == 302
        base = YearBase.objects.get()
        assert (base.status, base.canteen_budget, base.filed_by) == ("filed", Decimal("1000.50"), "clerk")
        assert canteen_of(city["school"]).status == "missing_base"
        event = AuditEvent.objects.get(action="填报基数")
        assert event.detail["before"]["canteen_budget"] is None
        assert event.detail["after"]["canteen_budget"] == "1000.50"
        client.force_login(make_user("reviewer", Role.BUREAU, city["office"]))
        client.post(address(city["school"], what="base_confirm"), {"seen": seen(city["school"])})
        assert canteen_of(city["school"]).denominator == 1000_50

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ({}, "请填写食堂情况"),
            ({"canteen": "own"}, "请填写食堂采购预算，没有的填 0"),
            ({"canteen": "own", "canteen_budget": "一千"}, "不是数字"),
            ({"canteen": "own", "canteen_budget": "-1"}, "不能为负数"),
            ({"canteen": "own", "canteen_budget": "1.234"}, "超过两位小数"),
            ({"canteen": "shared"}, "请填写共用代表单位"),
            ({"canteen": "shared", "canteen_representative": "没有的"}, "没有编码或名称为“没有的”的单位"),
            ({"canteen": "shared", "canteen_representative": "S01"}, "没有编码或名称为“S01”的单位"),
            ({"canteen": "shared", "canteen_representative": "E01"}, "没有编码或名称为“E01”的单位"),
            ({"canteen": "own", "canteen_budget": "1", "reserve_percent": "101"}, "应在 0 到 100 之间"),
            ({"canteen": "own", "canteen_budget": "1", "reserve_percent": "1.234"}, "最多两位小数"),
            ({"canteen": "own", "canteen_budget": "1", "reserve_percent": "1e1"}, "应为百分数"),
            ({"canteen": "palace"}, "食堂情况没有“palace”这个选项"),
        ],
    )
    def test_what_makes_no_sense_is_said_at_its_field_and_nothing_stored(
        self, client, clerk, city, values, said
    ):
        response = file(client, city["school"], **values)
        assert response.status_code == 422 and said in words(response)
        assert not YearBase.objects.exists()

    def test_it_is_checked_beside_last_year_before_anything_is_stored(self, client, clerk, city):
        make_base(city["school"], 2020, canteen=Canteen.OWN, canteen_budget="98765.40")
        first = file(client, city["school"], canteen="own", canteen_budget="1,000.5", step="check")
        page = words(first)
        assert "1,000.50 元" in page and "98,765.40 元" in page and "不到上年" in page
        assert not YearBase.objects.filter(year=2021).exists()
        filled = form_of(first, "canteen")
        again = client.post(address(city["school"]), filled | {"step": ["edit"]})
        assert form_of(again, "canteen")["canteen_budget"] == ["1,000.5"]
        assert client.post(address(city["school"]), filled).status_code == 302
        assert YearBase.objects.get(year=2021).canteen_budget == Decimal("1000.50")

    def test_a_shared_canteen_names_its_representative_and_has_no_budget(self, client, clerk, city):
        make_base(city["town"], canteen=Canteen.OWN, canteen_budget="5000.00")
        file(
            client,
            city["school"],
            canteen="shared",
            canteen_representative="T01 临江镇",
            canteen_budget="九",
            reserve_percent="12",
        )
        base = YearBase.objects.get(unit=city["school"])
        assert base.canteen_representative == city["town"]
        assert (base.canteen_budget, base.reserve_percent) == (None, None)

    def test_a_union_declares_heads_and_gifts(self, client, clerk, city):
        for heads, said in (("十", "应为不小于 0 的整数"), ("-3", "应为不小于 0 的整数"), ("1.5", "整数")):
            assert said in words(file(client, city["union"], headcount=heads, holiday_gifts="1"))
        file(client, city["union"], headcount="1,2６0", holiday_gifts="0")
        base = YearBase.objects.get(unit=city["union"])
        assert (base.headcount, base.holiday_gifts) == (1260, Decimal("0.00"))

    def test_a_bank_says_whether_it_is_listed(self, client, city):
        client.force_login(make_user("bank", Role.CLERK, city["bank"]))
        for answer, stored in (("True", True), ("False", False), ("", None)):
            assert file(client, city["bank"], assistance_base="9", listed=answer).status_code == 302
            assert YearBase.objects.get().listed is stored
        page = words(client.get(address(city["bank"])))
        assert "宁波名单企业：否 → —" in page

    def test_a_returned_one_shows_the_reason_first(self, client, clerk, city):
        base = make_base(city["school"], status=BaseStatus.FILED, canteen="own", canteen_budget="1.00")
        bases.return_base(base, by=None, reason="与预算批复不一致")
        page = words(client.get(address(city["school"])))
        assert page.index("与预算批复不一致") < page.index('name="canteen"')
        assert file(client, city["school"], canteen="own", canteen_budget="1.00").status_code == 302
        base.refresh_from_db()
        assert (base.status, base.returned_reason) == (BaseStatus.FILED, "")

    def test_changing_a_confirmed_one_opens_it_again_and_says_what_that_means(self, client, clerk, city):
        make_base(city["school"], canteen="own", canteen_budget="1000.00")
        page = words(client.get(address(city["school"])))
        assert "须由主管单位重新确认" in page and "食堂采购占比显示“缺基数”，不算达标" in page
        response = client.post(
            address(city["school"]),
            {"seen": seen(city["school"]), "canteen": "own", "canteen_budget": "900"},
            follow=True,
        )
        assert "重新确认之前，食堂采购占比显示“缺基数”" in words(response)
        base = YearBase.objects.get()
        assert (base.status, base.confirmed_by, base.confirmed_at) == ("filed", "", None)
        assert canteen_of(city["school"]).status == "missing_base"
        assert AuditEvent.objects.get(action="填报基数").detail["was"] == "confirmed"
        assert "原已确认，改动后须重新确认" in words(response)

    def test_the_same_again_changes_nothing_and_keeps_the_confirmation(self, client, clerk, city):
        make_base(city["school"], canteen="own", canteen_budget="1000.00")
        response = client.post(
            address(city["school"]),
            {"seen": seen(city["school"]), "canteen": "own", "canteen_budget": "1,000"},
            follow=True,
        )
        assert "没有改动" in words(response)
        assert YearBase.objects.get().status == BaseStatus.CONFIRMED
        assert not AuditEvent.objects.exists()

    def test_a_decision_meanwhile_is_told_and_not_undone(self, client, clerk, city):
        file(client, city["school"], canteen="own", canteen_budget="1000")
        stale = {"seen": seen(city["school"]), "canteen": "own", "canteen_budget": "900"}
        bases.confirm_base(YearBase.objects.get(), by=None)
        response = client.post(address(city["school"]), stale)
        assert response.status_code == 409 and "刚刚有了变化" in words(response)
        assert YearBase.objects.get().status == BaseStatus.CONFIRMED

    def test_a_closed_year_is_not_filed_for(self, client, clerk, city):
        YearLock.objects.create(year=2021, locked_by="bureau", locked_at="2022-01-10T00:00:00+08:00")
        page = words(client.get(address(city["school"])))
        assert "已于 2022-01-10 封账" in page and 'name="canteen"' not in page
        response = file(client, city["school"], canteen="none")
        assert response.status_code == 422 and not YearBase.objects.exists()
        with pytest.raises(Refused, match="2021 年度已于"):
            bases.file_base(city["school"], 2021, by=None, canteen="none")

    def test_nobody_files_for_a_unit_of_others(self, client, city):
        for role, unit, status in (
            (Role.CLERK, city["bank"], 404),
            (Role.TOWN, city["town"], 302),
            (Role.BUREAU, city["office"], 302),
            (Role.SYSTEM_ADMIN, city["bureau"], 404),
        ):
            client.force_login(make_user(f"{role}-{unit.code}", role, unit))
            assert file(client, city["school"], canteen="none").status_code == status, role
        assert not YearBase.objects.exists()
        with pytest.raises(NotAllowed):
            bases.file_base(city["school"], 2021, by=User.objects.get(username="bureau-D01"), canteen="none")

    def test_a_year_or_a_unit_that_nobody_knows_is_not_found(self, client, clerk, city):
        for path in ("/bases/2031/S01/", "/bases/2021/X/", "/bases/2021/T01/", "/bases/99999999/S01/"):
            assert client.get(path).status_code == 404, path

    def test_my_unit_leads_there(self, client, clerk, city):
        page = words(client.get("/unit/"))
        assert page.count("现在填报") == 2 and address(city["school"]) in page and "已逾期 76 天" in page
        base = make_base(city["school"], status=BaseStatus.FILED, canteen="none")
        make_base(city["union"], headcount=1, holiday_gifts="1.00")
        page = words(client.get("/unit/"))
        assert "现在填报" not in page and "查看或修改" in page
        bases.return_base(base, by=None, reason="请核对")
        assert "去修改" in words(client.get("/unit/"))


class TestDeciding:
    @pytest.fixture
    def filed(self, city):
        make_base(city["school"], 2020, canteen="own", canteen_budget="4000.00")
        return make_base(
            city["school"], status=BaseStatus.FILED, filed_by="clerk", canteen="own", canteen_budget="1000.00"
        )

    def test_a_reviewer_sees_both_years_and_what_is_doubtful(self, client, reviewer, city, filed):
        page = words(client.get(address(city["school"])))
        assert "1,000.00 元" in page and "4,000.00 元" in page
        assert "食堂采购预算不到上年（4,000.00 元）的一半" in page
        assert 'name="canteen"' not in page

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ({"canteen": "own"}, "食堂采购预算没有填写"),
            ({"canteen": "own", "canteen_budget": "0.00"}, "食堂采购预算填为 0，相关指标今年不考核"),
            ({"canteen": "own", "canteen_budget": "8000.01"}, "超过上年（4,000.00 元）的两倍"),
            ({"canteen": "none"}, "上年食堂为自营，今年填无食堂"),
            ({"canteen": "own", "canteen_budget": "4000.00", "reserve_percent": Decimal("5")}, "预留比例 5%"),
        ],
    )
    def test_what_would_ease_the_duty_is_pointed_out(self, client, reviewer, city, filed, values, said):
        filed.delete()
        make_base(city["school"], status=BaseStatus.FILED, **values)
        assert said in words(client.get(address(city["school"])))

    def test_a_canteen_shared_with_one_that_declares_none_is_pointed_out(self, client, reviewer, city, filed):
        filed.delete()
        make_base(
            city["school"], status=BaseStatus.FILED, canteen="shared", canteen_representative=city["town"]
        )
        assert "共用代表单位临江镇没有填报自己的食堂预算" in words(client.get(address(city["school"])))
        make_base(city["town"], canteen="own", canteen_budget="9.00")
        assert "没有填报自己的食堂预算" not in words(client.get(address(city["school"])))

    def test_confirming_is_on_record_and_leads_back_to_the_filtered_list(self, client, reviewer, city, filed):
        url = address(city["school"], what="base_confirm") + "?status=mine"
        response = client.post(url, {"seen": seen(city["school"])})
        assert response.url == "/bases/?status=mine"
        filed.refresh_from_db()
        assert (filed.status, filed.confirmed_by) == (BaseStatus.CONFIRMED, "reviewer")
        assert AuditEvent.objects.get(action="确认基数").detail["values"]["canteen_budget"] == "1000.00"

    def test_what_was_changed_meanwhile_is_not_confirmed_unseen(self, client, reviewer, city, filed):
        stale = seen(city["school"])
        bases.file_base(city["school"], 2021, by=None, canteen_budget=Decimal("1.00"))
        for what, data in (("base_confirm", {}), ("base_return", {"reason": "x"})):
            response = client.post(address(city["school"], what=what), {"seen": stale} | data, follow=True)
            assert "刚刚有了变化" in words(response)
        filed.refresh_from_db()
        assert filed.status == BaseStatus.FILED
        with pytest.raises(Stale):
            bases.confirm_base(filed, by=None, seen="")

    def test_sending_back_needs_a_reason_and_takes_a_confirmed_one_out_of_the_figures(
        self, client, reviewer, city, filed
    ):
        bases.confirm_base(filed, by=None)
        url = address(city["school"], what="base_return")
        assert "请填写退回原因" in words(client.post(url, {"seen": seen(city["school"])}, follow=True))
        assert canteen_of(city["school"]).denominator == 1000_00
        client.post(url, {"seen": seen(city["school"]), "reason": "人数不符"})
        filed.refresh_from_db()
        assert (filed.status, filed.returned_reason) == (BaseStatus.RETURNED, "人数不符")
        assert canteen_of(city["school"]).denominator is None

    def test_a_closed_year_is_not_decided_on(self, client, reviewer, city, filed):
        YearLock.objects.create(year=2021, locked_by="bureau", locked_at="2022-01-10T00:00:00+08:00")
        page = words(client.get(address(city["school"])))
        assert "退回重填</button>" not in page
        url = address(city["school"], what="base_confirm")
        assert "2021 年度已于" in words(client.post(url, {"seen": seen(city["school"])}, follow=True))
        filed.refresh_from_db()
        assert filed.status == BaseStatus.FILED

    def test_nobody_confirms_what_they_filed_or_what_their_own_unit_declares(self, client, city, reviewer):
        own = make_base(city["office"], status=BaseStatus.FILED, target="1.00", canteen="none")
        mine = make_base(city["school"], status=BaseStatus.FILED, filed_by="reviewer", canteen="none")
        for base in (own, mine):
            page = words(client.get(address(base.unit)))
            assert "确认</button>" not in page
            url = address(base.unit, what="base_confirm")
            response = client.post(url, {"seen": seen(base.unit)}, follow=True)
            assert "须由他人确认" in words(response)
            client.post(reverse("bases_confirm"), {"pick": f"{base.pk}:{seen(base.unit)}"})
            base.refresh_from_db()
            assert base.status == BaseStatus.FILED
        assert client.get(reverse("bases")).context["progress"].mine == 0

    def test_deciding_is_for_reviewers_of_the_unit(self, client, city, filed):
        other = make_unit("T02", Kind.TOWN)
        for name, role, unit, status in (
            ("t1", Role.TOWN, city["town"], 302),
            ("t2", Role.TOWN, other, 404),
            ("c", Role.CLERK, city["school"], 404),
            ("a", Role.SYSTEM_ADMIN, city["bureau"], 404),
            ("o", Role.OVERSIGHT, make_unit("D02"), 302),
        ):
            client.force_login(make_user(name, role, unit))
            response = client.post(
                address(city["school"], what="base_confirm"), {"seen": seen(city["school"])}
            )
            assert response.status_code == status, name
            filed.refresh_from_db()
            assert filed.status == (BaseStatus.CONFIRMED if name == "t1" else BaseStatus.FILED), name
            YearBase.objects.filter(pk=filed.pk).update(status=BaseStatus.FILED)
        assert client.get(address(city["school"], what="base_confirm")).status_code == 405


class TestTheList:
    @pytest.fixture
    def declared(self, city):
        """Everyone of 应填报 in another state; the union and the office are late."""
        early, late = datetime.datetime(2021, 3, 31, 23, 59), datetime.datetime(2021, 4, 1)
        at = {
            name: {"filed_at": day.astimezone(), "first_filed_at": day.astimezone()}
            for name, day in (("early", early), ("late", late))
        }
        make_base(city["town"], target="5.00", canteen="none", **at["early"])
        make_base(city["bureau"], status=BaseStatus.FILED, target="5.00", canteen="none", **at["late"])
        make_base(
            city["school"], status=BaseStatus.FILED, canteen="own", canteen_budget="9.00", **at["early"]
        )
        make_base(city["union"], status=BaseStatus.RETURNED, headcount=1, **at["early"])
        make_base(city["bank"], assistance_base="5.00", **at["late"])

    def codes(self, client, query=""):
        return [row["unit"].code for row in client.get(f"{reverse('bases')}?{query}").context["rows"]]

    def test_the_late_ones_come_first_then_what_waits(self, client, reviewer, city, declared):
        assert self.codes(client) == ["D01", "U01", "D06", "S01", "F01", "T01"]
        page = words(client.get(reverse("bases")))
        assert page.count("逾期 76 天") == 2 and "临江公司" not in page
        make_base(city["shop"], listed=True)
        page = words(client.get(reverse("bases")))
        assert "临江公司" in page, "who need not declare but did is there too"
        assert "7 个单位（其中 1 个今年不要求填报，已自行填报）" in page
        assert "<strong>6</strong>应填报" in page

    def test_rates_are_exact_and_truncated(self, client, reviewer, city, declared):
        progress = client.get(reverse("bases")).context["progress"]
        assert (progress.due, progress.reported, progress.on_time, progress.confirmed) == (6, 4, 2, 2)
        assert (progress.reporting_rate, progress.on_time_rate, progress.mine) == (6666, 3333, 2)
        assert "66.66%" in words(client.get(reverse("bases")))
        assert client.get(reverse("bases") + "?kind=union").context["progress"].reporting_rate == 0
        assert client.get(reverse("bases") + "?kind=hospital").context["progress"].reporting_rate is None
        by_status = client.get(reverse("bases") + "?status=confirmed").context["progress"]
        assert by_status.due == 6, "the state one looks at changes no rate"

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("status=mine", ["D06", "S01"]),
            ("status=late", ["D01", "U01"]),
            ("status=unfiled", ["D01"]),
            ("status=filed", ["D06", "S01"]),
            ("status=returned", ["U01"]),
            ("status=confirmed", ["F01", "T01"]),
            ("kind=school", ["S01"]),
            ("unit=临江小", ["U01", "S01"]),
            ("unit=f01", ["F01"]),
            ("supervisor={bureau}", ["U01", "D06", "S01"]),
            ("town={town}", ["U01", "S01", "F01", "T01"]),
            ("status=nonsense", ["D01", "U01", "D06", "S01", "F01", "T01"]),
        ],
    )
    def test_it_is_filtered_by_the_address(self, client, reviewer, city, declared, query, found):
        query = query.format(bureau=city["bureau"].pk, town=city["town"].pk)
        assert self.codes(client, query) == found
        page = client.get(f"{reverse('bases')}?{query}").context["page"]
        assert page.paginator.count == len(found)

    def test_nobody_is_late_before_the_day_is_over(self, client, reviewer, city, declared):
        set_deadline(2021, datetime.date(2021, 6, 15), by=None)
        assert self.codes(client) == ["D06", "S01", "D01", "U01", "F01", "T01"]
        assert self.codes(client, "status=late") == []
        assert client.get(reverse("bases")).context["progress"].on_time == 4

    def test_the_bureau_sets_the_last_day(self, client, reviewer, city):
        response = client.post(reverse("bases_deadline") + "?kind=town", {"day": "2021-04-30"})
        assert response.url == "/bases/?kind=town" and deadline_of(2021) == datetime.date(2021, 4, 30)
        event = AuditEvent.objects.get(action="设定基数截止日")
        assert (event.detail["before"], event.detail["after"]) == ("2021-03-31", "2021-04-30")
        for day, said in (("", "不是日期"), ("2022-05-01", "应在 2020-10-01 到 2021-12-31 之间")):
            assert said in words(client.post(reverse("bases_deadline"), {"day": day}, follow=True))
        assert deadline_of(2021) == datetime.date(2021, 4, 30)
        client.force_login(make_user("town", Role.TOWN, city["town"]))
        assert client.post(reverse("bases_deadline"), {"day": "2021-05-01"}).status_code == 404
        with pytest.raises(NotAllowed):
            set_deadline(2021, datetime.date(2021, 5, 1), by=User.objects.get(username="town"))

    def test_a_person_sees_only_units_of_their_own(self, client, city, declared):
        client.force_login(make_user("town", Role.TOWN, city["town"]))
        assert sorted(self.codes(client)) == ["F01", "S01", "T01", "U01"]
        client.force_login(make_user("clerk", Role.CLERK, city["school"]))
        assert sorted(self.codes(client)) == ["S01", "U01"]
        page = words(client.get(reverse("bases")))
        assert 'name="pick"' not in page and ">填报</a>" in page and "待我确认</a>" not in page

    def test_many_are_confirmed_at_once_but_for_those_in_doubt(self, client, reviewer, city, declared):
        make_base(city["school"], 2020, canteen="own", canteen_budget="100.00")
        filed = {base.unit.code: base for base in YearBase.objects.filter(status=BaseStatus.FILED)}
        picks = [f"{base.pk}:{bases.stamp(base)}" for base in filed.values()]
        confirmed = YearBase.objects.get(unit=city["bank"])
        picks += [f"{confirmed.pk}:{bases.stamp(confirmed)}", "x", "999:1"]
        page = words(client.post(reverse("bases_confirm"), {"pick": picks}, follow=True))
        assert "已确认 1 个单位" in page and "未确认 4 个" in page
        assert "临江小学：食堂采购预算不到上年" in page and "另有 2 个不在您可以确认的范围内" in page
        assert "临江银行：临江银行 的 2021 年度基数为“已确认”，不能确认" in page
        states = dict(YearBase.objects.filter(year=2021).values_list("unit__code", "status"))
        assert (states["D06"], states["S01"]) == (BaseStatus.CONFIRMED, BaseStatus.FILED)
        assert "请先勾选" in words(client.post(reverse("bases_confirm"), follow=True))

    def test_one_that_was_changed_meanwhile_is_not_confirmed_with_the_others(
        self, client, reviewer, city, declared
    ):
        base = YearBase.objects.get(unit=city["bureau"], year=2021)
        pick = f"{base.pk}:{bases.stamp(base)}"
        bases.file_base(city["bureau"], 2021, by=None, target=Decimal("6.00"))
        assert "刚刚有了变化" in words(client.post(reverse("bases_confirm"), {"pick": pick}, follow=True))
        base.refresh_from_db()
        assert base.status == BaseStatus.FILED

    def test_the_menu_counts_what_waits(self, client, city, declared):
        def count():
            entries = {
                shown.entry.title: shown.entry for shown in client.get("/policy/2021/").context["menu"]
            }
            return entries["年度基数"].count

        client.force_login(make_user("reviewer", Role.BUREAU, city["office"]))
        assert count() == 2
        client.force_login(make_user("town", Role.TOWN, city["town"]))
        assert count() == 1
        client.force_login(make_user("clerk", Role.CLERK, city["school"]))
        assert count() == 0

    def test_a_year_without_a_policy_lists_nobody(self, client, db):
        client.force_login(make_user("bureau", Role.BUREAU, make_unit("D01")))
        assert "没有符合条件的单位" in words(client.get(reverse("bases")))

    def test_the_pages_ask_the_database_little(
        self, client, city, declared, reviewer, django_assert_max_num_queries
    ):
        for number in range(5):
            school = make_unit(f"S1{number}", Kind.SCHOOL, town=city["town"])
            make_base(
                school, status=BaseStatus.FILED, canteen="shared", canteen_representative=city["school"]
            )
            make_base(school, 2020, canteen="none")
        bases.file_base(city["school"], 2021, by=None, canteen_budget=Decimal("8.00"))
        for name, role, unit in (("r", Role.BUREAU, city["office"]), ("c", Role.CLERK, city["school"])):
            client.force_login(make_user(name, role, unit))
            client.get(reverse("bases"))  # the session's own first write
            for path in (reverse("bases") + "?unit=临江", address(city["school"])):
                with django_assert_max_num_queries(12):
                    assert client.get(path).status_code == 200
        with django_assert_max_num_queries(12):
            client.get("/unit/")

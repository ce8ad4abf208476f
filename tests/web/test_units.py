"""单位: looking units up, adding one, and changing one with its consequences seen first."""

import datetime

import pytest
from django.urls import reverse

from assessment import unit_changes
from assessment.standing import YearStanding
from cixi_xiezuo.audit import AuditEvent
from procurement import tallies
from tests.factories import line, make_base, make_policy, make_purchase, make_unit, make_user
from units.kinds import Affiliation, Kind
from units.models import Role, Unit, UnitLink, YearBase
from units.years import YearLock

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    make_policy()
    units = {
        "old": make_unit("T01", Kind.TOWN, "临江镇"),
        "new": make_unit("T02", Kind.TOWN, "远山镇"),
        "bureau": make_unit("D06", Kind.DEPARTMENT, "市教育局"),
    }
    units["school"] = make_unit("S01", Kind.SCHOOL, "临江小学", town=units["old"], supervisor=units["bureau"])
    units["union"] = make_unit("U01", Kind.UNION, "临江小学工会", host=units["school"])
    return units


@pytest.fixture
def admin(client, city):
    user = make_user("admin", Role.SYSTEM_ADMIN, city["bureau"])
    client.force_login(user)
    return user


def codes(client, query: str = "") -> list[str]:
    return [unit.code for unit in client.get(f"{reverse('units')}?{query}").context["page"]]


def fields(unit: Unit, **changes) -> dict[str, object]:
    """What the edit form of a unit would post as it is opened now, but for what is changed in it."""
    unit.refresh_from_db()
    values = {
        "name": unit.name,
        "kind": unit.kind,
        "uscc": unit.uscc,
        "supervisor": unit.supervisor_id or "",
        "town": unit.town_id or "",
        "affiliation": unit.affiliation,
        "host": unit.host.code if unit.host else "",
        "active": "on" if unit.active else "",
        "scope": "",
        "since": "",
        "seen": unit_changes.stamp(unit, unit_changes.history_of(unit)),
    }
    return values | changes


def edit(client, unit: Unit, **changes):
    return client.post(reverse("unit_edit", args=[unit.code]), fields(unit, **changes))


def attributed(unit: Unit) -> int:
    return YearStanding.read(2021, datetime.date(2021, 12, 31)).responsible_of(unit.pk).attributed


class TestLookingUp:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", ["D06", "S01", "T01", "T02", "U01"]),
            ("text=临江", ["S01", "T01", "U01"]),
            ("text=s0", ["S01"]),
            ("text=12330282mb0000001l", ["S01"]),
            ("kind=town", ["T01", "T02"]),
            ("active=no", ["T02"]),
            ("active=yes", ["D06", "S01", "T01", "U01"]),
            ("kind=nonsense", ["D06", "S01", "T01", "T02", "U01"]),
        ],
    )
    def test_units_are_found_by_words_kind_and_use(self, client, admin, city, query, found):
        Unit.objects.filter(code="T02").update(active=False)
        Unit.objects.filter(code="S01").update(uscc="12330282MB0000001L")
        assert codes(client, query) == found

    def test_units_are_found_by_supervisor_and_by_place_with_their_unions(self, client, admin, city):
        assert codes(client, f"supervisor={city['bureau'].pk}") == ["S01", "U01"]
        assert codes(client, f"town={city['old'].pk}") == ["S01", "U01"]

    def test_a_person_looks_up_only_units_of_their_own(self, client, city):
        client.force_login(make_user("clerk", Role.CLERK, city["school"]))
        assert codes(client) == ["S01", "U01"]
        client.force_login(make_user("town", Role.TOWN, city["new"]))
        assert codes(client) == ["T02"]
        assert "远山镇" not in client.get(f"{reverse('units')}?text=临江").content.decode().split("<main")[1]

    def test_it_counts_kinds_and_turns_pages(self, client, admin, city):
        for number in range(60):
            make_unit(f"E{number:02}", Kind.ENTERPRISE)
        response = client.get(reverse("units"))
        assert ("企业", 60) in response.context["counts"] and ("学校", 1) in response.context["counts"]
        assert len(response.context["page"]) == 50
        assert codes(client, "page=2")[-1] == "U01"

    def test_who_may_change_units_finds_the_way_there(self, client, city, admin):
        assert reverse("unit_edit", args=["S01"]) in client.get(reverse("units")).content.decode()
        assert reverse("unit_new") in client.get(reverse("units")).content.decode()
        client.force_login(make_user("clerk", Role.CLERK, city["school"]))
        page = client.get(reverse("units")).content.decode()
        assert "/edit/" not in page and reverse("unit_new") not in page
        assert reverse("unit", args=["S01"]) in page

    def test_the_pages_ask_the_database_little(self, client, city, django_assert_max_num_queries):
        client.force_login(make_user("bureau", Role.BUREAU, make_unit("D01", name="市商务局")))
        unit = city["school"]
        edit(client, unit, name="改名小学")
        client.get(reverse("units"))  # the session's own first write
        for address in (reverse("units") + "?text=临江&kind=school", reverse("unit_edit", args=["S01"])):
            with django_assert_max_num_queries(12):
                assert client.get(address).status_code == 200


class TestAdding:
    NEW = {"code": "s09", "name": "新小学", "kind": "school", "uscc": "", "affiliation": "", "host": ""}

    def test_a_new_unit_is_there_with_its_links_from_the_beginning(self, client, admin, city):
        data = self.NEW | {"town": city["old"].pk, "supervisor": city["bureau"].pk, "affiliation": "city"}
        response = client.post(reverse("unit_new"), data)
        unit = Unit.objects.get(code="s09")
        assert response.url == reverse("unit_edit", args=["s09"])
        assert (unit.town, unit.supervisor, unit.affiliation) == (city["old"], city["bureau"], "city")
        assert UnitLink.objects.get(unit=unit).from_the_beginning
        event = AuditEvent.objects.get(action="新增单位")
        assert (event.actor, event.detail["after"]["name"]) == ("admin", "新小学")

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ({"code": "S01"}, "已被使用"),
            ({"code": "新"}, "由字母、数字"),
            ({"code": "new"}, "由字母、数字"),
            ({"code": "a/b"}, "由字母、数字"),
            ({"name": " "}, "请填写单位名称"),
            ({"kind": ""}, "请选择单位类别"),
            ({"uscc": "123"}, "应为 18 位"),
            ({"host": "S01"}, "只有基层工会填写所属单位"),
            ({"kind": "union", "host": "没有的"}, "没有编码或名称为“没有的”的单位"),
            ({"kind": "union", "host": "U01"}, "没有编码或名称为“U01”的单位"),
            ({"town": "D06"}, "所在镇街没有“D06”这个选项"),
        ],
    )
    def test_what_makes_no_sense_is_said_at_its_field_and_nothing_stored(
        self, client, admin, city, values, said
    ):
        response = client.post(reverse("unit_new"), self.NEW | values)
        assert response.status_code == 422 and said in response.content.decode()
        assert Unit.objects.count() == 5

    def test_a_host_may_be_named_by_name_code_or_both(self, client, admin, city):
        for number, host in enumerate(("S01", "临江小学", "S01 临江小学", "Ｓ０１"), start=1):
            data = self.NEW | {"code": f"U9{number}", "kind": "union", "host": host}
            assert client.post(reverse("unit_new"), data).status_code == 302, host
            assert Unit.objects.get(code=f"U9{number}").host == city["school"]

    def test_only_the_system_administrator_adds_units(self, client, city):
        for role in (Role.BUREAU, Role.CLERK, Role.SECURITY_ADMIN, Role.LEAD):
            client.force_login(make_user(role, role, city["bureau"]))
            assert client.get(reverse("unit_new")).status_code == 404
            assert client.post(reverse("unit_new"), self.NEW).status_code == 404
        assert Unit.objects.count() == 5


class TestChanging:
    @pytest.fixture(autouse=True)
    def bought(self, city):
        make_purchase(city["school"], line("100.00"), date="2021-03-01", number="A")
        make_purchase(city["union"], line("20.00"), date="2021-08-01", number="B")

    def confirmed(self, client, unit, **changes):
        """Through the page that shows what moves."""
        preview = edit(client, unit, **changes)
        assert preview.status_code == 200, preview.content.decode()
        data = fields(unit, **changes) | {"confirm": preview.context["prospect"].token}
        return client.post(reverse("unit_edit", args=[unit.code]), data)

    def test_a_new_name_is_saved_at_once(self, client, admin, city):
        response = edit(
            client, city["school"], name="临江中心小学", uscc="１２３３０２８２ＭＢ０００００１Ｌ" + "X"
        )
        assert response.url == reverse("unit_edit", args=["S01"])
        city["school"].refresh_from_db()
        assert city["school"].name == "临江中心小学"
        event = AuditEvent.objects.get(action="修改单位")
        assert (event.detail["before"]["name"], event.detail["after"]["name"]) == ("临江小学", "临江中心小学")
        page = client.get(reverse("unit_edit", args=["S01"])).content.decode()
        assert "单位名称：临江小学 → 临江中心小学" in page

    def test_changed_links_must_say_from_which_day_on(self, client, admin, city):
        response = edit(client, city["school"], town=city["new"].pk)
        assert response.status_code == 422 and "请选择从何日起" in response.content.decode()
        response = edit(client, city["school"], town=city["new"].pk, scope="day")
        assert response.status_code == 422 and "请填写从哪一天起" in response.content.decode()

    def test_the_preview_says_which_figures_move_and_changes_nothing(self, client, admin, city):
        response = edit(client, city["school"], town=city["new"].pk, scope="beginning")
        page = response.content.decode()
        ((year, rows),) = response.context["moved_years"]
        assert '<option value="2021" selected>2021 年度</option>' in page
        assert year == 2021
        assert {(row.unit, row.before, row.after, row.by) for row in rows} == {
            ("临江镇", 120_00, 0, -120_00),
            ("远山镇", 0, 120_00, 120_00),
        }
        assert "2</strong> 行采购明细" in page and "+120.00" in page and "最初" in page
        city["school"].refresh_from_db()
        assert city["school"].town == city["old"]
        assert not AuditEvent.objects.filter(action="修改单位").exists()
        assert attributed(city["old"]) == 120_00

    def test_a_correction_moves_everything_from_the_beginning(self, client, admin, city):
        response = self.confirmed(client, city["school"], town=city["new"].pk, scope="beginning")
        assert response.status_code == 302
        assert (attributed(city["old"]), attributed(city["new"])) == (0, 120_00)
        assert UnitLink.objects.filter(unit=city["school"]).count() == 1
        assert list(tallies.differences()) == []
        assert "更正：自最初起" in client.get(response.url).content.decode()

    def test_a_kind_is_corrected_for_all_years_and_never_from_a_day_on(self, client, admin, city):
        school = city["school"]
        page = edit(client, school, kind=Kind.HOSPITAL, scope="day", since="2021-07-01")
        assert "单位类别对各年一并生效，不能只从某日起" in page.content.decode()
        school.refresh_from_db()
        assert school.kind == Kind.SCHOOL
        assert self.confirmed(client, school, kind=Kind.HOSPITAL, scope="beginning").status_code == 302
        school.refresh_from_db()
        assert school.kind == Kind.HOSPITAL and list(tallies.differences()) == []

    def test_a_move_from_a_day_on_leaves_what_was_bought_before(self, client, admin, city):
        response = self.confirmed(
            client, city["school"], town=city["new"].pk, scope="day", since="2021-07-01"
        )
        assert (attributed(city["old"]), attributed(city["new"])) == (100_00, 20_00)
        page = client.get(response.url).content.decode()
        assert "最初" in page and "2021-07-01" in page and "自 2021-07-01 起" in page
        event = AuditEvent.objects.get(action="修改单位")
        assert event.detail["before"]["town_id"] == city["old"].pk
        assert event.detail["after"]["town_id"] == city["new"].pk
        assert event.detail["moved_lines"] == 1

    def test_nothing_is_done_when_the_figures_moved_after_the_preview(self, client, admin, city):
        change = {"town": city["new"].pk, "scope": "beginning"}
        token = edit(client, city["school"], **change).context["prospect"].token
        make_purchase(city["school"], line("7.00"), date="2021-09-01", number="C")
        data = fields(city["school"], **change) | {"confirm": token}
        response = client.post(reverse("unit_edit", args=["S01"]), data)
        assert response.status_code == 409 and "预览之后数据有了变化" in response.content.decode()
        assert attributed(city["old"]) == 127_00
        again = data | {"confirm": response.context["prospect"].token}
        assert client.post(reverse("unit_edit", args=["S01"]), again).status_code == 302
        assert attributed(city["new"]) == 127_00

    def test_another_change_cannot_be_slipped_in_behind_the_preview(self, client, admin, city):
        token = edit(client, city["school"], town=city["new"].pk, scope="beginning").context["prospect"].token
        data = fields(city["school"], affiliation=Affiliation.CITY, scope="beginning") | {"confirm": token}
        assert client.post(reverse("unit_edit", args=["S01"]), data).status_code == 409
        city["school"].refresh_from_db()
        assert city["school"].affiliation == ""

    def test_somebody_elses_change_meanwhile_is_not_overwritten(self, client, admin, city):
        stale = fields(city["school"], name="甲")
        edit(client, city["school"], name="乙")
        response = client.post(reverse("unit_edit", args=["S01"]), stale)
        assert response.status_code == 409 and "刚刚被他人修改过" in response.content.decode()
        moving = stale | {"name": "临江小学", "town": city["new"].pk, "scope": "beginning"}
        response = client.post(reverse("unit_edit", args=["S01"]), moving)
        assert response.status_code == 409
        assert response.content.decode().count("刚刚被他人修改过") == 1
        city["school"].refresh_from_db()
        assert (city["school"].name, city["school"].town) == ("乙", city["old"])

    def test_going_back_keeps_what_was_typed(self, client, admin, city):
        data = fields(city["school"], town=city["new"].pk, scope="day", since="2021-07-01") | {"back": "1"}
        page = client.post(reverse("unit_edit", args=["S01"]), data).content.decode()
        assert f'<option value="{city["new"].pk}" selected>' in page and 'value="2021-07-01"' in page

    def test_a_closed_year_is_not_moved(self, client, admin, city):
        YearLock.objects.create(year=2021, locked_by="bureau", locked_at="2022-01-10T00:00:00+08:00")
        response = edit(client, city["school"], town=city["new"].pk, scope="beginning")
        assert response.status_code == 422 and "2021 年度已于" in response.content.decode()
        assert self.confirmed(client, city["school"], town=city["new"].pk, scope="day", since="2022-01-01")
        assert attributed(city["old"]) == 120_00
        response = edit(client, city["school"], kind=Kind.HOSPITAL, scope="beginning")
        assert response.status_code == 422 and "2021 年度已于" in response.content.decode()

    @pytest.mark.parametrize(
        ("code", "changes", "said"),
        [
            ("S01", {"scope": "day", "since": "2999-01-01", "affiliation": "city"}, "起始日不能晚于今天"),
            ("S01", {"scope": "day", "since": "x", "affiliation": "city"}, "应是日期，如"),
            ("T01", {"scope": "beginning", "kind": "school"}, "还有 1 个单位以它为所在镇街"),
            ("T01", {"scope": "beginning", "town": "self"}, "不能填本单位自己"),
            ("S01", {"scope": "beginning", "kind": "union"}, "还有 1 个单位以它为所属单位"),
        ],
    )
    def test_a_change_that_makes_no_sense_is_refused_in_words(self, client, admin, city, code, changes, said):
        unit = Unit.objects.get(code=code)
        changes = {name: unit.pk if value == "self" else value for name, value in changes.items()}
        response = edit(client, unit, **changes)
        assert response.status_code == 422 and said in response.content.decode()

    def test_a_unit_out_of_use_keeps_its_figures_and_records_no_more(self, client, admin, city):
        assert edit(client, city["school"], active="").status_code == 302
        assert attributed(city["old"]) == 120_00
        client.force_login(make_user("clerk", Role.CLERK, city["school"]))
        assert client.get("/purchases/new/?unit=S01").status_code == 404

    def test_who_runs_the_canteen_is_kept_with_its_day(self, client, city, admin):
        school = city["school"]
        answer = edit(client, school, canteen_operator="", canteen_operator_since="2021-03-01")
        assert answer.status_code == 422 and "请同时填写承包单位名称" in answer.content.decode()
        told = {"canteen_operator": "某餐饮公司", "canteen_operator_since": "2021-03-01"}
        assert edit(client, school, **told).status_code == 302
        school.refresh_from_db()
        assert (school.canteen_operator, str(school.canteen_operator_since)) == ("某餐饮公司", "2021-03-01")
        page = client.get(reverse("unit_edit", args=[school.code])).content.decode()
        assert 'value="某餐饮公司"' in page and "→ 某餐饮公司" in page

    def test_the_bureau_may_change_units_and_others_may_not(self, client, city):
        make_base(city["school"], headcount=1)
        for role, status in ((Role.BUREAU, 302), (Role.LEAD, 404), (Role.CLERK, 404), (Role.AUDITOR, 404)):
            client.force_login(make_user(role, role, city["school"]))
            assert edit(client, city["school"], name=f"{role}小学").status_code == status, role
        city["school"].refresh_from_db()
        assert city["school"].name == "bureau小学"
        assert YearBase.objects.count() == 1

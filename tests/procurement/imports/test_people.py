"""用户: accounts and the roles asked for from a workbook, then the slips, printed once."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.errors import NotAllowed, Refused
from cixi_xiezuo.jobs import work
from cixi_xiezuo.jobs.models import Job, State
from procurement.imports import Rejected
from procurement.imports.people import load_people
from procurement.models import Import
from tests.factories import make_unit, make_user
from tests.workbooks import workbook
from units import roles, slips
from units.kinds import Kind
from units.models import Role, RoleRequest, Unit, User

pytestmark = pytest.mark.django_db
HEAD = ("用户名", "姓名", "单位编码", "角色")


@pytest.fixture
def sysadmin():
    make_unit("S01", Kind.SCHOOL, "临江小学")
    make_unit("T01", Kind.TOWN, "临江镇")
    return make_user("sysadmin", Role.SYSTEM_ADMIN, make_unit("D09", name="市档案局"))


def loaded(*rows, by=None):
    return str(load_people(workbook(HEAD, rows), by=by))


def asked():
    return sorted(RoleRequest.objects.values_list("user__username", "unit__code", "role"))


def test_people_are_made_without_a_password_and_their_roles_are_asked_for(sysadmin, client):
    rows = [("lihua", "李华", "S01", "经办人"), ("lihua", "李华", "S01 临江小学", "单位负责人")]
    rows += [("wangwei", "王伟", "T01", "镇街审核")]
    assert loaded(*rows, by=sysadmin) == "用户: 新增 2, 更新 0, 未变 0"
    assert asked() == [("lihua", "S01", "clerk"), ("lihua", "S01", "head"), ("wangwei", "T01", "town")]
    lihua = User.objects.get(username="lihua")
    assert not lihua.has_usable_password() and lihua.must_change_password and not lihua.memberships.exists()
    assert client.post("/login/", {"username": "lihua", "password": lihua.password}).status_code == 200
    assert loaded(*rows, by=sysadmin) == "用户: 新增 0, 更新 0, 未变 2"
    assert AuditEvent.objects.filter(action="新建用户").count() == 2
    assert AuditEvent.objects.filter(action="导入用户").count() == 1


def test_who_is_there_already_gets_a_name_and_roles_and_keeps_the_password(sysadmin):
    clerk = make_user("lihua", Role.CLERK, Unit.objects.get(code="S01"))
    said = loaded(("lihua", "李桦", "S01", "经办人"), ("lihua", "李桦", "T01", "镇街审核"), by=sysadmin)
    assert said == "用户: 新增 0, 更新 1, 未变 0"
    clerk.refresh_from_db()
    assert clerk.display_name == "李桦" and clerk.check_password("lihua")
    assert asked() == [("lihua", "T01", "town")]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("a b", "李华", "S01", "经办人")], "用户名只能包含文字、数字和 @ . + - _"),
        ([("Clerk", "李华", "S01", "经办人")], "已有用户“clerk”，用户名不能只有大小写不同"),
        ([("gone", "李华", "S01", "经办人")], "该用户已停用"),
        ([("lihua", "李华", "S09", "经办人")], "没有这个编码的单位"),
        ([("lihua", "李华", "S01", "局长")], "应为 经办人、"),
        ([("lihua", "李华", "S01", "镇街审核")], "镇街审核只能授予镇、街道、管委会的人员"),
        ([("lihua", "李华", "S01", "经办人"), ("lihua", "王伟", "S01", "单位负责人")], "与第 3 行同一用户名的姓名"),
        ([("lihua", "李华", "D09", "审计员"), ("lihua", "李华", "S01", "经办人")], "不能兼任业务角色"),
        ([("clerk", "clerk", "D09", "系统管理员")], "也不能兼任业务角色"),
        ([("lihua", "李华", "S02", "经办人")], "已停用，不能授予角色"),
    ],
)  # fmt: skip
def test_a_bad_row_is_told_and_nothing_is_stored(sysadmin, rows, said):
    make_user("clerk", Role.CLERK, Unit.objects.get(code="S01"))
    User.objects.filter(pk=make_user("gone").pk).update(is_active=False)
    Unit.objects.filter(pk=make_unit("S02").pk).update(active=False)
    before = User.objects.count()
    with pytest.raises(Rejected, match=re.escape(said)):
        loaded(("wangwei", "王伟", "T01", "镇街审核"), *rows, by=sysadmin)
    assert User.objects.count() == before and not asked()


def test_it_is_the_system_administrators(sysadmin):
    bureau = make_user("bureau", Role.BUREAU, make_unit("D01"))
    with pytest.raises(NotAllowed):
        loaded(("lihua", "李华", "S01", "经办人"), by=bureau)
    with pytest.raises(NotAllowed):
        slips.issue([bureau.pk], by=bureau)


def test_from_the_workbook_to_a_slip_that_opens_once(sysadmin, client):
    client.force_login(sysadmin)
    text = "\n".join("\t".join(row) for row in [HEAD, ("lihua", "李华", "S01", "经办人")])
    client.post(reverse("imports"), {"kind": "people", "text": text})
    found = Import.objects.get()
    for _ in range(2):
        for job in Job.objects.filter(state=State.WAITING):
            work.run(job.pk)
        found.refresh_from_db()
        client.post(reverse("import_confirm", args=[found.pk]), {"digest": found.digest})
    page = client.get(reverse("import", args=[found.pk])).content.decode()
    assert "已导入：用户: 新增 1" in page and "/people/?state=first" in page
    lihua = User.objects.get(username="lihua")
    listed = client.get("/people/?state=first").content.decode()
    assert f'name="pick" value="{lihua.pk}"' in listed and f'value="{sysadmin.pk}"' not in listed
    printed = client.post("/people/slips/", {"pick": [str(lihua.pk)]})
    assert "no-store" in printed["Cache-Control"]
    (password,) = re.findall(r"\b\w{4}-\w{4}-\w{4}\b", printed.content.decode())
    stored = "".join(str(event.detail) for event in AuditEvent.objects.all())
    assert password not in stored and password not in client.get("/people/?state=first").content.decode()
    other = Client()
    assert other.post("/login/", {"username": "lihua", "password": password}).url == "/"
    assert other.get("/", follow=True).redirect_chain[-1][0] == "/password/"


def test_slips_are_for_those_who_have_no_password_of_their_own_and_not_for_too_many(sysadmin):
    clerk = make_user("clerk", Role.CLERK, Unit.objects.get(code="S01"))
    loaded(("lihua", "李华", "S01", "经办人"))
    lihua = User.objects.get(username="lihua")
    with pytest.raises(Refused, match="已设定自己的密码"):
        slips.issue([lihua.pk, clerk.pk], by=sysadmin)
    with pytest.raises(Refused, match="一次最多生成 100 张"):
        slips.issue(range(101), by=sysadmin)
    with pytest.raises(Refused, match="请先勾选"):
        slips.issue([], by=sysadmin)
    first, second = slips.issue([lihua.pk], by=sysadmin), slips.issue([lihua.pk], by=sysadmin)
    lihua.refresh_from_db()
    assert not lihua.check_password(first[0].password) and lihua.check_password(second[0].password)


def test_a_role_asked_for_by_workbook_is_granted_like_any_other(sysadmin):
    loaded(("lihua", "李华", "S01", "经办人"))
    request = RoleRequest.objects.get()
    roles.grant_role(request.user, request.unit, request.role, by=None)
    assert loaded(("lihua", "李华", "S01", "经办人")) == "用户: 新增 0, 更新 0, 未变 1"

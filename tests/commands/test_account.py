"""`account`: the first people of a new site."""

import re

import pytest

from tests.factories import make_unit, make_user
from units.models import Role, User

pytestmark = pytest.mark.django_db


def test_a_new_site_has_nobody_and_the_first_is_made_here(run):
    assert not User.objects.exists()
    make_unit("D09")
    outcome = run("account", "add", "guanli", "管理员甲", "--unit", "D09", "--role", "security_admin")
    assert outcome.code == 0, outcome.err
    user = User.objects.get(username="guanli")
    assert user.check_password(re.search(r"初始密码 (\S+)", outcome.out)[1]) and user.must_change_password
    assert list(user.memberships.values_list("role", flat=True)) == [Role.SECURITY_ADMIN]


def test_a_lost_password_is_reset(run):
    make_user("guanli")
    outcome = run("account", "reset", "guanli")
    assert User.objects.get().check_password(re.search(r"初始密码 (\S+)", outcome.out)[1])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", "guanli"], "姓名"),
        (["add", "guanli", "甲", "--unit", "D09"], "单位和角色"),
        (["add", "guanli", "甲", "--unit", "X99", "--role", "clerk"], "X99"),
        (["add", "a b", "甲"], "用户名"),
        (["reset", "nobody"], "没有用户"),
        (["drop", "guanli"], "add"),
    ],
)
def test_what_makes_no_sense_is_said_and_nothing_is_stored(run, arguments, said):
    outcome = run("account", *arguments)
    assert outcome.code == 1 and said in outcome.err and "Traceback" not in outcome.err
    assert not User.objects.exists()

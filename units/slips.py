"""账户单: many people's first passwords at once, to be printed, cut and handed out. They are stored nowhere.

People who come from a workbook have no password at all until their slip is made: what a background task makes would
have to be kept somewhere until it is printed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from cixi_xiezuo import audit
from cixi_xiezuo.errors import Refused
from units.accounts import Slip, first_password, require_new_name
from units.models import Role, User
from units.roles import require

MOST = 100
"""Slips at once: each password is hashed on purpose slowly."""


def waiting(people: QuerySet[User]) -> QuerySet[User]:
    """Those who have not yet set a password of their own: a slip may be made for them, anew too."""
    return people.filter(is_active=True, must_change_password=True)


@transaction.atomic
def add_people(names: Iterable[tuple[str, str]], *, by: Any) -> list[User]:
    """新建用户 by the dozen, (user name, name) each: nobody can log in until their slip is made."""
    require(by, Role.SYSTEM_ADMIN, "新建用户")
    made = []
    for username, name in names:
        require_new_name(username, name)
        user = User(username=username, display_name=name, must_change_password=True)
        user.set_unusable_password()
        made.append(user)
    User.objects.bulk_create(made, batch_size=200)
    for user in made:
        audit.record("新建用户", by=by, subject=f"用户 {user.username}", name=user.display_name)
    return made


@transaction.atomic
def issue(people: Iterable[int], *, by: Any) -> list[Slip]:
    """生成账户单 for people by their ids, each with a new first password; a password given before opens nothing more.

    Raises Refused for nobody, for too many, and where one of them has set a password of their own already.
    """
    require(by, Role.SYSTEM_ADMIN, "生成账户单")
    asked = set(people)
    if not asked:
        raise Refused("请先勾选要生成账户单的用户")
    if len(asked) > MOST:
        raise Refused(f"一次最多生成 {MOST} 张账户单，请分批生成")
    users = list(waiting(User.objects.select_for_update().filter(pk__in=asked)).order_by("username"))
    if len(users) != len(asked):
        raise Refused("勾选的用户中有人已设定自己的密码或已停用，请刷新后重新勾选；需要的可逐个重置密码")
    slips = []
    for user in users:
        slips.append(Slip(user.username, str(user), first_password()))
        user.give_first_password(slips[-1].password)
        audit.record("生成账户单", by=by, subject=f"用户 {user.username}")
    return slips

"""Load the demonstration year into an empty database, all of it or nothing.

Another app adds its own in a module `demo_rows`: load(units by code, users by user name).
"""

from __future__ import annotations

from random import Random

from django.conf import settings
from django.db import transaction

from assessment.demo import inbox, people, year
from assessment.demo.data import YEAR, World
from assessment.demo.store import Store
from assessment.demo.units import create_bases, create_units
from assessment.reference import load_reference
from cixi_xiezuo import audit
from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.parts import modules
from procurement.models import Receipt
from units.models import Unit, User

LOADED = "装载演示数据"


def load_demo() -> str:
    """Load the demo and say what is there now; where it is loaded already, change nothing.

    Raises Refused outside of a demonstration, and where there are other units.
    """
    require_demo()
    if AuditEvent.objects.filter(action=LOADED).exists():
        return "演示数据已装载，未作改动"
    if Unit.objects.exists() or User.objects.exists():
        raise Refused("数据库中已有单位或用户，演示数据只能装入空库，以免与真实数据混在一起")
    world = World()
    with transaction.atomic():
        load_reference()
        units = create_units(world)
        create_bases(world, units)
        users = people.create_people(units)
        buys = year.purchases(world)
        Store(world, units, users, Random(year.SEED)).save(buys)  # noqa: S311 (invented data, not secrets)
        for module in modules("demo_rows"):
            module.load(units, users)
        audit.record(LOADED, by=None, subject=f"{YEAR} 年度演示数据", units=len(units), purchases=len(buys))
    waiting = inbox.write(world)
    files = Receipt.objects.filter(file__isnull=False).count()
    return (
        f"演示数据: 单位 {len(units)}, 采购 {len(buys)}, 电子发票文件 {files}, 账号 {len(users)}；"
        f"另有 {len(waiting)} 张可拖入试用的电子发票在 {inbox.folder()}"
    )


def logins() -> list[tuple[str, str, str, str]]:
    """(role, user name, password, who), at least one a role. Raises Refused outside of a demonstration."""
    require_demo()
    return people.described(World())


def require_demo() -> None:
    if not settings.DEMO:
        raise Refused("演示数据和演示账号只用于演示环境；如确为演示，请设置环境变量 DEMO=1 后再试")

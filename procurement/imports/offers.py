"""What the columns of a template offer to choose from."""

from __future__ import annotations

from typing import Any

from procurement.choices import Channel, Holiday, Use
from procurement.imports.kinds import Kind
from procurement.imports.purchases.columns import LOADABLE
from procurement.models import Region
from units.kinds import ANSWERING, PLACES, Affiliation, Canteen
from units.kinds import Kind as UnitKind
from units.models import Role, Unit
from units.scope import Scope


def offers(kind: Kind, user: Any) -> dict[str, list[str]]:
    """What each column offers, by its name. Units are those in the person's scope."""
    if kind.words is not None:
        return kind.words.offers(user)
    every = Unit.objects.filter(active=True).order_by("code")
    links = [unit for unit in every if unit.kind in ANSWERING] if kind.slug == "units" else []
    seen = [] if kind.slug == "units" else _units(kind, user)
    lists = {
        "单位类别": UnitKind.labels,
        "隶属层级": Affiliation.labels,
        "食堂情况": Canteen.labels,
        "宁波名单企业": ["是", "否"],
        "采购渠道": Channel.labels,
        "用途": Use.labels,
        "法定节日": Holiday.labels,
        "状态": list(LOADABLE),
        "角色": Role.labels,
        "产地": list(Region.objects.order_by("code").values_list("name", flat=True)),
        "单位编码": [f"{unit.code} {unit.name}" for unit in seen],
        "共用代表单位编码": [f"{unit.code} {unit.name}" for unit in seen],
        "主管部门编码": [f"{unit.code} {unit.name}" for unit in links],
        "所在镇街编码": [f"{unit.code} {unit.name}" for unit in links if unit.kind in PLACES],
    }
    return {
        column.name: [str(each) for each in lists[column.name]]
        for column in kind.columns
        if lists.get(column.name)
    }


def _units(kind: Kind, user: Any) -> list[Unit]:
    scope = Scope.of(user)
    if kind.slug == "people":
        units = scope.manageable()
    elif kind.slug == "purchases":
        units = scope.visible() if scope.everything else scope.recordable() | scope.reviewable()
    elif kind.slug == "bases":
        units = scope.reviewable()
    else:
        units = scope.visible()
    return list(units.filter(active=True).order_by("code").distinct())

"""认领与协议: adopted land, projects, purchase agreements, 万企兴万村, member schemes — 第四部分（二）."""

from initiatives.kinds.base import Field, Kind, Sort, Verb

SORTS = (
    "认领土地",
    "认领经济林",
    "认领养殖场",
    "种养加项目",
    "订销协议",
    "万企兴万村",
    "积分换购",
    "满赠满减",
    "其他",
)
KIND = Kind(
    slug="pledge",
    title="认领与协议",
    clause="第四部分（二）第一、二段",
    about="认领、项目、订销协议和激励机制。履约额为所关联采购的核定金额。",
    icon="user-check",
    due=True,
    lasting=True,
    words={"starts": "签订日期", "ends": "到期日期"},
    fields=(
        Field("sort", "类别", Sort.CHOICE, required=True, choices=SORTS),
        Field("parties", "双方", required=True),
        Field("promised", "协议金额（元）", Sort.MONEY, hint="约定的数额；履约额由关联的采购得出"),
    ),
    verbs=(
        Verb("finish", "完成", ("open",), "done"),
        Verb("resume", "重新进行", ("done", "cancelled"), "open", reason=True),
        Verb("cancel", "取消", ("open",), "cancelled", reason=True, cuts=True),
    ),
)

"""外贸: goods of 布拖 sold abroad, joint business, training — 第四部分（四）第二段."""

from initiatives.kinds.base import Field, Kind, Sort

KIND = Kind(
    slug="trade",
    title="外贸帮扶",
    clause="第四部分（四）第二段",
    about="采购布拖产品外销、联合开展对外业务、外贸人才培养。金额为所关联采购的核定金额。",
    icon="building",
    fields=(
        Field(
            "sort",
            "形式",
            Sort.CHOICE,
            required=True,
            choices=("产品外销", "合作开展对外业务", "外贸人才培养", "其他"),
        ),
        Field("partner", "合作企业"),
        Field("market", "销往国家或地区"),
        Field("trained", "培训人次", Sort.COUNT),
    ),
)

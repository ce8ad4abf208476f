"""活动: fairs, the five doors, matching producers with buyers, livestreams, promotion — 第四部分（一）（三）（四）."""

from initiatives.kinds.base import Field, Kind, Sort

SORTS = (
    "展销会", "农博会", "中国农民丰收节", "进机关", "进企业", "进学校", "进医院", "进社区",
    "产销对接", "直播带货", "宣传推介", "旅游线路推介", "慈善一日捐", "其他",
)  # fmt: skip
KIND = Kind(
    slug="activity",
    title="活动",
    clause="第四部分（一）第一段、（三）第二、三段、（四）第一段",
    about="展会、“五进”、产销对接、直播带货和宣传推介。销售额为所关联采购的核定金额。",
    icon="building",
    words={"title": "活动名称"},
    fields=(
        Field("sort", "活动类别", Sort.CHOICE, required=True, choices=SORTS),
        Field("regions", "其他地区", hint="涉及几个地区时，上面选主要的一个，其余写在这里，用、隔开"),
        Field("place", "地点"),
        Field("organisers", "主办单位"),
        Field("products", "展示产品"),
        Field("booths", "免费展位（个）", Sort.COUNT),
        Field("media", "媒体报道", hint="媒体名称或网址，几个用空格隔开；网址可在页面上点开"),
    ),
)

"""渠道网点: counters, cabinets, zones and shops that sell the paired regions' goods — 第四部分（三）第一段、（四）第一段."""

from initiatives.kinds.base import OPEN, Field, Kind, Sort, State, Verb

SORTS = ("专柜", "专区", "智能柜", "农行慈溪专区", "帮扶专卖店", "体验店", "电商平台店铺", "其他")
KIND = Kind(
    slug="outlet",
    title="渠道网点",
    clause="第四部分（三）第一段、（四）第一段",
    about="专柜、专区、智能柜和帮扶专卖店。销售额登记为商务帮扶采购，在此关联。",
    icon="shopping-cart",
    lasting=True,
    words={"title": "网点名称", "starts": "开办日期", "ends": "停办日期"},
    fields=(
        Field("sort", "网点类别", Sort.CHOICE, required=True, choices=SORTS),
        Field("town", "所在镇街", Sort.PLACE, hint="线上网点不选", dated=True),
        Field("place", "地址或网址", dated=True),
        Field("operator", "经营者", dated=True),
    ),
    states=(OPEN, State("closed", "已停办", "void")),
    verbs=(
        Verb("close", "停办", ("open",), "closed", reason=True, cuts=True),
        Verb("reopen", "恢复", ("closed",), "open", reason=True),
    ),
)

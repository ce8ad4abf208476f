"""Activities, outlets, agreements and foreign trade, with purchases linked to some."""

from __future__ import annotations

import datetime

from django.utils import timezone

from assessment.demo.data import YEAR
from initiatives import records
from initiatives.models import Part
from initiatives.records import Content
from procurement.choices import Status, Use
from procurement.models import Purchase, Region
from units.models import Unit

SCHEME = "会员每满 100 积分可换购一份结对地区产品。"
TRAINED = {"sort": "外贸人才培养", "partner": "演示供销公司", "trained": 40}
DAYS = [datetime.date(YEAR, month, 12) for month in range(1, 13)]


def load(units: dict[str, Unit]) -> None:
    lead, place, school = units["D01"], units["T01"], units["S01"]
    both = {lead: Part.LEAD.value, place: Part.RESPONSIBLE.value}
    origin = Region.objects.get(name="布拖县")
    fair = {"sort": "农博会", "place": "会展中心", "organisers": "市商务局", "booths": 12}
    made = [
        records.create_record(kind, unit, content, by=None)
        for kind, unit, content in (
            (
                "activity",
                lead,
                Content("秋季农博会", DAYS[9], DAYS[9], origin, "设结对地区展区。", fair, both),
            ),
            ("activity", place, Content("进机关集中展销", DAYS[4], None, origin, "", {"sort": "进机关"})),
            ("activity", lead, Content("直播带货专场", DAYS[7], None, origin, "", {"sort": "直播带货"})),
            (
                "outlet",
                place,
                Content("中心菜场专柜", DAYS[2], None, origin, "", _outlet("专柜", place.name)),
            ),
            ("outlet", lead, Content("农行慈溪专区", DAYS[3], None, origin, "", _outlet("农行慈溪专区", ""))),
            ("pledge", lead, Content("马铃薯订销协议", DAYS[1], DAYS[11], origin, "", _pledge("订销协议"))),
            ("pledge", place, Content("认领经济林", DAYS[2], DAYS[11], origin, "", _pledge("认领经济林"))),
            ("trade", lead, Content("苦荞茶试销", DAYS[5], None, origin, "", {"sort": "产品外销"})),
            (
                "outlet",
                school,
                Content("校园智能柜", DAYS[2], None, origin, "", _outlet("智能柜", place.name)),
            ),
            ("pledge", school, Content("苹果基地认领", DAYS[2], _soon(), origin, "", _pledge("认领经济林"))),
            ("pledge", place, Content("万企兴万村结对", DAYS[3], _soon(), origin, "", _pledge("万企兴万村"))),
            ("pledge", lead, Content("会员积分换购", DAYS[4], DAYS[11], origin, SCHEME, _pledge("积分换购"))),
            ("trade", lead, Content("跨境电商培训", DAYS[6], DAYS[6], origin, "", TRAINED)),
        )
    ]
    sold = Purchase.objects.filter(status=Status.APPROVED, original=None, lines__use=Use.COMMERCE).distinct()
    shared = [record for record in made if record.unit != school and not record.data.get("trained")]
    for record, purchase in zip(shared, sold.order_by("number"), strict=False):
        records.link(record, purchase, by=None)


def _soon() -> datetime.date:
    """Near the day on which the demonstration is looked at."""
    return timezone.localdate() + datetime.timedelta(days=20)


def _outlet(sort: str, town: str) -> dict[str, str]:
    return {"sort": sort, "town": town, "place": "一层入口处" if town else "", "operator": "演示供销公司"}


def _pledge(sort: str) -> dict[str, str | int]:
    return {"sort": sort, "parties": "演示供销公司与演示合作社", "promised": 20_000_000}

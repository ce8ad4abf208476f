"""Complaints, the blacklist and inspections, in each of their states."""

from __future__ import annotations

import datetime

from django.db.models import Count, Q
from django.utils import timezone

from assessment.demo.data import YEAR
from initiatives.inspection import verbs as inspecting
from initiatives.inspection.models import Inspection, Outcome
from initiatives.market import blacklist, complaints
from initiatives.market.models import Complaint, ComplaintSort, Finding
from procurement.models import Supplier
from units.models import Unit, User

CLAUSE = "第五部分（三）"
FOUND = datetime.date(YEAR, 9, 8)
QUESTIONS = ("货物现在哪里，由谁签收？", "发票与到货数量是否一致？")


def load(units: dict[str, Unit], users: dict[str, User]) -> None:
    _complaints(units["S01"], users["clerk"], users["market"])
    _inspections(units["S01"], users["clerk"], users["oversight"])


def _complaints(unit: Unit, clerk: User, office: User) -> None:
    bought = Count("purchase", filter=Q(purchase__date__gte=FOUND))
    sold = Supplier.objects.annotate(bought=bought).filter(bought__gt=0).order_by("bought", "name")
    seller = sold[0].name  # few purchases come to be flagged

    def filed(sort: str, text: str, product: str) -> Complaint:
        return complaints.file_complaint(
            unit, complaints.Content(sort, seller, FOUND, text, product), by=clerk
        )

    filed(ComplaintSort.PRICE, "比同类产品贵三成以上。", "核桃")
    seen = filed(ComplaintSort.QUALITY, "到货时部分受潮。", "干香菇")
    complaints.inspect(seen, by=office, inspected_on=FOUND, inspection="已到场查看，抽样送检。")
    proven = filed(ComplaintSort.FALSE, "包装产地与发票不符。", "土豆粉")
    complaints.inspect(proven, by=office, inspected_on=FOUND, inspection="核对进货单，产地不符。")
    complaints.find(proven, by=office, finding=Finding.UPHELD, finding_text="进货单与包装产地不一致。")
    until = datetime.date(YEAR + 1, 9, 7)
    entry = blacklist.Entry(seller, FOUND, until, "以外地产品冒充结对地区产品", CLAUSE, complaint=proven)
    blacklist.add_to_blacklist(entry, by=office)
    complaints.close(proven, by=office, outcome="已退货退款，供应商列入黑名单。")
    other = filed(ComplaintSort.OTHER, "送货比约定晚一天。", "苦荞茶")
    complaints.decline(other, by=office, reason="送货时间由双方合同约定，请与供应商协商。")


def _inspections(unit: Unit, clerk: User, office: User) -> None:
    def opened(title: str) -> Inspection:
        return inspecting.open_inspection(
            unit, by=office, title=title, deadline=day, questions=QUESTIONS, text="按年度督查计划抽查。"
        )

    def answered(title: str) -> Inspection:
        found = opened(title)
        for question in found.questions.all():
            inspecting.answer(question, by=clerk, text="在食堂仓库，由食堂主任签收，数量一致。")
        return inspecting.hand_in(found, by=clerk)

    today = timezone.localdate()
    day = today + datetime.timedelta(days=10)
    opened("核对食堂采购台账")
    late = opened("核对节日慰问发放名单")
    Inspection.objects.filter(pk=late.pk).update(deadline=today - datetime.timedelta(days=3))
    answered("核对入库验收")
    wrong = answered("核对发票与实物")
    inspecting.find(wrong, by=office, outcome=Outcome.PROBLEM, finding="两张入库单缺签字。", deadline=day)
    right = answered("核对供应商资质")
    inspecting.find(right, by=office, outcome=Outcome.NONE, finding="资质齐全。")
    inspecting.close(right, by=office, closing="未发现问题，办结。")

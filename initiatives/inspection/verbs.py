"""What is done to an inspection: opened with questions, answered, found, put right, closed. Each verb is one transaction
with its word in the trail of the inspected unit. Refused (Chinese sentence) changes nothing; NotAllowed where it is not
the person's to do. A closed year holds none of it up.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed, Refused
from initiatives.inspection.models import OPEN, WITH_UNIT, Inspection, InspectionState, Outcome, Question
from initiatives.inspection.scope import answers, inspects
from initiatives.rights import offices
from procurement.models import Purchase
from units.models import Unit
from units.scope import Scope


def subject_of(inspection: Inspection) -> str:
    return f"督查 {inspection.pk}"


def note_act(action: str, inspection: Inspection, by: Any, **detail: Any) -> None:
    audit.record(action, by=by, subject=subject_of(inspection), stream=inspection.unit.code, **detail)


def locked(inspection: Inspection) -> Inspection:
    return Inspection.objects.select_for_update(of=("self",)).select_related("unit").get(pk=inspection.pk)


def lock_question(question: Question) -> Question:
    """Its inspection's row is the lock."""
    inspection = locked(question.inspection)
    found = Question.objects.get(pk=question.pk)
    found.inspection = inspection
    return found


def note_question(action: str, question: Question, by: Any, **detail: Any) -> None:
    note_act(action, question.inspection, by, number=str(question), **detail)


def require_office(by: Any) -> None:
    if not inspects(by):
        raise NotAllowed("只有市对口支援办可以督查")


def require_state(inspection: Inspection, states: Iterable[str], doing: str) -> None:
    if inspection.state not in states:
        raise Refused(f"督查“{inspection}”目前为“{inspection.get_state_display()}”，不能{doing}，请刷新页面")


def _held(inspection: Inspection, by: Any, states: Iterable[str], doing: str) -> Inspection:
    """For the office's verbs: the inspection, its row locked."""
    require_office(by)
    inspection = locked(inspection)
    require_state(inspection, states, doing)
    return inspection


def _answering(inspection: Inspection, by: Any, state: str, doing: str) -> Inspection:
    """For the unit's verbs."""
    inspection = locked(inspection)
    if not answers(by, inspection):
        raise NotAllowed("只有被督查单位的人员可以答复")
    require_state(inspection, [state], doing)
    return inspection


def _moved(inspection: Inspection, state: InspectionState) -> Inspection:
    inspection.state, inspection.changed_at = state, timezone.now()
    inspection.save()
    return inspection


def said(text: str, label: str) -> str:
    if not text.strip():
        raise Refused(f"请填写{label}")
    return text.strip()


def _coming(deadline: datetime.date | None) -> datetime.date:
    if deadline is None:
        raise Refused("请填写期限")
    if deadline < timezone.localdate():
        raise Refused(f"期限 {deadline} 早于今天，请核对")
    return deadline


def _ask(inspection: Inspection, questions: Iterable[str]) -> list[str]:
    texts = [text.strip() for text in questions if text.strip()]
    if not texts:
        raise Refused("请至少写一个问题")
    last = inspection.questions.aggregate(last=Max("position"))["last"] or 0
    Question.objects.bulk_create(
        Question(inspection=inspection, position=last + place, text=text)
        for place, text in enumerate(texts, start=1)
    )
    return texts


@transaction.atomic
def open_inspection(
    unit: Unit,
    *,
    by: Any,
    title: str,
    deadline: datetime.date,
    questions: Iterable[str],
    text: str = "",
    purchase: Purchase | None = None,
) -> Inspection:
    """发起督查 of a unit, or of one of its purchases. Nobody inspects the unit that they work for."""
    require_office(by)
    if by is not None and unit.pk in offices(Scope.of(by)):
        raise NotAllowed("不能督查本单位")
    if purchase is not None and purchase.unit_id != unit.pk:
        raise Refused(f"采购 {purchase.number} 不是“{unit}”的采购，请核对")
    inspection = Inspection.objects.create(
        unit=unit,
        purchase=purchase,
        title=said(title, "事项"),
        text=text.strip(),
        deadline=_coming(deadline),
        opened_by=by,
    )
    asked = _ask(inspection, questions)
    number = purchase.number if purchase else ""
    note_act(
        "发起督查", inspection, by, title=inspection.title, number=number, until=str(deadline), values=asked
    )
    return inspection


@transaction.atomic
def answer(question: Question, *, by: Any, text: str) -> Question:
    """答复 one question; may be changed until all are handed in."""
    inspection = _answering(question.inspection, by, InspectionState.ASKED, "答复")
    question = Question.objects.get(pk=question.pk)
    question.inspection = inspection
    text = said(text, "答复")
    if text == question.answer:
        return question
    question.answer, question.answered_by, question.answered_at = text, by, timezone.now()
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    note_question("答复督查", question, by, answer=text)
    return question


@transaction.atomic
def hand_in(inspection: Inspection, *, by: Any) -> Inspection:
    """提交答复: every question is answered."""
    inspection = _answering(inspection, by, InspectionState.ASKED, "提交答复")
    open_ = [str(each.position) for each in inspection.questions.filter(answer="")]
    if open_:
        raise Refused(f"问题 {'、'.join(open_)} 还没有答复")
    note_act("提交督查答复", inspection, by)
    return _moved(inspection, InspectionState.ANSWERED)


@transaction.atomic
def ask_more(
    inspection: Inspection, *, by: Any, questions: Iterable[str], deadline: datetime.date
) -> Inspection:
    """追问: further questions with a day of their own."""
    inspection = _held(inspection, by, [InspectionState.ASKED, InspectionState.ANSWERED], "追问")
    inspection.deadline = _coming(deadline)
    note_act("追问督查", inspection, by, values=_ask(inspection, questions), until=str(deadline))
    return _moved(inspection, InspectionState.ASKED)


@transaction.atomic
def find(
    inspection: Inspection, *, by: Any, outcome: str, finding: str, deadline: datetime.date | None = None
) -> Inspection:
    """作出结论: with a problem the unit must put it right by a day; without one it is ready to be closed."""
    inspection = _held(inspection, by, [InspectionState.ANSWERED], "作出结论")
    if outcome not in Outcome.values:
        raise Refused("结论应为：" + "、".join(Outcome.labels))
    inspection.outcome, inspection.finding = outcome, said(finding, "结论说明")
    problem = outcome == Outcome.PROBLEM
    if problem:
        inspection.deadline = _coming(deadline)
    until = str(inspection.deadline) if problem else ""
    name = f"{inspection.get_outcome_display()}：{inspection.finding}"
    note_act("作出督查结论", inspection, by, name=name, until=until)
    return _moved(inspection, InspectionState.FOUND if problem else InspectionState.READY)


@transaction.atomic
def rectify(inspection: Inspection, *, by: Any, rectification: str) -> Inspection:
    """上报整改 by the unit."""
    inspection = _answering(inspection, by, InspectionState.FOUND, "上报整改")
    inspection.rectification = said(rectification, "整改情况")
    note_act("上报督查整改", inspection, by, name=inspection.rectification)
    return _moved(inspection, InspectionState.READY)


@transaction.atomic
def send_back(inspection: Inspection, *, by: Any, reason: str, deadline: datetime.date) -> Inspection:
    """退回整改: not enough was done."""
    inspection = _held(inspection, by, [InspectionState.READY], "退回整改")
    if inspection.outcome != Outcome.PROBLEM:
        raise Refused("这项督查未发现问题，没有整改可退回")
    inspection.deadline = _coming(deadline)
    note_act("退回督查整改", inspection, by, reason=said(reason, "退回的原因"), until=str(deadline))
    return _moved(inspection, InspectionState.FOUND)


@transaction.atomic
def extend(inspection: Inspection, *, by: Any, deadline: datetime.date, reason: str) -> Inspection:
    """延期 of what the unit must do."""
    inspection = _held(inspection, by, WITH_UNIT, "延期")
    before, inspection.deadline = inspection.deadline, _coming(deadline)
    note_act(
        "督查延期",
        inspection,
        by,
        reason=said(reason, "延期的原因"),
        changes={"期限": [str(before), str(deadline)]},
    )
    inspection.save(update_fields=["deadline"])
    return inspection


@transaction.atomic
def close(inspection: Inspection, *, by: Any, closing: str) -> Inspection:
    """办结."""
    inspection = _held(inspection, by, [InspectionState.READY], "办结")
    inspection.closing = said(closing, "办结意见")
    note_act("办结督查", inspection, by, name=inspection.closing)
    return _moved(inspection, InspectionState.CLOSED)


@transaction.atomic
def cancel(inspection: Inspection, *, by: Any, reason: str) -> Inspection:
    """撤销督查, with the reason."""
    inspection = _held(inspection, by, OPEN, "撤销")
    inspection.closing = said(reason, "撤销的原因")
    note_act("撤销督查", inspection, by, reason=inspection.closing)
    return _moved(inspection, InspectionState.CANCELLED)

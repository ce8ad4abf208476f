"""What may be done to an inspection and to a wish of it, from its page."""

from __future__ import annotations

from typing import Any

from initiatives.acting import Act, NothingForm, ReasonForm
from initiatives.inspection import forms, revocations, verbs
from initiatives.inspection.models import WITH_UNIT, InspectionState, Outcome, RequestState
from initiatives.inspection.scope import answers, decides, inspects

State = InspectionState


def _office(*states: str) -> Any:
    return lambda user, inspection: inspection.state in states and inspects(user)


def _unit(state: str) -> Any:
    return lambda user, inspection: inspection.state == state and answers(user, inspection)


def _sending_back(user: Any, inspection: Any) -> bool:
    return inspection.state == State.READY and inspection.outcome == Outcome.PROBLEM and inspects(user)


def _deciding(user: Any, request: Any) -> bool:
    return request.state == RequestState.ASKED and decides(user)


def _number(inspection: Any) -> dict[str, Any]:
    return {"number": inspection.purchase.number} if inspection.purchase else {}


INSPECTION = (
    Act(
        "hand_in",
        "提交答复",
        verbs.hand_in,
        _unit(State.ASKED),
        NothingForm,
        about="所有问题答复后提交，提交后不能再改。",
    ),
    Act("rectify", "上报整改", verbs.rectify, _unit(State.FOUND), forms.RectifyForm),
    Act("find", "作出结论", verbs.find, _office(State.ANSWERED), forms.FindForm),
    Act("close", "办结", verbs.close, _office(State.READY), forms.CloseForm),
    Act("send_back", "退回整改", verbs.send_back, _sending_back, forms.DeadlineForm),
    Act("ask", "追问", verbs.ask_more, _office(State.ASKED, State.ANSWERED), forms.QuestionsForm),
    Act("extend", "延期", verbs.extend, _office(*WITH_UNIT), forms.DeadlineForm),
    Act(
        "revocation",
        "建议撤销核准",
        revocations.ask,
        _office(State.ASKED, State.ANSWERED, State.FOUND, State.READY),
        forms.RevocationForm,
        "已提交市商务局处理",
        initial=_number,
    ),
    Act(
        "cancel",
        "撤销督查",
        verbs.cancel,
        _office(State.ASKED, State.ANSWERED, State.FOUND, State.READY),
        ReasonForm,
    ),
)
REVOCATION = (
    Act(
        "carry_out",
        "撤销核准",
        revocations.carry_out,
        _deciding,
        NothingForm,
        "已撤销核准，所计入的数字已冲回",
    ),
    Act("decline", "不采纳", revocations.decline, _deciding, ReasonForm, "已记为不采纳"),
)

"""What may be done to an application from its page."""

from __future__ import annotations

from functools import partial
from typing import Any

from initiatives.acting import Act, NothingForm, ReasonForm
from initiatives.funds import applications, deciding
from initiatives.funds.decided import decisions_of
from initiatives.funds.forms import AgreeForm, PaymentForm
from initiatives.funds.models import Application, ApplicationState, Office
from initiatives.funds.scope import is_own, is_theirs, may_decide, of_either, of_finance

State = ApplicationState


def _theirs(*states: str) -> Any:
    return lambda user, application: application.state in states and is_theirs(user, application)


def _deciding(office: Office) -> Any:
    return lambda user, application: may_decide(user, application, office)


def _paying(user: Any, application: Application) -> bool:
    return application.state == State.APPROVED and of_finance(user) and not is_own(user, application)


def _rescinding(user: Any, application: Application) -> bool:
    return application.state == State.APPROVED and of_either(user) and not is_own(user, application)


def _asked(application: Application) -> dict[str, Any]:
    """The other office's amount where it has agreed, else what is asked for."""
    agreed = [each.amount for each in decisions_of(application) if each.agreed]
    return {"amount": agreed[0] if agreed else application.requested}


def _granted(application: Application) -> dict[str, Any]:
    paid = sum(each.amount for each in application.payments.all())
    return {"amount": application.granted - paid if application.granted is not None else None}


def _of(office: Office) -> tuple[Act, Act]:
    return (
        Act(
            f"agree_{office.value}",
            f"{office.label}同意",
            partial(deciding.agree, office=office.value),
            _deciding(office),
            AgreeForm,
            "已记为同意",
            about="两局都同意后按较小的金额审定。",
            initial=_asked,
        ),
        Act(
            f"decline_{office.value}",
            f"{office.label}不同意",
            partial(deciding.decline, office=office.value),
            _deciding(office),
            ReasonForm,
            "已记为不同意",
        ),
    )


APPLICATION = (
    Act(
        "submit",
        "提交申请",
        applications.submit,
        _theirs(State.DRAFT),
        NothingForm,
        about="提交后由市商务局、市财政局审定，不能再改。",
    ),
    *_of(Office.COMMERCE),
    *_of(Office.FINANCE),
    Act("pay", "登记拨付", deciding.pay, _paying, PaymentForm, initial=_granted),
    Act("rescind", "撤销审定", deciding.rescind, _rescinding, ReasonForm, about="未拨付的金额退回预算。"),
    Act("withdraw", "撤回申请", applications.withdraw, _theirs(State.DRAFT, State.SUBMITTED), ReasonForm),
)

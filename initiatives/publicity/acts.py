"""What may be done to a story from its page."""

from __future__ import annotations

from typing import Any

from initiatives.acting import Act, NothingForm, ReasonForm
from initiatives.publicity import stories
from initiatives.publicity.models import Story
from initiatives.publicity.scope import may_attach, may_decide, may_withdraw


def _submitting(user: Any, story: Story) -> bool:
    return may_attach(user, story)


STORY = (
    Act(
        "submit",
        "提交审核",
        stories.submit,
        _submitting,
        NothingForm,
        "已提交，由市商务局审核",
        about="提交后不能再改；请确认图片和文字可以公开，不含个人信息。",
    ),
    Act(
        "publish",
        "发布",
        stories.publish,
        may_decide,
        NothingForm,
        about="发布后所有参与单位都能看到；开放了公开页面的，社会公众也能看到。",
    ),
    Act("send_back", "退回", stories.send_back, may_decide, ReasonForm),
    Act("withdraw", "撤下", stories.withdraw, may_withdraw, ReasonForm, about="撤下后可以修改、重新提交。"),
)

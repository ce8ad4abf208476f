"""常用退回原因, kept by the bureau. Until it has written any, those here are offered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from cixi_xiezuo import audit
from cixi_xiezuo.errors import NotAllowed, Refused
from procurement.models import ReturnReason
from units.models import Role
from units.scope import Scope

FIRST = (
    "票据与填报金额不一致，请核对后重新提交",
    "票据抬头不是本单位，请更换票据或说明",
    "票据不清晰或不完整，请重新上传",
    "产地与票据、合同不符，请核对",
    "用途填写有误，请核对",
    "疑似重复登记，请核对",
    "请补充发票、采购合同等证明材料",
)
MOST, LONGEST = 30, 200


def offered() -> list[str]:
    """One query."""
    return list(ReturnReason.objects.values_list("text", flat=True)) or list(FIRST)


@transaction.atomic
def set_reasons(texts: Iterable[str], *, by: Any) -> list[str]:
    """Replace the list, in this order; blanks and repetitions fall out, an empty list brings the first ones back."""
    if by is not None and not Scope.of(by).has(Role.BUREAU):
        raise NotAllowed("常用退回原因由市商务局维护")
    wanted = list(dict.fromkeys(filter(None, (" ".join(text.split()) for text in texts))))
    if len(wanted) > MOST:
        raise Refused(f"常用退回原因最多 {MOST} 条，现有 {len(wanted)} 条，请合并后再保存")
    long = next((text for text in wanted if len(text) > LONGEST), None)
    if long is not None:
        raise Refused(f"“{long[:20]}…”有 {len(long)} 个字，每条最多 {LONGEST} 个字，请缩短")
    before = offered()
    ReturnReason.objects.all().delete()
    ReturnReason.objects.bulk_create(
        ReturnReason(text=text, position=place) for place, text in enumerate(wanted, start=1)
    )
    after = offered()
    if after != before:
        audit.record(
            "修改常用退回原因", by=by, subject="常用退回原因", changes={"before": before, "after": after}
        )
    return after

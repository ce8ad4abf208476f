"""Schemes, applications and the publicity list, as they can be exported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from cixi_xiezuo.dates import parse_year
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.exports.listing import Column, Kind, Listing, Rows
from cixi_xiezuo.money import to_fen
from initiatives.funds.figures import budgets, evidence, paid_of
from initiatives.funds.filters import applications
from initiatives.funds.models import PUBLIC, Application, Payment, Scheme
from initiatives.funds.scope import with_flag
from units.scope import Scope

SCHEMES = (
    Column("名称", 30),
    Column("依据", 18),
    Column("申请开始", 12, Kind.DATE),
    Column("申请截止", 12, Kind.DATE),
    Column("年度预算（元）", 16, Kind.FEN),
    Column("已审定（元）", 16, Kind.FEN),
    Column("预算余额（元）", 16, Kind.FEN),
    Column("已拨付（元）", 16, Kind.FEN),
    Column("申请（项）", 10, Kind.WHOLE),
    Column("实施细则", 60),
)
APPLICATIONS = (
    Column("编号", 8, Kind.WHOLE),
    Column("扶持政策", 28),
    Column("单位编码", 12),
    Column("申请单位", 26),
    Column("项目名称", 30),
    Column("申请理由", 40),
    Column("申请金额（元）", 16, Kind.FEN),
    Column("依据采购核定（元）", 18, Kind.FEN),
    Column("依据有变", 14),
    Column("审定金额（元）", 16, Kind.FEN),
    Column("已拨付（元）", 16, Kind.FEN),
    Column("状态", 10),
    Column("审定日期", 12, Kind.DATE),
)
PAYMENTS = (
    Column("扶持政策", 28),
    Column("单位编码", 12),
    Column("申请单位", 26),
    Column("项目名称", 30),
    Column("拨付日期", 12, Kind.DATE),
    Column("拨付金额（元）", 16, Kind.FEN),
    Column("凭证号", 20),
    Column("备注", 30),
)
PUBLICITY = (
    Column("申请单位", 30),
    Column("项目名称", 30),
    Column("审定金额（元）", 16, Kind.FEN),
    Column("审定日期", 12, Kind.DATE),
    Column("状态", 10),
)


def _year(asked: QueryDict) -> int:
    try:
        return parse_year(asked.get("year", ""))
    except ValueError as error:
        raise Refused(f"年度：{error}") from None


def _schemes(user: Any, asked: QueryDict) -> Rows | None:
    if not Scope.of(user).takes_part:
        return None
    rows = list(Scheme.objects.filter(year=_year(asked)))
    return Rows(len(rows), _scheme_values(rows))


def _scheme_values(rows: list[Scheme]) -> Iterator[Sequence[Any]]:
    sums = budgets(rows)
    for each in rows:
        sum_ = sums[each.pk]
        figures = (sum_.budget, sum_.granted, sum_.left, sum_.paid, sum_.applications)
        yield (each.name, each.clause, each.opens, each.closes, *figures, each.rules)


def _applications(user: Any, asked: QueryDict) -> Rows | None:
    if not Scope.of(user).takes_part:
        return None
    rows = applications(user, _year(asked), asked).qs
    return Rows(rows.count(), _application_values(rows))


def _application_values(rows: Any) -> Iterator[Sequence[Any]]:
    found = list(with_flag(rows.select_related("scheme", "unit")))
    ids = [each.pk for each in found]
    sums, paid = evidence(ids), paid_of(ids)
    for each in found:
        yield (
            each.pk,
            each.scheme.name,
            each.unit.code,
            each.unit.name,
            each.title,
            each.text,
            to_fen(each.requested),
            sums.get(each.pk, 0),
            "有采购已撤销核准" if each.shaken else None,
            None if each.granted is None else to_fen(each.granted),
            paid.get(each.pk, 0),
            each.get_state_display(),
            timezone.localdate(each.decided_at) if each.decided_at else None,
        )


def _payments(user: Any, asked: QueryDict) -> Rows | None:
    """What was paid for the applications that the address asks for."""
    if not Scope.of(user).takes_part:
        return None
    mine = applications(user, _year(asked), asked).qs.order_by().values("pk")
    rows = Payment.objects.filter(application__in=mine).order_by("paid_on", "pk")
    return Rows(rows.count(), _paid(rows.select_related("application__scheme", "application__unit")))


def _paid(rows: Any) -> Iterator[Sequence[Any]]:
    for each in rows:
        given, unit = each.application, each.application.unit
        what = (given.scheme.name, unit.code, unit.name, given.title)
        yield (*what, each.paid_on, to_fen(each.amount), each.voucher, each.note)


def _publicity(user: Any, asked: QueryDict) -> Rows | None:
    if not Scope.of(user).takes_part:
        return None
    pk = asked.get("scheme", "")
    rows = published(Scheme(pk=int(pk) if pk.isdecimal() else 0))
    return Rows(rows.count(), _public_values(rows))


def published(scheme: Scheme) -> Any:
    """What is made public of a scheme: who gets how much, for what; nothing of what they bought."""
    rows = Application.objects.filter(scheme=scheme.pk, state__in=PUBLIC)
    return rows.select_related("unit").order_by("decided_at", "pk")


def _public_values(rows: Any) -> Iterator[Sequence[Any]]:
    for each in rows:
        day = timezone.localdate(each.decided_at) if each.decided_at else None
        yield (each.unit.name, each.title, to_fen(each.granted), day, each.get_state_display())


LISTS = (
    Listing("schemes", "扶持政策", lambda asked: SCHEMES, _schemes),
    Listing("applications", "扶持资金申请", lambda asked: APPLICATIONS, _applications),
    Listing("payments", "扶持资金拨付", lambda asked: PAYMENTS, _payments),
    Listing("publicity", "扶持资金公示", lambda asked: PUBLICITY, _publicity),
)

"""Whatever happens to purchases and applications, the funds' figures are the sums of what is stored elsewhere."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cixi_xiezuo.errors import Refused
from cixi_xiezuo.money import from_fen
from initiatives.funds import applications, deciding
from initiatives.funds.figures import budget_of, evidence, paid_of
from initiatives.funds.models import Application, ApplicationPurchase, Payment
from procurement import moves, workflow
from procurement.choices import Status, Use
from procurement.models import Purchase
from tests.factories import line, make_purchase, make_unit
from tests.initiatives.test_funds import DAY, apply, make_city, make_scheme
from units.kinds import Kind
from units.models import Unit

pytestmark = pytest.mark.django_db
VERBS = (
    "buy", "refund", "revoke", "move", "apply", "link", "unlink", "submit", "agree", "agree", "decline", "pay",
    "rescind", "withdraw",
)  # fmt: skip
STEPS = st.lists(st.tuples(st.sampled_from(VERBS), st.integers(0, 20)), max_size=22)

BEGUN = (
    *(("buy", 60), ("buy", 61), ("buy", 62), ("buy", 63)),
    *(("apply", 0), ("link", 0), ("link", 1), ("submit", 0), ("agree", 0), ("agree", 0), ("pay", 0)),
    *(("apply", 1), ("link", 3), ("submit", 1), ("agree", 1), ("agree", 1), ("pay", 1)),
    *(("apply", 2), ("link", 2), ("submit", 2)),
)
"""One application paid in part on two purchases, one paid whole, and one that waits to be decided: what follows moves each."""


def by_hand(application) -> Decimal:
    """From the purchases themselves: approved, paired, less what is registered elsewhere, refunds with their original."""
    found = Decimal(0)
    linked = set(application.links.values_list("purchase", flat=True))
    for purchase in Purchase.objects.filter(status=Status.APPROVED):
        if purchase.pk in linked or purchase.original_id in linked:
            for each in purchase.lines.select_related("region"):
                if not each.region.name.startswith("其他"):
                    found += each.figure - each.overlap
    return found


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_evidence_and_budget_agree_with_what_is_stored(db, steps):
    from django.db import transaction

    with transaction.atomic():
        city = make_city()
        town = make_unit("T09", Kind.TOWN, "临江镇")
        scheme = make_scheme("320.00")
        for step, number in BEGUN:
            _do(step, number, city, town, scheme)
        _compare(scheme)
        for step, number in steps:
            try:
                with transaction.atomic():
                    _do(step, number, city, town, scheme)
            except Refused:
                pass
            _compare(scheme)
        transaction.set_rollback(True)


def _compare(scheme):
    rows = list(Application.objects.all())
    sums = evidence(each.pk for each in rows)
    assert {each.pk: from_fen(sums.get(each.pk, 0)) for each in rows} == {
        each.pk: by_hand(each) for each in rows
    }
    live = list(ApplicationPurchase.objects.filter(live=True).values_list("purchase", flat=True))
    assert len(live) == len(set(live))
    paid = {each.pk: sum(row.amount for row in each.payments.all()) for each in rows}
    found = paid_of(paid)
    assert {pk: from_fen(found.get(pk, 0)) for pk in paid} == paid
    granted = sum(
        each.granted if each.state in ("approved", "paid") else paid[each.pk]
        for each in rows
        if each.state in ("approved", "paid", "rescinded")
    )
    budget = budget_of(scheme)
    assert from_fen(budget.granted) == granted <= scheme.budget
    assert from_fen(budget.paid) == sum(row.amount for row in Payment.objects.all()) <= granted
    assert from_fen(budget.left) == scheme.budget - granted


def _do(step, number, city, town, scheme):
    bought = list(Purchase.objects.filter(original=None).order_by("pk"))
    made = list(Application.objects.order_by("pk"))
    one = bought[number % len(bought)] if bought else None
    application = made[number % len(made)] if made else None
    if step == "buy":
        commerce = line(f"{number + 60}.01", Use.COMMERCE, overlap="2.00")
        make_purchase(city["E01"], commerce, line("7.00", region="其他地区"))
    elif step == "apply":
        apply(scheme, city["E01"], f"{100 + number}.00")
    elif step == "move":
        unit = Unit.objects.get(pk=city["E01"].pk)
        moves.change_unit(unit, by=None, town=None if unit.town_id else town)
    elif step == "refund" and one and one.status == Status.APPROVED and not one.refunds.exists():
        make_purchase(city["E01"], line("-1.00"), original=one)
    elif step == "revoke" and one:
        workflow.revoke(one, by=None, reason="登记有误")
    elif step == "link" and one and application:
        applications.link(application, one, by=None)
    elif step == "unlink" and application and (link := application.links.first()):
        applications.unlink(link, by=None)
    elif step == "submit" and application:
        applications.submit(application, by=None)
    elif step == "agree" and application:
        office = "finance" if application.decisions.exists() else "commerce"
        deciding.agree(application, by=None, office=office, amount=min(application.requested, Decimal(110)))
    elif step == "decline" and application and number % 3 == 0:
        deciding.decline(application, by=None, office="finance", reason="x")
    elif step == "pay" and application:
        amount = application.granted if number % 2 else Decimal(30)
        deciding.pay(application, by=None, paid_on=DAY, amount=amount or Decimal(1), voucher="记")
    elif step == "rescind" and application:
        deciding.rescind(application, by=None, reason="x")
    elif step == "withdraw" and application and number % 3 == 0:
        applications.withdraw(application, by=None, reason="x")

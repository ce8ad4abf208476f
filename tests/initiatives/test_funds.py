"""扶持资金: an amount supports one application once, two offices decide, and a budget is never exceeded."""

import datetime
import threading
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.errors import NotAllowed, Refused
from initiatives import papers, records
from initiatives.funds import applications, deciding, schemes
from initiatives.funds.applications import Content
from initiatives.funds.figures import budget_of, evidence
from initiatives.funds.models import Application, ApplicationPurchase, ApplicationState, Scheme
from initiatives.funds.schemes import Terms
from procurement import workflow
from procurement.choices import Status
from procurement.models import Purchase
from tests.exports import exported
from tests.factories import line, make_policy, make_purchase, make_unit, make_user
from units.kinds import Kind
from units.models import Role

pytestmark = pytest.mark.django_db
DAY = datetime.date(2021, 5, 1)
State = ApplicationState


def make_city():
    make_policy()
    units = {
        code: make_unit(code, Kind.ENTERPRISE, name) for code, name in (("E01", "甲公司"), ("E02", "乙公司"))
    }
    units["D01"] = make_unit("D01", name="市商务局")
    units["D03"] = make_unit("D03", name="市财政局")
    return units


@pytest.fixture
def city():
    return make_city()


@pytest.fixture
def people(city):
    """Who applies, and who decides for either office."""
    return {
        "clerk": make_user("clerk", Role.CLERK, city["E01"]),
        "commerce": make_user("commerce", Role.BUREAU, city["D01"]),
        "finance": make_user("finance", Role.CLERK, city["D03"]),
    }


def make_scheme(budget="1000.00", **given) -> Scheme:
    usual = {
        "name": "采购扶持",
        "rules": "凭票据申请",
        "clause": "第五部分（二）",
        "budget": Decimal(budget),
        "opens": DAY,
        "closes": timezone.localdate(),
    }
    return schemes.create_scheme(2021, Terms(**usual | given), by=None)


def apply(scheme, unit, requested="100.00", *purchases, by=None) -> Application:
    made = applications.apply(scheme, unit, Content("建基地", "订单农业", Decimal(requested)), by=by)
    for purchase in purchases:
        applications.link(made, purchase, by=by)
    return made


def submitted(scheme, unit, requested="100.00", by=None) -> Application:
    made = apply(scheme, unit, requested, make_purchase(unit, line("500.00")), by=by)
    return applications.submit(made, by=by)


def agree(application, people, amount="100.00"):
    for office in ("commerce", "finance"):
        application = deciding.agree(application, by=people[office], office=office, amount=Decimal(amount))
    return application


def act(client, application, name, **given):
    return client.post(
        f"/initiatives/applications/{application.pk}/act/", {"act": name, **given}, follow=True
    )


def test_from_the_draft_to_the_payment_and_the_publicity_list(client, city, people):
    scheme = make_scheme()
    make_purchase(city["E01"], line("300.00"), number="采购一")
    client.force_login(people["clerk"])
    given = {"unit": "E01", "title": "越西基地", "requested": "120", "text": "订单农业"}
    client.post(f"/initiatives/schemes/{scheme.pk}/apply/", given)
    application = Application.objects.get()
    assert "还没有依据" in act(client, application, "submit").content.decode()
    client.post(f"/initiatives/applications/{application.pk}/link/", {"number": "采购一"})
    assert "越西基地" in client.get("/todo/").content.decode()
    assert act(client, application, "submit").status_code == 200
    for office, amount in (("commerce", "100"), ("finance", "80")):
        client.force_login(people[office])
        assert "越西基地" in client.get("/todo/").content.decode()
        page = act(client, application, f"agree_{office}", amount=amount).content.decode()
    application.refresh_from_db()
    assert application.state == State.APPROVED and application.granted == Decimal("80.00")
    assert "市商务局同意" in page and "920.00" in page
    act(client, application, "pay", amount="30", paid_on="2021-12-01", voucher="记-1")
    page = act(client, application, "pay", amount="60", paid_on="2021-12-01", voucher="记-2").content.decode()
    assert "不超过未拨付的 50.00 元" in page
    act(client, application, "pay", amount="50", paid_on="2021-12-02", voucher="记-3")
    application.refresh_from_db()
    assert application.state == State.PAID and budget_of(scheme).paid == 8000
    assert exported(client, "payments") == [
        "采购扶持,E01,甲公司,越西基地,2021-12-01,30.00,记-1,",
        "采购扶持,E01,甲公司,越西基地,2021-12-02,50.00,记-3,",
    ]
    client.force_login(make_user("other", Role.CLERK, city["E02"]))
    assert exported(client, "payments") == []
    page = client.get(f"/initiatives/schemes/{scheme.pk}/publicity/").content.decode()
    assert "甲公司" in page and "80.00" in page and "采购一" not in page
    events = AuditEvent.objects.filter(stream="E01", subject=f"资金申请 {application.pk}")
    assert {
        "申请扶持资金",
        "关联申请依据",
        "提交资金申请",
        "同意资金申请",
        "审定资金申请",
        "拨付扶持资金",
    } <= set(events.values_list("action", flat=True))


def test_an_amount_supports_one_application_once(city, people):
    scheme, bought = make_scheme(), make_purchase(city["E01"])
    one, two = apply(scheme, city["E01"], "10.00", bought), apply(scheme, city["E01"], "10.00")
    with pytest.raises(Refused, match="一笔采购只能用一次"):
        applications.link(two, bought, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        ApplicationPurchase.objects.create(application=two, purchase=bought)
    applications.submit(one, by=None)
    deciding.decline(one, by=people["finance"], office="finance", reason="不属扶持范围")
    applications.link(two, bought, by=None)
    assert two.links.get().purchase == bought


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (lambda city: make_purchase(city["E02"]), "不是“甲公司”或其工会的采购"),
        (lambda city: make_purchase(city["E01"], status=Status.SUBMITTED), "核准后才能作为依据"),
        (
            lambda city: make_purchase(city["E01"], line("-1.00"), original=make_purchase(city["E01"])),
            "是退货",
        ),
    ],
)
def test_only_what_the_applicant_bought_and_was_approved_is_evidence(city, made, sentence):
    application = apply(make_scheme(), city["E01"])
    with pytest.raises(Refused, match=sentence):
        applications.link(application, made(city), by=None)
    assert not application.links.exists()


def test_a_unions_purchase_and_a_base_are_evidence_too(client, city, people):
    union = make_unit("U01", Kind.UNION, "甲公司工会", host=city["E01"])
    base = records.create_record("pledge", city["E01"], records.Content("越西苹果基地", DAY), by=None)
    foreign = records.create_record("pledge", city["E02"], records.Content("别家基地", DAY), by=None)
    application = apply(make_scheme(), city["E01"], "100.00", make_purchase(union, line("40.00")))
    applications.link_record(application, base, by=None)
    for person, known in (("clerk", True), ("finance", False)):  # 市财政局 does not see the unit's records
        client.force_login(people[person])
        page = client.get(f"/initiatives/applications/{application.pk}/").content.decode()
        assert "越西苹果基地" in page and (f'href="/initiatives/{base.pk}/"' in page) == known
    with pytest.raises(Refused, match="不能作为依据"):
        applications.link_record(application, foreign, by=None)
    other = apply(Scheme.objects.get(), city["E01"])
    with pytest.raises(Refused, match="只能用一次"):
        applications.link_record(other, base, by=None)
    assert evidence([application.pk]) == {application.pk: 4000}


def test_neither_office_applies_and_nobody_decides_on_their_own(city, people):
    scheme = make_scheme()
    for code in ("D01", "D03"):
        with pytest.raises(Refused, match="不能申请"):
            apply(scheme, city[code])
    hand = make_user("hand", Role.CLERK, city["E01"], city["D03"])
    application = submitted(scheme, city["E01"])
    with pytest.raises(NotAllowed, match="本单位"):
        deciding.agree(application, by=hand, office="finance", amount=Decimal(1))
    both = make_user("both", Role.BUREAU, city["D01"])
    both.memberships.create(unit=city["D03"], role=Role.CLERK)
    deciding.agree(application, by=both, office="commerce", amount=Decimal(1))
    with pytest.raises(NotAllowed, match="不同的人"):
        deciding.agree(application, by=both, office="finance", amount=Decimal(1))
    with pytest.raises(Refused, match="已审定过"):
        deciding.agree(application, by=people["commerce"], office="commerce", amount=Decimal(1))
    with pytest.raises(NotAllowed):
        deciding.agree(application, by=people["clerk"], office="finance", amount=Decimal(1))


def test_what_was_submitted_stays_and_the_paying_office_takes_off_its_own_voucher_alone(city, people):
    def added(name):
        file = SimpleUploadedFile(f"{name}.pdf", b"%PDF-1.4 " + name.encode())
        return papers.attach("application", application, file, by=people[name])

    application = apply(make_scheme(), city["E01"], "100.00", make_purchase(city["E01"]), by=people["clerk"])
    proof = added("clerk")
    applications.submit(application, by=people["clerk"])
    with pytest.raises(NotAllowed, match="只能删除自己上传的材料"):
        papers.detach(proof, by=people["clerk"])
    agree(application, people)
    voucher = added("finance")
    with pytest.raises(NotAllowed):
        papers.detach(proof, by=people["finance"])
    papers.detach(voucher, by=people["finance"])
    assert list(application.papers.all()) == [proof]


def test_either_office_ends_it_with_a_reason(client, city, people):
    application = submitted(make_scheme(), city["E01"])
    deciding.agree(application, by=people["commerce"], office="commerce", amount=Decimal(50))
    client.force_login(people["finance"])
    response = act(client, application, "decline_finance", reason=" ")
    assert response.status_code == 422
    page = act(client, application, "decline_finance", reason="票据不全").content.decode()
    application.refresh_from_db()
    assert application.state == State.DECLINED and "票据不全" in page
    assert "建基地" not in client.get("/todo/").content.decode()


def test_a_budget_is_never_exceeded_and_never_cut_below_what_is_granted(city, people):
    scheme = make_scheme("150.00")
    one, two = submitted(scheme, city["E01"]), submitted(scheme, city["E01"])
    agree(one, people)
    with pytest.raises(Refused, match="预算余额只有 50"):
        agree(two, people)
    terms = Terms("采购扶持", "凭票据", "第五部分（二）", Decimal("99.99"), DAY, timezone.localdate())
    with pytest.raises(Refused, match="预算不能低于"):
        schemes.change_scheme(scheme, terms, by=None)
    deciding.rescind(one, by=people["commerce"], reason="依据不足")
    assert budget_of(scheme).left == 15000
    agree(two, people)
    assert budget_of(scheme).left == 5000


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"closes": datetime.date(2021, 6, 1)}, "今天不能提交"),
        ({"most": Decimal("50.00")}, "超过单个申请最高额"),
    ],
)
def test_what_the_scheme_does_not_allow_is_not_submitted(city, given, sentence):
    application = apply(make_scheme(**given), city["E01"], "100.00", make_purchase(city["E01"]))
    with pytest.raises(Refused, match=sentence):
        applications.submit(application, by=None)


def test_evidence_that_is_revoked_is_flagged_and_stops_the_money(client, city, people):
    scheme = make_scheme()
    bought = make_purchase(city["E01"], line("500.00"), number="采购一")
    application = applications.submit(apply(scheme, city["E01"], "100.00", bought), by=None)
    approved = agree(application, people)
    workflow.revoke(bought, by=None, reason="登记有误")
    assert evidence([application.pk]) == {application.pk: 0}
    with pytest.raises(Refused, match="有 1 笔已不是核准状态"):
        deciding.pay(approved, by=people["finance"], paid_on=DAY, amount=Decimal(1), voucher="记-1")
    client.force_login(people["commerce"])
    assert "所依据的采购已撤销核准" in client.get("/todo/").content.decode()
    assert "建基地" in client.get("/initiatives/applications/?evidence=lost").content.decode()
    client.force_login(people["finance"])
    page = client.get(f"/initiatives/applications/{application.pk}/").content.decode()
    assert "不能作为依据" in page and "采购一" not in page  # 市财政局 does not see the unit's purchases
    deciding.rescind(approved, by=people["finance"], reason="依据已撤销")
    assert budget_of(scheme).left == 100000 and not application.links.filter(live=True).exists()


def test_what_was_paid_before_a_rescission_stays_taken_from_the_budget(city, people):
    scheme = make_scheme()
    approved = agree(submitted(scheme, city["E01"]), people)
    deciding.pay(approved, by=people["finance"], paid_on=DAY, amount=Decimal(30), voucher="记-1")
    approved = deciding.rescind(approved, by=people["commerce"], reason="项目停止")
    assert approved.granted == Decimal("30.00") and budget_of(scheme).left == 97000
    assert approved.links.filter(live=True).exists()


def test_others_see_no_application_and_change_none(client, city, people):
    application = apply(make_scheme(), city["E01"])
    other = make_user("other", Role.CLERK, city["E02"])
    client.force_login(other)
    assert client.get(f"/initiatives/applications/{application.pk}/").status_code == 404
    with pytest.raises(NotAllowed):
        applications.submit(application, by=other)
    with pytest.raises(NotAllowed):
        schemes.change_scheme(application.scheme, Terms("x", "x", "x", Decimal(1), DAY, DAY), by=other)


def test_the_lists_come_out_and_the_pages_ask_little(client, city, people, django_assert_max_num_queries):
    scheme = make_scheme("99999.00")
    for _ in range(12):
        paid_in_part = agree(submitted(scheme, city["E01"]), people)
        deciding.pay(paid_in_part, by=people["finance"], paid_on=DAY, amount=Decimal(1), voucher="记-1")
    waiting, draft = (
        submitted(scheme, city["E01"]),
        apply(scheme, city["E01"], "1.00", make_purchase(city["E01"])),
    )
    for title in ("可用基地", "已用基地"):
        base = records.create_record("pledge", city["E01"], records.Content(title, DAY), by=None)
    applications.link_record(draft, base, by=None)
    make_purchase(city["E01"], line("12.00"))  # to be offered to the draft
    pages = [f"schemes/{scheme.pk}/", f"schemes/{scheme.pk}/publicity/", "schemes/", "applications/"]
    pages += [f"applications/{each.pk}/" for each in (paid_in_part, waiting, draft)]
    for person in people.values():
        client.force_login(person)
        client.get("/initiatives/")
        for address in pages:
            with django_assert_max_num_queries(12):
                assert client.get(f"/initiatives/{address}").status_code == 200
    for slug, query in (
        ("schemes", "year=2021"),
        ("applications", "year=2021"),
        ("publicity", f"scheme={scheme.pk}"),
    ):
        response = client.post(f"/exports/{slug}/?{query}", {"format": "csv"})
        text = b"".join(response.streaming_content).decode("utf-8-sig")
        assert "100.00" in text or "1200.00" in text


@pytest.mark.django_db(transaction=True)
def test_two_offices_at_once_grant_no_more_than_the_budget():
    """Four applications of 100 for a budget of 250, each agreed to by the second office at the same moment."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite writes one transaction at a time: there is nothing to race")
    city = make_city()
    people = {"commerce": make_user("commerce", Role.BUREAU, city["D01"])}
    scheme = make_scheme("250.00")
    waiting = [submitted(scheme, city["E01"]) for _ in range(4)]
    for each in waiting:
        deciding.agree(each, by=people["commerce"], office="commerce", amount=Decimal(100))
    barrier, refused = threading.Barrier(4), []

    def decide(application):
        barrier.wait()
        try:
            deciding.agree(application, by=None, office="finance", amount=Decimal(100))
        except Refused as error:
            refused.append(str(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=decide, args=(each,)) for each in waiting]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 2 and budget_of(scheme).left == 5000


def test_free_approved_purchases_are_offered_and_the_offices_are_not_asked_to_apply(client, city, people):
    scheme, unit = make_scheme(), city["E01"]
    for number, given in {
        "可用": {"lines": [line("12.00")]},
        "已用": {},
        "待审": {"status": Status.SUBMITTED},
    }.items():
        make_purchase(unit, *given.pop("lines", []), number=number, **given)
    apply(scheme, unit, "1.00", Purchase.objects.get(number="已用"))
    application = apply(scheme, unit, "1.00")
    client.force_login(people["clerk"])
    page = client.get(f"/initiatives/applications/{application.pk}/").content.decode()
    offered = page[page.index('id="linkable"') :]
    assert 'value="可用"' in offered and "12.00 元" in offered
    assert 'value="已用"' not in offered and 'value="待审"' not in offered
    address = f"/initiatives/schemes/{scheme.pk}/"
    assert f"{address}apply/" in client.get(address).content.decode()
    client.force_login(people["finance"])
    assert f"{address}apply/" not in client.get(address).content.decode()
    assert "市财政局</option>" not in client.get(f"{address}apply/").content.decode()

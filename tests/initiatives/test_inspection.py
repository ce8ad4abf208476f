"""督查: asked, answered with evidence, found, put right, closed; and an approval that is asked to be taken back."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.errors import NotAllowed, Refused
from initiatives.inspection import revocations, verbs
from initiatives.inspection.models import Inspection, InspectionState, RequestState, RevocationRequest
from procurement.choices import Status
from procurement.models import Purchase
from tests.factories import make_policy, make_purchase, make_unit, make_user
from units.kinds import Kind
from units.models import Role

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
SOON = TODAY + datetime.timedelta(days=7)


@pytest.fixture
def city():
    make_policy()
    units = {code: make_unit(code, Kind.TOWN, name) for code, name in (("T01", "临江镇"), ("T02", "远山镇"))}
    units["D01"] = make_unit("D01", name="市商务局")
    units["D02"] = make_unit("D02", name="市对口支援办")
    return units


def log_in(client, city, code, role=Role.CLERK):
    user = make_user(f"{role}-{code}", role, city[code])
    client.force_login(user)
    return user


def opened(city, **given) -> Inspection:
    usual = {"title": "核对台账", "deadline": SOON, "questions": ["货在哪里", "谁签收"]}
    return verbs.open_inspection(city["T01"], by=None, **usual | given)


def act(client, inspection, name, **given):
    address = f"/initiatives/inspections/{inspection.pk}/act/"
    return client.post(address, {"act": name, **given}, follow=True)


def answered(city) -> Inspection:
    inspection = opened(city)
    for question in inspection.questions.all():
        verbs.answer(question, by=None, text="在仓库")
    return verbs.hand_in(inspection, by=None)


def test_it_goes_from_the_office_to_the_unit_and_back_to_its_end(client, city, png):
    office = log_in(client, city, "D02", Role.OVERSIGHT)
    make_purchase(city["T01"], number="采购一")
    given = {"number": "采购一", "title": "核对采购一", "deadline": SOON, "questions": "货在哪里\n\n谁签收"}
    assert client.post("/initiatives/inspections/new/", given).status_code == 302
    inspection = Inspection.objects.get()
    assert inspection.unit == city["T01"] and inspection.questions.count() == 2
    log_in(client, city, "T01")
    assert "核对采购一" in client.get("/todo/").content.decode()
    first, second = inspection.questions.all()
    answer = {"text": "在食堂仓库", "files": [SimpleUploadedFile("入库单.png", png)]}
    client.post(f"/initiatives/questions/{first.pk}/answer/", answer)
    assert "问题 2 还没有答复" in act(client, inspection, "hand_in").content.decode()
    client.post(f"/initiatives/questions/{second.pk}/answer/", {"text": "食堂主任"})
    act(client, inspection, "hand_in")
    assert "核对采购一" not in client.get("/todo/").content.decode()
    client.force_login(office)
    page = client.get(f"/initiatives/inspections/{inspection.pk}/").content.decode()
    assert "在食堂仓库" in page and "入库单.png" in page and "采购一" in page
    assert "核对采购一" in client.get("/todo/").content.decode()
    act(client, inspection, "find", outcome="problem", finding="入库单缺签字", deadline=SOON)
    inspection.refresh_from_db()
    assert inspection.state == InspectionState.FOUND
    verbs.rectify(inspection, by=None, rectification="已补签")
    page = act(client, inspection, "close", closing="已整改到位").content.decode()
    assert "入库单缺签字" in page and "已补签" in page and "已整改到位" in page
    events = AuditEvent.objects.filter(stream="T01", subject=f"督查 {inspection.pk}")
    assert {"发起督查", "答复督查", "提交督查答复", "作出督查结论", "上报督查整改", "办结督查"} <= set(
        events.values_list("action", flat=True)
    )


def test_others_neither_see_nor_answer_nor_decide(client, city):
    inspection = opened(city)
    question = inspection.questions.first()
    user = log_in(client, city, "T02")
    assert client.get(f"/initiatives/inspections/{inspection.pk}/").status_code == 404
    assert client.post(f"/initiatives/questions/{question.pk}/answer/", {"text": "x"}).status_code == 404
    with pytest.raises(NotAllowed):
        verbs.answer(question, by=user, text="x")
    with pytest.raises(NotAllowed):
        verbs.cancel(inspection, by=user, reason="x")
    log_in(client, city, "T01")
    assert act(client, inspection, "cancel", reason="x").status_code == 404


def test_nobody_inspects_the_unit_they_work_for(city):
    office = make_user("office", Role.OVERSIGHT, city["D02"])
    with pytest.raises(NotAllowed, match="不能督查本单位"):
        verbs.open_inspection(city["D02"], by=office, title="x", deadline=SOON, questions=["x"])


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"questions": [" "]}, "请至少写一个问题"),
        ({"deadline": TODAY - datetime.timedelta(days=1)}, "早于今天"),
        ({"title": " "}, "请填写事项"),
    ],
)
def test_what_cannot_be_is_refused(city, given, sentence):
    with pytest.raises(Refused, match=sentence):
        opened(city, **given)
    assert not Inspection.objects.exists()


def test_a_finding_without_a_problem_is_ready_to_be_closed_and_one_with_needs_a_day(city):
    inspection = answered(city)
    with pytest.raises(Refused, match="请填写期限"):
        verbs.find(inspection, by=None, outcome="problem", finding="x")
    inspection = verbs.find(inspection, by=None, outcome="none", finding="账货相符")
    assert inspection.state == InspectionState.READY
    with pytest.raises(Refused, match="没有整改可退回"):
        verbs.send_back(inspection, by=None, reason="x", deadline=SOON)


def test_what_is_late_waits_for_unit_and_office(client, city):
    inspection = opened(city)
    log_in(client, city, "D02", Role.OVERSIGHT)
    assert "核对台账" not in client.get("/todo/").content.decode()
    Inspection.objects.update(deadline=TODAY - datetime.timedelta(days=3))
    for code, role in (("D02", Role.HEAD), ("T01", Role.CLERK)):
        log_in(client, city, code, role)
    page = client.get("/todo/").content.decode()
    assert "核对台账" in page and "逾期 3 天" in page and "答复" in page
    log_in(client, city, "D02", Role.LEAD)
    assert "核对台账" not in client.get("/todo/").content.decode()
    user = make_user("oversight-2", Role.OVERSIGHT, city["D02"])
    client.force_login(user)
    assert "督促" in client.get("/todo/").content.decode()
    assert "核对台账" in client.get("/initiatives/inspections/?late=yes").content.decode()
    verbs.extend(inspection, by=user, deadline=SOON, reason="人员出差")
    assert "核对台账" not in client.get("/initiatives/inspections/?late=yes").content.decode()


def test_the_bureau_carries_out_what_is_asked_or_says_why_not(client, city):
    inspection = opened(city)
    for number in ("采购一", "采购二"):
        make_purchase(city["T01"], number=number)
    log_in(client, city, "D02", Role.OVERSIGHT)
    for number in ("采购一", "采购二", "采购一"):
        page = act(client, inspection, "revocation", number=number, reason="货不对票").content.decode()
    assert "正待市商务局处理" in page and RevocationRequest.objects.count() == 2
    one, two = RevocationRequest.objects.all()
    assert client.post(f"/initiatives/revocations/{one.pk}/act/", {"act": "carry_out"}).status_code == 404
    log_in(client, city, "D01", Role.BUREAU)
    page = client.get("/todo/").content.decode()
    assert "建议撤销核准 · 采购一" in page and "建议撤销核准 · 采购二" in page
    client.post(f"/initiatives/revocations/{one.pk}/act/", {"act": "carry_out"})
    address = f"/initiatives/revocations/{two.pk}/act/"
    assert client.post(address, {"act": "decline", "reason": " "}).status_code == 422
    client.post(address, {"act": "decline", "reason": "已补充入库单"})
    purchase = Purchase.objects.get(number="采购一")
    assert purchase.status == Status.REVOKED and "货不对票" in purchase.returned_reason
    assert Purchase.objects.get(number="采购二").status == Status.APPROVED
    assert "建议撤销核准" not in client.get("/todo/").content.decode()
    assert set(RevocationRequest.objects.values_list("state", flat=True)) == {
        RequestState.DONE,
        RequestState.DECLINED,
    }


def test_what_the_workflow_refuses_is_told_and_the_wish_stays(client, city):
    inspection = opened(city)
    bought = make_purchase(city["T01"], number="采购一")
    wish = revocations.ask(inspection, by=None, number="采购一", reason="x")
    bureau = log_in(client, city, "D01", Role.BUREAU)
    bought.changed_by.add(bureau)
    response = client.post(f"/initiatives/revocations/{wish.pk}/act/", {"act": "carry_out"})
    assert response.status_code == 422 and "不能审核自己登记" in response.content.decode()
    wish.refresh_from_db()
    assert wish.state == RequestState.ASKED


@pytest.mark.parametrize(("status", "number"), [(Status.SUBMITTED, "采购一"), (Status.APPROVED, "别的编号")])
def test_only_an_approval_of_the_inspected_unit_can_be_asked_back(city, status, number):
    inspection = opened(city)
    make_purchase(city["T01"], number="采购一", status=status)
    make_purchase(city["T02"], number="别的编号")
    with pytest.raises(Refused):
        revocations.ask(inspection, by=None, number=number, reason="x")


def test_the_list_comes_out_as_filtered_and_the_pages_ask_little(client, city, django_assert_max_num_queries):
    for number in range(12):
        inspection = opened(city, title=f"第{number:02}项", questions=["甲", "乙", "丙", "丁"])
    log_in(client, city, "D02", Role.OVERSIGHT)
    client.get("/initiatives/")
    for address in ("", f"{inspection.pk}/", "new/"):
        with django_assert_max_num_queries(12):
            assert client.get(f"/initiatives/inspections/{address}").status_code == 200
    response = client.post("/exports/inspections/?text=第03", {"format": "csv"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert "第03项" in text and "第04项" not in text and "丁" in text

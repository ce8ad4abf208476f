"""消息: digests of what is overdue, 催报 by hand, and the bureau's rules for who is reminded when."""

import datetime
from urllib.parse import unquote

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from assessment import digest
from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.errors import NotAllowed, Refused
from procurement.choices import Holiday, Status, Use
from procurement.models import Purchase
from tests.factories import line, make_base, make_policy, make_purchase, make_unit, make_user
from tests.web.htmlform import form_of
from units import messages
from units.kinds import Kind
from units.models import BaseStatus, Message, ReminderRule, Role
from units.reminder_rules import rules, set_rules

TODAY = datetime.date(2021, 9, 15)


@pytest.fixture
def city(db):
    make_policy()
    with time_machine.travel("2021-09-15T09:00:00+08:00", tick=False):
        town = make_unit("T01", Kind.TOWN, "临江镇")
        school = make_unit("S01", Kind.SCHOOL, "临江小学", town=town)
        yield {
            "town": town,
            "school": school,
            "union": make_unit("U01", Kind.UNION, "临江小学工会", host=school),
            "foreign": make_unit("S02", Kind.SCHOOL, "远山小学"),
        }


@pytest.fixture
def clerk(city):
    return make_user("clerk", Role.CLERK, city["school"])


@pytest.fixture
def bureau(city):
    return make_user("bureau", Role.BUREAU, make_unit("D01", Kind.DEPARTMENT, "市商务局"))


@pytest.fixture
def town(city):
    return make_user("town", Role.TOWN, city["town"])


def declared(*units):
    for unit in units:
        make_base(unit, headcount=1, holiday_gifts="1000.00", canteen="none", target="1.00")


def told(user):
    return digest.digests(TODAY).get(user.pk, ("", ""))[1]


class TestDigest:
    def test_one_message_lists_everything_overdue_of_the_persons_units_alone(self, city, clerk):
        back = make_purchase(city["school"], number="P1", status=Status.RETURNED)
        Purchase.objects.filter(pk=back.pk).update(decided_at="2021-09-01T09:00:00+08:00")
        other = make_purchase(city["foreign"], number="P2", status=Status.RETURNED)
        Purchase.objects.filter(pk=other.pk).update(decided_at="2021-09-01T09:00:00+08:00")
        make_user("other", Role.CLERK, city["foreign"])
        assert digest.send() == 2
        message = Message.objects.get(user=clerk)
        assert "临江小学 2021 年度基数未填报（2021-03-31 截止）" in message.body
        assert "临江小学工会 2021 年度基数未填报" in message.body
        assert "采购 P1（2021-09-01 退回）：请补充" in message.body
        assert "远山" not in message.body and "P2" not in message.body
        assert message.title == "有 3 项逾期或临近到期"

    def test_what_came_back_is_named_once_seven_days_are_over(self, city, clerk):
        declared(city["school"], city["union"])
        back = make_purchase(city["school"], status=Status.RETURNED)
        for at, is_told in (("2021-09-08T09:00:01+08:00", False), ("2021-09-08T09:00:00+08:00", True)):
            Purchase.objects.filter(pk=back.pk).update(decided_at=at)
            assert ("退回的采购没有改" in told(clerk)) is is_told, at

    def test_a_union_behind_is_told_before_a_holiday(self, city, clerk):
        declared(city["school"], city["union"])
        assert "临江小学工会 节日慰问占比未达标，还差 200.00 元（中秋节 9月21日）" in told(clerk)
        assert clerk.pk not in digest.digests(datetime.date(2021, 8, 1))
        make_purchase(city["union"], line("200.00", Use.UNION_HOLIDAY, holiday=Holiday.SPRING))
        assert told(clerk) == ""

    def test_a_reviewer_is_told_of_a_queue_over_five_days(self, city, town):
        declared(city["school"], city["union"], city["town"])
        waiting = make_purchase(city["school"], status=Status.SUBMITTED)
        foreign = make_purchase(city["foreign"], status=Status.SUBMITTED)
        old = "2021-09-09T09:00:00+08:00"
        Purchase.objects.filter(pk=foreign.pk).update(submitted_at=old)
        assert told(town) == ""
        Purchase.objects.filter(pk=waiting.pk).update(submitted_at=old)
        assert "1 笔采购已提交超过 5 天，最早的提交于 2021-09-09" in told(town)

    def test_it_is_sent_once_and_a_new_one_takes_the_unread_ones_place(self, city, clerk):
        assert (digest.send(), digest.send()) == (1, 0)
        declared(city["union"])
        assert digest.send() == 1
        assert "临江小学工会 2021 年度基数" not in Message.objects.get().body
        messages.mark_read(clerk)
        assert digest.send() == 0
        with time_machine.travel("2021-09-23T09:00:00+08:00"):
            assert digest.send() == 1
        assert Message.objects.count() == 2

    def test_a_rule_turned_off_reminds_nobody(self, city, clerk, bureau):
        set_rules({kind: (rule.days, False) for kind, rule in rules().items()}, by=bureau)
        assert digest.send() == 0 and not Message.objects.exists()

    def test_the_clock_sends_it(self, city, clerk, settings):
        from assessment.tasks import remind

        scheduled = settings.CELERY_BEAT_SCHEDULE["what is overdue"]
        assert scheduled["task"] == remind.name
        remind()
        assert Message.objects.count() == 1


class TestRemind:
    def test_the_bases_list_leads_to_a_reminder_with_its_wording(self, client, city, town, clerk):
        client.force_login(town)
        page = client.get("/bases/?year=2021").content.decode()
        assert 'value="S01" form="remind-form"' in page and 'value="T01" form="remind-form"' not in page
        response = client.get("/remind/?about=bases&unit=S01&unit=U01&unit=S02&year=2021")
        assert [row[0].code for row in response.context["rows"]] == ["S01", "U01"]
        assert "逾期 168 天，贵单位尚未填报" in response.context["text"]
        assert not Message.objects.exists()

    def test_it_tells_each_clerk_once_and_is_on_record_for_each_unit(self, client, city, town, clerk):
        client.force_login(town)
        data = {"about": "bases", "unit": ["S01", "U01"], "text": "请尽快填报"}
        page = client.post("/remind/", data, follow=True).content.decode()
        assert "已催报 2 个单位，消息发给了 1 人" in page
        message = Message.objects.get()
        assert message.user == clerk and message.sender == "town"
        assert message.body == "临江小学、临江小学工会：\n请尽快填报"
        events = AuditEvent.objects.filter(action="催报").order_by("stream")
        assert [(event.stream, event.detail["to"]) for event in events] == [
            ("S01", ["clerk"]),
            ("U01", ["clerk"]),
        ]

    def test_the_standings_list_offers_those_behind(self, client, city, town, clerk):
        declared(city["union"])
        client.force_login(town)
        page = client.get("/standings/union_holiday_share/?year=2021").content.decode()
        assert 'value="U01" form="remind-form"' in page
        response = client.get("/remind/?about=union_holiday_share&unit=U01")
        assert "“工会节日慰问占比”尚未达标" in response.context["text"]

    def test_the_page_says_when_each_unit_was_last_reminded(self, client, city, town, clerk):
        messages.remind([city["union"]], by=town, title="请填报", text="内容")
        day = timezone.localtime(AuditEvent.objects.get(action="催报").at).strftime("%Y-%m-%d %H:%M")
        client.force_login(town)
        page = client.get("/remind/?about=bases&unit=S01&unit=U01").content.decode()
        school, union = page[page.index('value="S01"') :].split('value="U01"')
        assert "还没有催报过" in school and f"上次催报 {day}" in union

    def test_units_that_nobody_works_for_are_named(self, client, city, bureau, clerk):
        client.force_login(bureau)
        data = {"about": "bases", "unit": ["S01", "S02"], "text": "请填报"}
        page = client.post("/remind/", data, follow=True).content.decode()
        assert "已催报 1 个单位" in page and "远山小学 没有经办人、负责人或审核人账户，没有发出" in page

    def test_where_nobody_at_all_can_be_told_nothing_can_be_sent(self, client, city, town):
        client.force_login(town)
        page = client.get("/remind/?about=bases&unit=S01").content.decode()
        assert 'type="submit" disabled aria-describedby="remind-nobody"' in page and messages.NOBODY in page
        response = client.post("/remind/", {"about": "bases", "unit": "S01", "text": "请填报"})
        assert response.status_code == 422 and f"没有发送：{messages.NOBODY}" in response.content.decode()
        assert not AuditEvent.objects.filter(action="催报").exists()

    def test_a_unit_without_clerks_is_told_through_those_who_review_there(
        self, client, city, bureau, town, clerk
    ):
        client.force_login(bureau)
        client.post("/remind/", {"about": "bases", "unit": ["T01", "S01"], "text": "请填报"})
        assert {message.user for message in Message.objects.all()} == {town, clerk}

    def test_the_list_comes_back_as_it_was_filtered(self, client, city, town, clerk):
        declared(city["union"])
        client.force_login(town)
        query = "year=2021&kind=union&unit=临江"
        page = client.get(f"/standings/union_holiday_share/?{query}")
        asked = client.get("/remind/", {**form_of(page, "about"), "unit": "U01"})
        sent = form_of(asked, "text")
        response = client.post("/remind/", sent)
        assert unquote(response.url) == f"/standings/union_holiday_share/?{query}"
        away = client.post("/remind/", {**sent, "back": "//example.org/?x=1"})
        assert away.url.startswith("/standings/union_holiday_share/?")

    def test_nobody_reminds_units_they_do_not_look_after(self, client, city, town, clerk):
        with pytest.raises(NotAllowed, match="远山小学"):
            messages.remind([city["school"], city["foreign"]], by=town, title="x", text="y")
        with pytest.raises(NotAllowed):
            messages.remind([city["school"]], by=clerk, title="x", text="y")
        with pytest.raises(Refused, match="请填写催报内容"):
            messages.remind([city["school"]], by=town, title="x", text=" ")
        assert not Message.objects.exists()

    def test_it_is_mailed_where_a_server_is_named(self, city, town, clerk, settings):
        clerk.email = "clerk@example.com"
        clerk.save()
        messages.remind([city["school"]], by=town, title="请填报", text="内容")
        assert not mail.outbox
        settings.MAIL = True
        messages.remind([city["school"]], by=town, title="请填报", text="内容")
        assert [(each.to, "请填报" in each.subject) for each in mail.outbox] == [
            (["clerk@example.com"], True)
        ]

    def test_a_mail_server_that_is_down_is_said_and_loses_nothing(self, client, city, town, clerk, settings):
        clerk.email = "clerk@example.com"
        clerk.save()
        settings.MAIL = True
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
        client.force_login(town)
        page = client.post("/remind/", {"about": "bases", "unit": "S01", "text": "请填报"}, follow=True)
        assert "1 封邮件没有发出；站内消息已经送达" in page.content.decode()
        assert Message.objects.get().mailed == "failed"


class TestPages:
    def test_a_person_reads_their_own_messages_alone(self, client, city, clerk, town):
        messages.remind([city["school"]], by=town, title="请填报", text="第一条内容")
        client.force_login(clerk)
        page = client.get("/messages/").content.decode()
        assert "第一条内容" in page and '消息</span><span class="wait-count">1</span>' in page
        client.force_login(town)
        assert "第一条内容" not in client.get("/messages/").content.decode()
        client.post("/messages/read/", {"pk": Message.objects.get().pk})
        assert Message.objects.get().read_at is None
        client.force_login(clerk)
        client.post("/messages/read/", {"pk": Message.objects.get().pk})
        assert Message.objects.get().read_at is not None
        assert '消息</span><span class="wait-count">' not in client.get("/messages/").content.decode()

    def test_the_bureau_sets_the_rules_on_record_and_nobody_else(self, client, city, bureau, town):
        client.force_login(bureau)
        data = {f"{kind}-days": rule.days for kind, rule in rules().items()}
        data |= {f"{kind}-active": "on" for kind in rules()} | {"queue-days": 3}
        assert client.post("/messages/rules/", data).status_code == 302
        assert rules()["queue"].days == 3 and ReminderRule.objects.count() == 1
        assert AuditEvent.objects.filter(action="设定提醒规则").count() == 1
        response = client.post("/messages/rules/", data | {"queue-days": "0"})
        assert response.status_code == 422 and "应在 1 到 365 之间" in response.content.decode()
        with pytest.raises(NotAllowed):
            set_rules({"queue": (9, True)}, by=town)
        client.force_login(town)
        assert client.post("/messages/rules/", data).status_code == 404
        assert rules()["queue"].days == 3


@pytest.mark.parametrize("address", ["/messages/", "/remind/?about=bases&unit=S01&unit=U01", "/bases/"])
def test_the_pages_ask_the_database_little(
    client, city, bureau, clerk, address, django_assert_max_num_queries
):
    make_base(city["foreign"], status=BaseStatus.FILED, canteen="none")
    messages.remind([city["school"]], by=bureau, title="x", text="y")
    client.force_login(bureau)
    client.get(address)  # the session's own first write
    with django_assert_max_num_queries(12):
        assert client.get(address).status_code == 200

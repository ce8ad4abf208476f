"""Accounts: first passwords, lock-outs, sessions, time limits, the second factor."""

import datetime
import re

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from cixi_xiezuo.audit import AuditEvent
from cixi_xiezuo.errors import NotAllowed, Refused
from tests.factories import make_unit, make_user
from units import accounts, tasks, tokens
from units.models import LoginSession, Membership, Role, User

pytestmark = pytest.mark.django_db
GOOD = "Haibing-Lu-66"


@pytest.fixture
def office():
    return make_unit("D09")


@pytest.fixture
def sysadmin(office):
    return make_user("sysadmin", Role.SYSTEM_ADMIN, office)


@pytest.fixture
def secadmin(office):
    return make_user("secadmin", Role.SECURITY_ADMIN, office)


@pytest.fixture
def clerk(office):
    return make_user("clerk", Role.CLERK, office)


def log_in(client, username, password, **extra):
    return client.post("/login/", {"username": username, "password": password}, **extra)


# ---- first passwords


def test_a_first_password_is_shown_once_and_must_be_changed_at_once(client, sysadmin, office):
    client.force_login(sysadmin)
    data = {"username": "xinren", "name": "新人", "unit": "D09", "role": "clerk"}
    page = client.post("/people/new/", data).content.decode()
    password = re.search(r"初始密码</dt><dd[^>]*>([^<]+)<", page)[1]
    user = User.objects.get(username="xinren")
    assert user.check_password(password)
    assert password not in client.get(f"/people/{user.pk}/").content.decode()
    assert password not in str(list(AuditEvent.objects.values()))
    other = Client()
    assert log_in(other, "xinren", password).url == "/"
    for address in ("/", "/purchases/", "/account/", "/units/"):
        assert other.get(address).url == "/password/"
    form = {"old_password": password, "new_password1": GOOD, "new_password2": GOOD}
    assert other.post("/password/", form).url == "/"
    assert other.get("/account/").status_code == 200


def test_first_passwords_are_all_different_and_meet_the_strictest_rules(settings, office):
    from django.contrib.auth.password_validation import validate_password

    settings.DENGBAO = True
    made = {accounts.first_password() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        validate_password(password)


def test_a_first_password_nobody_used_in_time_opens_nothing(client, sysadmin):
    user, slip = accounts.create_person("xinren", "新人", by=sysadmin)
    User.objects.filter(pk=user.pk).update(password_set_at=timezone.now() - datetime.timedelta(days=15))
    response = log_in(client, "xinren", slip.password)
    assert response.status_code == 200 and "初始密码已过期" in response.content.decode()
    assert client.get("/account/").status_code == 302


VERBS = (
    lambda user, by: accounts.create_person("neu", "新", by=by),
    lambda user, by: accounts.reset_password(user, by=by),
    lambda user, by: accounts.rename_person(user, "x", by=by),
    lambda user, by: accounts.disable(user, by=by, reason="x"),
    lambda user, by: accounts.enable(user, by=by),
    lambda user, by: accounts.log_out_everywhere(user, by=by),
)


def test_only_the_system_administrator_keeps_people_and_not_themselves(office, sysadmin, clerk):
    for role in (Role.SECURITY_ADMIN, Role.AUDITOR, Role.BUREAU, Role.HEAD):
        other = make_user(f"other-{role}", role, office)
        for verb in VERBS:
            with pytest.raises(NotAllowed):
                verb(clerk, other)
    for verb in (
        lambda: accounts.reset_password(sysadmin, by=sysadmin),
        lambda: accounts.disable(sysadmin, by=sysadmin, reason="x"),
    ):
        with pytest.raises(NotAllowed, match="自己"):
            verb()
    clerk.refresh_from_db()
    assert (
        clerk.is_active and clerk.check_password("clerk") and not User.objects.filter(username="neu").exists()
    )


@pytest.mark.parametrize("username", ["", "a", "a b", "x" * 31, "clerk", "CLERK", "a\nb", "<b>"])
def test_a_user_name_that_makes_no_sense_or_is_taken_is_refused(sysadmin, clerk, username):
    with pytest.raises(Refused):
        accounts.create_person(username, "新人", by=sysadmin)


# ---- passwords


@pytest.mark.parametrize(
    "password",
    [
        "short-1A",
        "12345678901",
        "password123",
        "clerkclerk1",
        "cixi832cixi832",
        "慈溪慈溪帮扶832832",
        "clerk",
    ],
)
def test_a_weak_password_is_refused_in_words(client, clerk, password):
    client.force_login(clerk)
    data = {"old_password": "clerk", "new_password1": password, "new_password2": password}
    response = client.post("/password/", data)
    assert response.status_code == 200 and "密码" in response.content.decode()
    clerk.refresh_from_db()
    assert clerk.check_password("clerk")


@pytest.mark.parametrize("password", ["haibing-lu-sixty-six", "HAIBINGLU66778", "haibinglu66778"])
def test_in_dengbao_mode_a_password_is_mixed(client, clerk, settings, password):
    client.force_login(clerk)
    data = {"old_password": "clerk", "new_password1": password, "new_password2": password}
    settings.DENGBAO = True
    assert "至少三种" in client.post("/password/", data).content.decode()
    settings.DENGBAO = False
    assert client.post("/password/", data).url == "/"


def test_a_long_password_is_taken_whole(client, clerk):
    client.force_login(clerk)
    long = "Lu-" + "x8K-" * 30
    client.post("/password/", {"old_password": "clerk", "new_password1": long, "new_password2": long})
    clerk.refresh_from_db()
    assert clerk.check_password(long) and not clerk.check_password(long[:-1])


def test_in_dengbao_mode_a_password_is_changed_every_ninety_days(client, clerk, settings):
    settings.PASSWORD_DAYS = 90
    User.objects.update(password_set_at=timezone.now() - datetime.timedelta(days=89))
    client.force_login(clerk)
    assert client.get("/account/").status_code == 200
    User.objects.update(password_set_at=timezone.now() - datetime.timedelta(days=91))
    assert client.get("/account/").url == "/password/"
    assert client.get("/account/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/password/"


def test_passwords_are_kept_as_argon2():
    from cixi_xiezuo import settings

    assert settings.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


# ---- logging in


def answer_of(client, username, password):
    response = log_in(client, username, password, REMOTE_ADDR=f"10.0.0.{abs(hash(username)) % 250}")
    page = re.sub(r'value="[^"]*"|csrf[^>]*>', "", response.content.decode())
    return response.status_code, page.replace(username, "…")


def test_whether_there_is_such_a_person_is_not_told(client, clerk):
    User.objects.create_user("gone", password="gone", is_active=False)
    wrong = answer_of(client, "clerk", "wrong")
    assert wrong == answer_of(client, "nobody", "wrong") == answer_of(client, "gone", "gone")


def test_nor_by_how_long_it_takes(client, clerk, settings):
    """The medians of the work done for a known and an unknown name differ by less than a fifth."""
    import statistics
    import time

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    clerk.set_password("clerk")
    clerk.save()
    times = {"clerk": [], "nobody": []}
    for attempt in range(15):
        for name, taken in times.items():
            start = time.process_time()
            log_in(client, name, "wrong", REMOTE_ADDR=f"10.0.1.{attempt}")
            taken.append(time.process_time() - start)
    known, unknown = (statistics.median(taken) for taken in times.values())
    assert abs(known - unknown) < 0.2 * known, (known, unknown)


def test_five_wrong_passwords_lock_the_user_at_that_address_for_a_quarter_of_an_hour(client, clerk):
    for _ in range(5):
        log_in(client, "clerk", "wrong", REMOTE_ADDR="10.1.1.1")
    assert log_in(client, "clerk", "clerk", REMOTE_ADDR="10.1.1.1").status_code == 429
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=16)):
        assert log_in(client, "clerk", "clerk", REMOTE_ADDR="10.1.1.1").url == "/"


def test_the_lock_can_not_be_used_to_keep_somebody_out_from_elsewhere(client, clerk):
    for _ in range(6):
        log_in(client, "clerk", "wrong", REMOTE_ADDR="10.1.1.1")
    assert log_in(client, "clerk", "clerk", REMOTE_ADDR="10.2.2.2").url == "/"


def test_an_invented_forwarded_address_does_not_get_around_the_lock(client, clerk, settings):
    for proxies in (0, 1):
        settings.PROXIES = proxies
        for number in range(6):
            response = log_in(
                client, "clerk", "wrong", REMOTE_ADDR="10.3.3.3",
                HTTP_X_FORWARDED_FOR=f"1.2.3.{number}, 10.4.4.{proxies}",
            )  # fmt: skip
        assert response.status_code == 429
    assert AuditEvent.objects.filter(action="登录锁定", origin="10.4.4.1").exists()


def test_the_security_administrator_unlocks(client, clerk, secadmin, sysadmin):
    for _ in range(5):
        log_in(client, "clerk", "wrong")
    with pytest.raises(NotAllowed):
        accounts.unlock(clerk, by=sysadmin)
    accounts.unlock(clerk, by=secadmin)
    assert log_in(client, "clerk", "clerk").url == "/"
    with pytest.raises(Refused, match="没有被锁定"):
        accounts.unlock(clerk, by=secadmin)


def test_the_demonstrations_password_opens_nothing_elsewhere(client, clerk, settings):
    clerk.set_password("cixi-demo-2021")
    clerk.save()
    assert "演示环境" in log_in(client, "clerk", "cixi-demo-2021").content.decode()
    settings.DEMO = True
    assert log_in(client, "clerk", "cixi-demo-2021").url == "/"


# ---- sessions


def test_a_log_in_begins_a_new_session_and_a_log_out_ends_it_on_the_server(client, clerk):
    client.get("/login/")
    client.session["x"] = 1
    before = client.session.session_key
    log_in(client, "clerk", "clerk")
    key = client.session.session_key
    assert key and key != before
    kept = client.cookies["sessionid"].value
    client.post("/logout/")
    client.cookies["sessionid"] = kept
    assert client.get("/account/").status_code == 302
    assert not Session.objects.filter(pk=key).exists() and not LoginSession.objects.exists()


def test_a_person_sees_where_they_are_logged_in_and_ends_it_there(clerk):
    here, there = Client(), Client()
    agent = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/86.0 Safari/537.36"
    log_in(there, "clerk", "clerk", REMOTE_ADDR="10.5.5.5", HTTP_USER_AGENT=agent)
    log_in(here, "clerk", "clerk", REMOTE_ADDR="10.6.6.6")
    page = here.get("/account/").content.decode()
    assert "10.5.5.5" in page and "Chrome · Windows" in page and "本机" in page
    other = LoginSession.objects.get(address="10.5.5.5")
    here.post(f"/account/sessions/{other.pk}/end/")
    assert there.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200
    assert AuditEvent.objects.get(action="结束登录").detail["address"] == "10.5.5.5"


def test_changing_the_password_ends_the_persons_other_sessions_and_keeps_this_one(clerk):
    here, there = Client(), Client()
    for each in (here, there):
        log_in(each, "clerk", "clerk")
    here.post("/password/", {"old_password": "clerk", "new_password1": GOOD, "new_password2": GOOD})
    assert here.get("/account/").status_code == 200 and "本机" in here.get("/account/").content.decode()
    assert there.get("/account/").status_code == 302


def test_the_old_password_is_asked_for(client, clerk):
    client.force_login(clerk)
    client.post("/password/", {"old_password": "wrong", "new_password1": GOOD, "new_password2": GOOD})
    clerk.refresh_from_db()
    assert clerk.check_password("clerk")


def test_disabling_resetting_and_throwing_out_end_every_session_at_once(client, clerk, sysadmin):
    for verb in (
        lambda: accounts.log_out_everywhere(clerk, by=sysadmin),
        lambda: accounts.reset_password(clerk, by=sysadmin),
        lambda: accounts.disable(clerk, by=sysadmin, reason="调离"),
    ):
        user = User.objects.get(pk=clerk.pk)
        user.must_change_password = False
        user.save()
        client.force_login(user)
        assert client.get("/account/").status_code == 200
        verb()
        assert client.get("/account/").url == "/login/?next=/account/"
    accounts.enable(clerk, by=sysadmin)
    assert client.get("/account/").status_code == 302


def test_a_session_ends_after_idle_minutes_and_after_the_longest_time(client, clerk, settings):
    start = timezone.now()
    log_in(client, "clerk", "clerk")
    for minutes in range(0, 12 * 60, 200):
        with time_machine.travel(start + datetime.timedelta(minutes=minutes)):
            assert client.get("/account/").status_code == 200
    with time_machine.travel(start + datetime.timedelta(hours=12, minutes=1)):
        assert client.get("/account/").url == "/login/"
    log_in(client, "clerk", "clerk")
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=settings.SESSION_COOKIE_AGE + 1)):
        assert client.get("/account/").status_code == 302


# ---- the second factor


def code_of(key: str, when=None) -> str:
    when = when or timezone.now()
    return f"{totp(bytes.fromhex(key), t0=0, step=30) if when is None else totp_at(key, when):06d}"


def totp_at(key: str, when: datetime.datetime) -> int:
    with time_machine.travel(when, tick=False):
        return totp(bytes.fromhex(key))


@pytest.fixture
def bureau(settings):
    settings.SECOND_FACTOR = True
    return make_user("bureau", Role.BUREAU, make_unit("D01"))


def bind(client) -> str:
    client.get("/account/second-factor/")
    key = client.session["second_factor_key"]
    assert client.post("/account/second-factor/", {"code": code_of(key)}).url == "/"
    return key


def test_whoever_reviews_binds_a_telephone_before_anything_else(client, bureau):
    log_in(client, "bureau", "bureau")
    for address in ("/", "/city/", "/review/", "/account/", "/units/"):
        assert client.get(address).url == "/account/second-factor/"
    page = client.get("/account/second-factor/").content.decode()
    assert "data:image/svg+xml;base64," in page and not TOTPDevice.objects.exists()
    assert client.post("/account/second-factor/", {"code": "000000"}).status_code == 422
    bind(client)
    assert client.get("/city/").status_code == 200


def test_the_code_is_asked_for_at_each_log_in_and_good_once(bureau):
    first, second = Client(), Client()
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        log_in(first, "bureau", "bureau")
        key = bind(first)
        log_in(second, "bureau", "bureau")
        replayed = second.post("/account/second-factor/", {"code": code_of(key)})
        assert replayed.status_code == 422 and "已用过" in replayed.content.decode()
        assert second.get("/city/").status_code == 302
    later = start + datetime.timedelta(minutes=2)
    with time_machine.travel(later, tick=False):
        code = code_of(key)
        assert second.post("/account/second-factor/", {"code": code}).url == "/"
        assert second.get("/city/").status_code == 200
        third = Client()
        log_in(third, "bureau", "bureau")
        assert third.post("/account/second-factor/", {"code": code}).status_code == 422
    assert AuditEvent.objects.filter(action="动态口令错误").count() == 2


def test_an_old_code_is_none_and_many_wrong_ones_slow_down(bureau):
    client = Client()
    log_in(client, "bureau", "bureau")
    key = bind(client)
    again = Client()
    log_in(again, "bureau", "bureau")
    old = code_of(key, timezone.now() - datetime.timedelta(minutes=5))
    assert again.post("/account/second-factor/", {"code": old}).status_code == 422
    right = code_of(key, timezone.now() + datetime.timedelta(seconds=30))
    for _ in range(4):
        again.post("/account/second-factor/", {"code": "000000"})
    assert again.post("/account/second-factor/", {"code": right}).status_code == 422


@pytest.mark.parametrize("role", list(Role))
def test_it_is_asked_of_reviewers_and_administrators_and_of_nobody_where_it_is_off(client, settings, role):
    user = make_user("someone", role, make_unit("T01", "town"))
    client.force_login(user)
    asked = role not in (Role.CLERK, Role.HEAD)
    settings.SECOND_FACTOR = True
    assert (client.get("/account/").status_code == 302) is asked
    settings.SECOND_FACTOR = False
    assert client.get("/account/").status_code == 200


def test_resetting_the_second_factor_is_the_security_administrators(client, bureau, secadmin, sysadmin):
    log_in(client, "bureau", "bureau")
    bind(client)
    with pytest.raises(NotAllowed):
        accounts.reset_second_factor(bureau, by=sysadmin)
    accounts.reset_second_factor(bureau, by=secadmin)
    assert client.get("/city/").status_code == 302
    assert not TOTPDevice.objects.exists()


@pytest.mark.parametrize("back", ["//evil.example/", "nowhere"])
def test_after_the_code_one_goes_on_where_one_was_and_to_no_other_site(client, bureau, back):
    log_in(client, "bureau", "bureau")
    client.get("/account/second-factor/")
    key = client.session["second_factor_key"]
    response = client.post(f"/account/second-factor/?next={back}", {"code": code_of(key)})
    assert response.url == "/"


# ---- the pages


def test_the_security_administrator_grants_what_was_asked_for(client, office, sysadmin, secadmin):
    client.force_login(sysadmin)
    client.post("/people/new/", {"username": "xinren", "name": "新人", "unit": "D09", "role": "clerk"})
    user = User.objects.get(username="xinren")
    assert not user.memberships.exists()
    client.force_login(secadmin)
    page = client.get("/people/requests/").content.decode()
    assert "新人" in page and "经办人" in page
    client.post("/people/requests/decide/", {"pick": user.role_requests.get().pk, "grant": "1"})
    assert [each.role for each in user.memberships.all()] == [Role.CLERK]


def test_a_request_is_declined_with_a_reason(client, office, sysadmin, secadmin, clerk):
    from units.roles import request_role

    asked = request_role(clerk, office, Role.HEAD, by=sysadmin)
    client.force_login(secadmin)
    page = client.post("/people/requests/decide/", {"pick": asked.pk, "decline": "1"}, follow=True)
    assert "请填写不同意的原因" in page.content.decode()
    client.post("/people/requests/decide/", {"pick": asked.pk, "decline": "1", "reason": "重复"})
    assert not clerk.role_requests.exists() and clerk.memberships.count() == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("text=clerk", ["clerk"]),
        ("text=D09", ["clerk", "secadmin", "sysadmin"]),
        ("role=auditor", []),
        ("role=none", ["fremd"]),
        ("state=disabled", ["weg"]),
    ],
)
def test_people_are_found_by_name_unit_role_and_state(client, clerk, sysadmin, secadmin, query, found):
    make_user("fremd")
    weg = make_user("weg", Role.CLERK, make_unit("S01", "school"))
    accounts.disable(weg, by=sysadmin, reason="x")
    client.force_login(sysadmin)
    page = client.get(f"/people/?{query}")
    assert [user.username for user in page.context["page"]] == found


def test_the_pages_ask_the_database_little(client, office, sysadmin, secadmin, django_assert_max_num_queries):
    for number in range(60):
        make_user(f"p{number}", Role.CLERK, office)
    client.force_login(sysadmin)
    client.get("/account/")
    with django_assert_max_num_queries(12):
        client.get("/people/")
    with django_assert_max_num_queries(12):
        client.get(f"/people/{secadmin.pk}/")
    assert Membership.objects.count() == 62


# ---- accounts nobody uses


def test_who_was_away_for_too_long_is_disabled_until_the_administrator_enables_them(
    client, sysadmin, clerk, office
):
    fresh = make_user("fresh", Role.CLERK, office)
    client.force_login(clerk)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=91)):
        client.force_login(fresh)
        assert clerk in accounts.idle(90)
        assert accounts.disable_idle(90) == [clerk]
        clerk.refresh_from_db()
        assert not clerk.is_active and not LoginSession.objects.filter(user=clerk).exists()
        event = AuditEvent.objects.get(action="停用用户")
        assert (event.subject, event.detail["reason"]) == ("用户 clerk", "连续 90 天未登录")
        accounts.enable(clerk, by=sysadmin)
        assert accounts.disable_idle(90) == []
    with time_machine.travel(timezone.now() + datetime.timedelta(days=300)):
        assert set(accounts.disable_idle(90)) == {clerk, fresh}, "somebody must be able to enable the others"
        sysadmin.refresh_from_db()
        assert sysadmin.is_active


def test_who_works_by_a_token_alone_is_not_idle_while_it_is_good(sysadmin, office):
    reader = make_user("reader", Role.BUREAU, office)
    tokens.issue("市大数据平台", 90, by=reader)
    for days, expected in ((60, []), (91, [reader])):
        with time_machine.travel(timezone.now() + datetime.timedelta(days=days)):
            assert accounts.disable_idle(30) == expected


def test_the_clock_looks_for_them_every_night(clerk, sysadmin, office, settings):
    scheduled = settings.CELERY_BEAT_SCHEDULE["accounts nobody uses"]
    assert scheduled["schedule"].hour == {3}
    settings.IDLE_ACCOUNT_DAYS = 90
    sysadmin.last_login = timezone.now()
    sysadmin.save()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=91)):
        tasks.disable_idle.run()
    assert tasks.disable_idle.name == scheduled["task"]
    clerk.refresh_from_db()
    assert not clerk.is_active


def test_without_a_limit_nobody_is(clerk, sysadmin):
    with time_machine.travel(timezone.now() + datetime.timedelta(days=3000)):
        assert accounts.disable_idle(0) == []

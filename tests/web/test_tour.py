"""功能介绍: a few steps at the first log-in, once an account, and again from 帮助."""

import re

import pytest

from cixi_xiezuo.audit import AuditEvent
from tests.browser.fixtures import DESKTOP, PHONE
from tests.browser.steps import FITS, log_in
from tests.factories import make_policy, make_unit, make_user
from units.kinds import Kind
from units.models import Role, User
from units.tours import MOST

pytestmark = [pytest.mark.django_db, pytest.mark.nodb]
DIALOG = "data-tour-step"


def newcomer(role):
    """A person who has never logged in."""
    make_policy()
    user = make_user("new", role, make_unit("T01", Kind.TOWN))
    User.objects.update(tour_seen_at=None)
    return user


@pytest.mark.parametrize("role", Role.values)
def test_each_role_is_shown_a_few_entries_of_its_own_menu(client, role):
    client.force_login(newcomer(role))
    page = client.get("/todo/").content.decode()
    shown = re.findall(r'data-tour-step data-at="([^"]+)"', page)
    assert 0 < len(shown) <= MOST
    frame = page[: page.index("<main")]
    assert [at for at in shown if f'href="{at}"' not in frame] == []


def test_it_is_put_away_for_good_with_one_word_in_the_trail_and_shown_again_from_the_help(client):
    client.force_login(newcomer(Role.CLERK))
    assert DIALOG not in client.get("/password/").content.decode()
    assert DIALOG in client.get("/unit/").content.decode()
    for _ in range(2):
        assert client.post("/account/tour/seen/").status_code == 204
    assert AuditEvent.objects.filter(action="看过功能介绍", actor="new").count() == 1
    assert DIALOG not in client.get("/unit/").content.decode()
    read = client.get("/help/").content.decode()
    assert DIALOG not in read and "把电子发票、付款凭据拖进来" in read
    assert DIALOG in client.get("/help/?tour=1").content.decode()


def test_whoever_has_no_role_is_shown_nothing(client):
    user = newcomer(Role.CLERK)
    user.memberships.all().delete()
    client.force_login(user)
    assert DIALOG not in client.get("/").content.decode()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_it_is_walked_through_by_keyboard_and_never_comes_back(new_page, live_server, screenshot, size):
    newcomer(Role.CLERK)
    page = new_page(size)
    log_in(page, live_server.url, "new", "new")
    dialog = page.get_by_role("dialog", name="我的单位")
    dialog.wait_for()
    screenshot(page, f"tour-{size['width']}", full_page=False)
    assert page.evaluate("document.activeElement.textContent") == "我的单位"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # past 不再显示, onto 下一步
    page.get_by_role("dialog", name="票据收件箱").wait_for()
    assert page.locator('#side-menu a.tour-target[href="/inbox/"]').count() == 1
    page.wait_for_function(FITS)
    with page.expect_response("**/account/tour/seen/") as seen:
        page.keyboard.press("Escape")
    assert seen.value.status == 204
    assert page.locator(".tour-target").count() == 0
    page.goto(f"{live_server.url}/unit/")
    assert page.locator("dialog").count() == 0
    page.goto(f"{live_server.url}/help/?tour=1")
    page.get_by_role("dialog", name="我的单位").wait_for()

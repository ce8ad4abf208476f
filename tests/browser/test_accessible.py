"""Every page in a person's menu: nothing serious that axe finds, no error in the console, no other host asked."""

import importlib.util

import pytest

from procurement.choices import Status
from tests.browser.fixtures import DESKTOP
from tests.factories import make_base, make_policy, make_purchase, make_unit, make_user
from units.kinds import Kind
from units.models import BaseStatus, Role

pytestmark = [pytest.mark.browser, pytest.mark.nodb, pytest.mark.django_db(transaction=True)]
GRAVE = {"serious", "critical"}
ROLES = {
    Role.CLERK: "S01",
    Role.TOWN: "T01",
    Role.BUREAU: "D01",
    Role.OVERSIGHT: "D02",
    Role.SYSTEM_ADMIN: "D03",
    Role.SECURITY_ADMIN: "D03",
    Role.AUDITOR: "D03",
}


@pytest.fixture
def people():
    """One person a role, in a small city where something waits for each."""
    make_policy()
    town = make_unit("T01", Kind.TOWN, "临江镇")
    units = {"T01": town, "S01": make_unit("S01", Kind.SCHOOL, "临江小学", town=town)}
    for code, name in (("D01", "市商务局"), ("D02", "市对口支援办"), ("D03", "市档案局")):
        units[code] = make_unit(code, Kind.DEPARTMENT, name)
    make_unit("U01", Kind.UNION, "临江小学工会", host=units["S01"])
    for number in range(60):
        unit = make_unit(f"S1{number:02}", Kind.SCHOOL, town=town)
        make_base(unit, status=BaseStatus.FILED, canteen="none")
    for status in (Status.DRAFT, Status.RETURNED, Status.SUBMITTED, Status.APPROVED):
        make_purchase(units["S01"], status=status)
    return [make_user(role, role, units[code]) for role, code in ROLES.items()]


def test_no_page_of_any_menu_keeps_anybody_out(browser, live_server, client, people):
    if importlib.util.find_spec("axe_playwright_python") is None:
        pytest.skip("axe-playwright-python is not installed: make setup")
    from axe_playwright_python.sync_playwright import Axe

    axe, wrong, seen = Axe(), [], set()
    for user in people:
        client.force_login(user)
        context = browser.new_context(viewport=DESKTOP, locale="zh-CN", bypass_csp=True)
        cookie = client.cookies["sessionid"]
        context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda m: wrong.append(f"{m.page.url}: {m.text}") if m.type == "error" else None)
        page.on(
            "request", lambda r: None if r.url.startswith((live_server.url, "data:")) else wrong.append(r.url)
        )
        page.goto(live_server.url)
        links = page.eval_on_selector_all(
            "#side-menu a, .topbar a", "all => all.map(each => each.getAttribute('href').split('#')[0])"
        )
        for link in dict.fromkeys(links):
            seen.add(link)
            page.goto(live_server.url + link)
            for found in axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]:
                if found["impact"] in GRAVE:
                    wrong.append(f"{user} {link}: {found['id']} {found['nodes'][0]['html'][:160]}")
        context.close()
    assert len(seen) > 12
    assert not wrong, "\n".join(wrong)

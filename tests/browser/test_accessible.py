"""Every page in a person's menu, light and dark: nothing serious that axe finds, no error, no other host asked.

And on a phone none scrolls sideways.
"""

import importlib.util

import pytest

from procurement.choices import Status
from tests.browser.fixtures import DESKTOP, PHONE
from tests.browser.steps import FITS
from tests.factories import make_base, make_policy, make_purchase, make_unit, make_user
from units.kinds import Kind
from units.models import BaseStatus, Role

pytestmark = [pytest.mark.browser, pytest.mark.nodb, pytest.mark.django_db(transaction=True)]
LOOKS = {
    "light": {"resultTypes": ["violations"]},
    "dark": {"resultTypes": ["violations"], "runOnly": ["color-contrast"]},
}
GRAVE = {"serious", "critical"}
ROLES = {
    Role.BUREAU: "D01",
    Role.CLERK: "S01",
    Role.TOWN: "T01",
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
    from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

    axe, wrong, seen = Axe(), [], set()
    for user in people:
        client.force_login(user)
        context = browser.new_context(
            viewport=DESKTOP, locale="zh-CN", bypass_csp=True, reduced_motion="reduce"
        )
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
            if link in seen:  # by the one who sees most of it
                continue
            seen.add(link)
            page.goto(live_server.url + link)
            for theme, options in LOOKS.items():
                page.emulate_media(color_scheme=theme)
                for found in axe.run(page, options=options).response["violations"]:
                    if found["impact"] in GRAVE:
                        nodes = found["nodes"][0]
                        wrong.append(f"{user} {link} {theme}: {found['id']} {nodes['html'][:160]}")
            page.emulate_media(color_scheme="light")
            page.set_viewport_size(PHONE)
            try:
                page.wait_for_function(FITS, timeout=3000)  # charts take a moment to follow
            except PlaywrightTimeoutError:
                wrong.append(f"{user} {link} scrolls sideways on a phone")
            page.set_viewport_size(DESKTOP)
        context.close()
    assert len(seen) > 12
    assert not wrong, "\n".join(wrong)


def test_what_opens_over_a_page_keeps_nobody_out(browser, live_server, client, people):
    """The first log-in's tour, the person's menu, the help, a figure's lines, the reasons to send back, in both looks."""
    axe_playwright = pytest.importorskip("axe_playwright_python.sync_playwright")
    axe, wrong = axe_playwright.Axe(), []
    client.force_login(people[0])
    context = browser.new_context(viewport=DESKTOP, locale="zh-CN", bypass_csp=True, reduced_motion="reduce")
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page = context.new_page()
    opened = {
        "/help/?tour=1": ("[data-tour-next]", "[data-tour-back]:not([hidden])"),
        "/city/": (".topbar-person summary", ".person-menu"),
        "/todo/": ("[data-bs-target='#help-drawer']", "#help-drawer.show:not(.showing)"),
        "/standings/dept_town_total/": (
            "a[data-drawer]",
            "#explain-drawer.show:not(.showing) .counted-head, #explain-drawer p",
        ),
    }
    for address, (button, dialog) in opened.items():
        page.goto(live_server.url + address)
        page.locator(button).first.click()
        page.locator(dialog).first.wait_for()
        for theme in LOOKS:
            page.emulate_media(color_scheme=theme)
            for found in axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]:
                if found["impact"] in GRAVE:
                    wrong.append(f"{address} {theme}: {found['id']} {found['nodes'][0]['html'][:160]}")
    context.close()
    assert not wrong, "\n".join(wrong)

"""帮助: each page's own topic in its drawer, and everything on one page."""

import pytest

from cixi_xiezuo import VERSION
from cixi_xiezuo.helping import read, versions
from tests.factories import make_policy, make_unit, make_user
from tests.security.access import addresses
from units.models import Role

NO_PAGES = ("/healthz", "/readyz", "/metrics", "/api/", "/login/", "/logout/", "/public/")
"""For machines, or before anybody is logged in."""


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/", "start"),
        ("/unit/", "unit"),
        ("/purchases/3/", "purchases"),
        ("/bases/2021/S01/", "bases"),
        ("/tasks/list/", "tasks"),
        ("/initiatives/plan/", "initiatives"),
        ("/initiatives/tasks/board/", "plan_tasks"),
        ("/initiatives/kinds/pledge/new/", "pledges"),
        ("/help/", "start"),
    ],
)
def test_a_page_has_the_topic_of_its_address(path, key):
    assert read().of(path).key == key


def test_every_page_has_a_topic_of_its_own_not_everybodys():
    told = tuple(page for topic in read().topics for page in topic.pages if page != "/")
    lacking = [
        pattern
        for pattern in addresses().values()
        if pattern != "/" and not pattern.startswith(told + NO_PAGES)
    ]
    assert not lacking, f"cixi_xiezuo/help.toml: no topic for {lacking}"


def test_every_topic_answers_questions_and_no_two_share_a_key():
    topics = read().topics
    assert all(topic.text and topic.questions for topic in topics)
    assert len({topic.key for topic in topics}) == len(topics)


@pytest.mark.django_db
def test_the_drawer_and_the_help_page_show_it(client):
    make_policy()
    client.force_login(make_user("clerk", Role.CLERK, make_unit("D01")))
    page = client.get("/inbox/").content.decode()
    assert 'href="/help/#inbox"' in page and "没有电子发票怎么办" in page and "832平台" in page
    assert "为什么占比显示“缺基数”" not in page
    page = client.get("/help/").content.decode()
    assert all(topic.title in page for topic in read().topics)
    assert f"版本 {VERSION}" in page and versions()[0].number == VERSION
    assert all(term.meaning in page and term.clause in page for term in read().terms)

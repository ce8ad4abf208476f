"""The board, scoring and publicity in a browser: done by keys, and kept open to everybody."""

import datetime

import pytest
from django.core.cache import cache

from initiatives import records
from initiatives.models import Entry, Story
from initiatives.scoring import verbs
from initiatives.scoring.criteria import Item
from tests.factories import make_policy, make_unit, make_user
from tests.initiatives.browsing import barriers, opened
from units.kinds import Kind
from units.message import Message
from units.models import Role

pytestmark = [pytest.mark.browser, pytest.mark.nodb, pytest.mark.django_db(transaction=True)]
FIRST, LAST = datetime.date(2021, 1, 1), datetime.date(2021, 12, 31)


@pytest.fixture
def people():
    """A town with a task that is late, and the offices that follow it up."""
    make_policy()
    units = {
        code: make_unit(code, name=name) for code, name in (("D01", "市商务局"), ("D02", "市对口支援办"))
    }
    units["T01"] = make_unit("T01", Kind.TOWN, "临江镇")
    records.create_record("task", units["T01"], records.Content("产品进食堂", FIRST, LAST), by=None)
    items = (Item("宣传", "entered", 10000), Item("通报", "deduction", 2000))
    verbs.save_criteria(2021, items, by=None)
    roles = {"D01": Role.BUREAU, "D02": Role.OVERSIGHT, "T01": Role.CLERK}
    return {code: make_user(f"{role}-{code}", role, units[code]) for code, role in roles.items()}


def test_late_tasks_are_ticked_on_the_board_and_their_units_reminded_by_keys(
    browser, live_server, client, people
):
    page = opened(browser, live_server, client, people["D02"])
    page.goto(f"{live_server.url}/initiatives/tasks/board/")
    wrong = list(barriers(page))
    page.get_by_label("勾选催办 产品进食堂").press("Space")
    page.get_by_role("button", name="催办勾选的").press("Enter")
    page.get_by_text("2021 年第1、2、3、4季度进展未报").wait_for()
    wrong += barriers(page)
    page.get_by_role("button", name="发送").press("Enter")
    page.get_by_text("已催办 1 个单位").wait_for()
    page.context.close()
    assert "产品进食堂" in Message.objects.get(user=people["T01"]).body
    assert not wrong, "\n".join(wrong)


def test_a_score_is_given_with_its_reason_by_keys(browser, live_server, client, people):
    page = opened(browser, live_server, client, people["D01"])
    page.goto(f"{live_server.url}/initiatives/scores/")
    wrong = list(barriers(page))
    page.get_by_role("link", name="临江镇").press("Enter")
    page.get_by_label("指标").press("ArrowDown")
    page.get_by_label("分数").press_sequentially("7.5")
    page.get_by_label("理由").press_sequentially("逾期未整改")
    page.get_by_role("button", name="评定", exact=True).press("Enter")
    page.get_by_text("已评定“通报”").wait_for()
    wrong += barriers(page)
    page.context.close()
    assert (Entry.objects.get().points, Entry.objects.get().unit.name) == (750, "临江镇")
    assert not wrong, "\n".join(wrong)


def test_a_story_comes_from_its_unit_by_the_review_to_everybody(
    browser, live_server, client, people, png, settings
):
    settings.PUBLIC_PAGE = True
    cache.clear()
    page = opened(browser, live_server, client, people["T01"])
    page.goto(f"{live_server.url}/initiatives/stories/new/")
    wrong = list(barriers(page))
    page.get_by_label("类别").select_option("practice")
    page.get_by_label("标题").fill("土豆进食堂")
    page.get_by_label("正文").fill("每周一次布拖土豆日。")
    page.get_by_label("图片").set_input_files({"name": "现场.png", "mimeType": "image/png", "buffer": png})
    page.get_by_role("button", name="保存").press("Enter")
    page.get_by_role("button", name="提交审核").press("Enter")
    page.get_by_text("待审核").first.wait_for()
    page.context.close()
    page = opened(browser, live_server, client, people["D01"])
    page.goto(f"{live_server.url}/initiatives/stories/{Story.objects.get().pk}/")
    wrong += barriers(page)
    page.get_by_role("button", name="发布").press("Enter")
    page.get_by_text("已发布").first.wait_for()
    page.context.close()
    page = opened(browser, live_server, client)
    page.goto(f"{live_server.url}/public/")
    wrong += barriers(page)
    page.get_by_role("link", name="土豆进食堂").first.press("Enter")
    page.get_by_text("每周一次布拖土豆日。").wait_for()
    wrong += barriers(page)
    picture = page.get_by_role("img", name="土豆进食堂").first
    picture.scroll_into_view_if_needed()
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=picture.element_handle())
    page.context.close()
    assert not wrong, "\n".join(wrong)

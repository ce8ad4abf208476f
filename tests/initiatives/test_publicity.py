"""宣传与典型: written by units, published by another at 市商务局, and nothing else on the page for everybody."""

import io

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from cixi_xiezuo.errors import NotAllowed, Refused
from initiatives import papers
from initiatives.models import Paper, Story
from initiatives.publicity import stories
from initiatives.publicity.models import StoryState
from initiatives.publicity.stories import Content
from tests.factories import line, make_policy, make_purchase, make_unit, make_user
from units.kinds import Kind
from units.models import Role

pytestmark = pytest.mark.django_db
CONTENT = Content("practice", "土豆进食堂", "每周一次布拖土豆日。\n\n职工都说好。")
PLACE = "北纬三十度"


@pytest.fixture(autouse=True)
def fresh():
    cache.clear()


@pytest.fixture
def city():
    make_policy()
    units = {code: make_unit(code, Kind.TOWN, name) for code, name in (("T01", "临江镇"), ("T02", "远山镇"))}
    units["D01"] = make_unit("D01", name="市商务局")
    return units


@pytest.fixture
def people(city):
    return {
        "clerk": make_user("clerk", Role.CLERK, city["T01"]),
        "other": make_user("other", Role.CLERK, city["T02"]),
        "bureau": make_user("bureau", Role.BUREAU, city["D01"]),
    }


@pytest.fixture
def public(settings):
    settings.PUBLIC_PAGE = True
    return settings


def photo(name="现场.jpg"):
    """With a place that the camera wrote into it."""
    buffer, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = PLACE.encode().decode("latin-1")
    Image.new("RGB", (64, 48), "green").save(buffer, "JPEG", exif=exif)
    return SimpleUploadedFile(name, buffer.getvalue())


def published(unit, title="土豆进食堂", with_photo=False):
    story = stories.write(unit, Content("model", title, CONTENT.text), by=None)
    if with_photo:
        papers.attach("story", story, photo(), by=None)
    return stories.publish(stories.submit(story, by=None), by=None)


def act(client, story, name, **given):
    return client.post(f"/initiatives/stories/{story.pk}/act/", {"act": name, **given}, follow=True)


def test_from_the_draft_over_a_return_to_what_everybody_reads(client, city, people, media):
    client.force_login(people["clerk"])
    form = {"unit": "T01", "sort": "practice", "title": "土豆进食堂", "text": CONTENT.text}
    client.post("/initiatives/stories/new/", form | {"files": photo()})
    story = Story.objects.get()
    act(client, story, "submit")
    assert client.get(f"/initiatives/stories/{story.pk}/edit/").status_code == 404
    client.force_login(people["other"])
    assert client.get(f"/initiatives/stories/{story.pk}/").status_code == 404
    client.force_login(people["bureau"])
    assert "土豆进食堂" in client.get("/todo/").content.decode()
    assert act(client, story, "send_back", reason=" ").status_code == 422
    act(client, story, "send_back", reason="请写明数量")
    client.force_login(people["clerk"])
    assert "请写明数量" in client.get("/todo/").content.decode()
    changed = form | {"text": "每周五百斤。"}
    client.post(f"/initiatives/stories/{story.pk}/edit/", changed)
    act(client, story, "submit")
    client.force_login(people["bureau"])
    act(client, story, "publish")
    client.force_login(people["other"])
    page = client.get(f"/initiatives/stories/{story.pk}/").content.decode()
    paper = story.papers.get()
    assert "每周五百斤" in page and f"/initiatives/stories/pictures/{paper.pk}/" in page
    assert "现场.jpg" not in page and "请写明数量" not in page
    assert client.get(f"/initiatives/papers/{paper.pk}/").status_code == 404
    assert client.get(f"/initiatives/stories/pictures/{paper.pk}/").status_code == 200
    response = client.post("/exports/stories/", {"format": "csv"})
    assert "每周五百斤" in b"".join(response.streaming_content).decode("utf-8-sig")


def test_nobody_publishes_what_they_wrote_and_what_is_published_stays_as_it_was_read(city, people):
    own = stories.submit(stories.write(city["D01"], CONTENT, by=people["bureau"]), by=people["bureau"])
    with pytest.raises(NotAllowed, match="其他人审核"):
        stories.publish(own, by=people["bureau"])
    with pytest.raises(NotAllowed, match="市商务局审核"):
        stories.publish(own, by=people["clerk"])
    with pytest.raises(NotAllowed):
        stories.write(city["T02"], CONTENT, by=people["clerk"])
    story = published(city["T01"])
    with pytest.raises(Refused, match="不能修改"):
        stories.change(story, CONTENT, by=people["clerk"])
    with pytest.raises(NotAllowed):
        papers.attach("story", story, photo(), by=people["clerk"])
    stories.withdraw(story, by=people["clerk"], reason="有误")
    stories.change(story, CONTENT, by=people["clerk"])
    assert Story.objects.get(pk=story.pk).published_at is None


def test_without_the_setting_there_is_no_public_page(client, city, media):
    story = published(city["T01"], with_photo=True)
    paper = Paper.objects.get()
    for address in ("", f"stories/{story.pk}/", f"pictures/{paper.pk}/"):
        assert client.get(f"/public/{address}").status_code == 404


@pytest.mark.parametrize("state", [state for state in StoryState if state != StoryState.PUBLISHED])
def test_what_is_not_published_is_nowhere_public(client, city, public, media, state):
    story = published(city["T01"], "内部稿件", with_photo=True)
    Story.objects.filter(pk=story.pk).update(state=state, published_at=None, reason="内情")
    page = client.get("/public/").content.decode()
    assert "内部稿件" not in page and "还没有发布的稿件" in page
    assert client.get(f"/public/stories/{story.pk}/").status_code == 404
    assert client.get(f"/public/pictures/{Paper.objects.get().pk}/").status_code == 404


def test_the_public_page_tells_the_citys_totals_and_nothing_of_a_unit(client, city, public):
    make_purchase(city["T02"], line("1234567.89", product="机密产品"), number="机密-1", supplier="机密供应商")
    make_purchase(city["T01"], line("1000.00", region="常山县"))
    published(city["T01"])
    response = client.get("/public/")
    page = response.content.decode()
    assert "123.55" in page and "6,600.00" in page and "1.87%" in page and "123.45" in page
    assert "土豆进食堂" in page and "临江镇" in page
    for hidden in ("机密", "远山镇", "T02", "1,234,567.89", "0.10%"):
        assert hidden not in page


def test_a_picture_is_shown_without_what_the_camera_wrote(client, city, public, media):
    story = published(city["T01"], with_photo=True)
    assert (
        f"/public/pictures/{Paper.objects.get().pk}/"
        in client.get(f"/public/stories/{story.pk}/").content.decode()
    )
    response = client.get(f"/public/pictures/{Paper.objects.get().pk}/")
    assert response["Content-Type"] == "image/jpeg" and PLACE.encode() not in response.content
    with Image.open(io.BytesIO(response.content)) as image:
        assert image.size == (64, 48) and not image.getexif()


def test_anybody_gets_the_same_page_which_caches_may_keep(client, city, people, public):
    published(city["T01"])
    nobody = client.get("/public/")
    signed_in = Client()
    signed_in.force_login(people["clerk"])
    signed_in.cookies["theme"] = "dark"
    response = signed_in.get("/public/")
    assert response.content == nobody.content
    for each in (nobody, response):
        assert each["Cache-Control"] == "public, max-age=300"
        assert not each.cookies and "Vary" not in each
        assert "default-src 'none'" in each["Content-Security-Policy"]
    assert signed_in.get("/initiatives/stories/").status_code == 200


def test_the_pages_ask_the_database_little(client, city, people, public, django_assert_max_num_queries):
    for number in range(15):
        story = published(city["T01"], f"第 {number} 篇")
    for address, most in (("", 7), ("?page=2", 4), (f"stories/{story.pk}/", 2)):
        with django_assert_max_num_queries(most):
            assert client.get(f"/public/{address}").status_code == 200
    with django_assert_max_num_queries(3):
        assert "第 14 篇" in client.get("/public/").content.decode()
    client.force_login(people["bureau"])
    client.get("/initiatives/")
    for address in ("", f"{story.pk}/", "new/"):
        with django_assert_max_num_queries(12):
            assert client.get(f"/initiatives/stories/{address}").status_code == 200


def test_too_many_from_one_address_are_told_to_wait(client, city, public):
    public.THROTTLE_PER_PERSON = public.THROTTLE_PER_PERSON | {"public": 1}
    answers = [client.get("/public/").status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]
    assert "public" not in client.get("/public/").get("Cache-Control", "")
    assert Client(REMOTE_ADDR="10.0.0.9").get("/public/").status_code == 200


def test_a_picture_that_could_not_be_drawn_for_once_is_drawn_later(client, city, public, media, monkeypatch):
    published(city["T01"], with_photo=True)
    address = f"/public/pictures/{Paper.objects.get().pk}/"
    with monkeypatch.context() as busy:
        busy.setattr("procurement.previews.photo_limited", lambda *_: None)
        assert client.get(address).status_code == 404
    assert client.get(address).status_code == 404  # not at once: a hostile file would keep the machine busy
    cache.clear()  # as the minute is over
    assert client.get(address).status_code == 200

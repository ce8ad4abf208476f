"""Stories in each of their states, and recognised suppliers and products."""

from __future__ import annotations

import datetime

from django.utils import timezone

from initiatives.publicity import stories
from initiatives.publicity.models import StorySort
from initiatives.publicity.stories import Content
from procurement.models import Product, Supplier
from units.models import Unit, User

POTATO = Content(
    StorySort.PRACTICE,
    "每周一次“布拖土豆日”",
    "学校食堂每周安排一天布拖土豆菜，菜单由学生投票。\n\n一学期下来，师生都说好。",
)
TEA = Content(StorySort.PRODUCT, "一杯苦荞茶", "苦荞生长在高原，炒制后清香，适合办公室饮用。")
FAIR = Content(StorySort.MODEL, "把展位留给合作社", "秋季农博会为结对地区合作社免费提供展位，三天签下订单。")


def load(units: dict[str, Unit], users: dict[str, User]) -> None:
    for content, sent, published in ((POTATO, True, True), (FAIR, True, False), (TEA, False, False)):
        story = stories.write(units["S01"], content, by=users["clerk"])
        if sent:
            story = stories.submit(story, by=users["clerk"])
        if published:
            stories.publish(story, by=users["bureau"])
    _recognise()


def _recognise() -> None:
    """Three suppliers and two products, the first of each for a few days more."""
    today = timezone.localdate()
    for model, count in ((Supplier, 3), (Product, 2)):
        for number, entry in enumerate(model._default_manager.order_by("pk")[:count], start=1):
            entry.recognition_number = f"示例认定{number:03}"
            entry.recognised_until = today + datetime.timedelta(days=20 if number == 1 else 200 * number)
            entry.save()

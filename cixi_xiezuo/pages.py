"""What views share: pages of a long list, and a verb that was refused told to the person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme

from cixi_xiezuo import incidents
from cixi_xiezuo.errors import Refused

PER_PAGE = 50


class Bounded(Paginator):  # type: ignore[type-arg]  # no generic when it runs
    """Counts no further than `most` rows, and has no pages beyond them; `more`: there are further rows."""

    more = False

    def __init__(self, rows: Any, per_page: int, most: int) -> None:
        super().__init__(rows, per_page)
        self.most = most

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        found: int = rows.order_by()[: self.most + 1].count()
        self.more = found > self.most
        return min(found, self.most)


def page_of(
    request: HttpRequest, rows: Any, per_page: int = PER_PAGE, count: int | None = None, most: int = 0
) -> Page[Any]:
    """The page that `?page=` asks for; a wrong number gives the nearest page there is.

    `count`: how many rows there are, where that is known already; `most`: a query is counted and leafed through so far.
    """
    paginator = Bounded(rows, per_page, most) if most else Paginator(rows, per_page)
    if count is not None:
        paginator.count = count
    return paginator.get_page(request.GET.get("page"))


@contextmanager
def told(request: HttpRequest, success: str = "") -> Iterator[None]:
    """Run a verb: its refusal becomes a message instead of an error page; `success` is said otherwise."""
    try:
        yield
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        if success:
            messages.success(request, success)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for a request that is refused before any view sees it: what was too much, and what would do."""
    sentences: dict[type[Exception], str] = {
        TooManyFilesSent: f"一次上传的文件超过 {settings.DATA_UPLOAD_MAX_NUMBER_FILES} 个，没有保存任何一个。请分批上传。",
        TooManyFieldsSent: "一次提交的填写项过多，没有保存。请返回后把采购明细分成几笔登记，每笔不超过 1000 行。",
        RequestDataTooBig: "一次提交的文字过多，没有保存。请返回后缩短备注或分成几笔登记。",
    }
    sentence = sentences.get(type(exception), "提交的内容不完整或格式有误，没有保存。请返回后重新提交。")
    return render(request, "400.html", {"sentence": sentence}, status=400)


def way_back(request: HttpRequest, asked: str) -> str:
    """The address that a page asked to be led back to, where it is one of ours; else the front page."""
    ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if ours and asked.startswith("/") else "/"


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for what nobody foresaw: a number to quote, and nothing of the inside. Asks the database nothing."""
    words = {"site_name": settings.SITE_NAME, "incident": incidents.NUMBER.get()}
    return HttpResponse(render_to_string("500.html", words), status=500)

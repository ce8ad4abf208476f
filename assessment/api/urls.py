"""Addresses of the interface."""

from django.urls import URLPattern, path, re_path

from assessment.api.views import (
    api_changes,
    api_explain,
    api_nothing,
    api_purchases,
    api_schema,
    api_standings,
    api_units,
)

urlpatterns: list[URLPattern] = [
    path("openapi.json", api_schema, name="api_schema"),
    path("units", api_units, name="api_units"),
    path("purchases", api_purchases, name="api_purchases"),
    path("changes", api_changes, name="api_changes"),
    path("standings/<str:year>", api_standings, name="api_standings"),
    path("explain/<str:year>/<str:rule>", api_explain, name="api_explain"),
    re_path(r"^[\s\S]*$", api_nothing, name="api_nothing"),
]

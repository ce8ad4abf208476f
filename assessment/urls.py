"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, path

from assessment.views.counted import counted
from assessment.views.home import home
from assessment.views.my_unit import my_unit

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("unit/", my_unit, name="my_unit"),
    path("purchases/<int:pk>/counted/", counted, name="counted"),
]

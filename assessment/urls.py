"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, path

from assessment.views.city import city
from assessment.views.counted import counted
from assessment.views.explain import explain
from assessment.views.home import home
from assessment.views.my_unit import my_unit
from assessment.views.policy import policy
from assessment.views.standings import standings, standings_index
from assessment.views.unit import unit
from assessment.views.unit_edit import edit as unit_edit
from assessment.views.unit_edit import new as unit_new
from assessment.views.whatif import city as whatif_city
from assessment.views.whatif import unit as whatif_unit
from assessment.views.workbook import workbook

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("unit/", my_unit, name="my_unit"),
    path("purchases/<int:pk>/counted/", counted, name="counted"),
    path("city/", city, name="city"),
    path("units/new/", unit_new, name="unit_new"),
    path("units/<str:code>/", unit, name="unit"),
    path("units/<str:code>/edit/", unit_edit, name="unit_edit"),
    path("standings/", standings_index, name="standings_index"),
    path("standings/<str:rule>/", standings, name="standings"),
    path("explain/<int:year>/<str:rule>/", explain, name="explain"),
    path("whatif/", whatif_city, name="whatif"),
    path("whatif/<str:code>/", whatif_unit, name="whatif_unit"),
    path("workbook/<int:year>/", workbook, name="workbook"),
    path("policy/<int:year>/", policy, name="policy"),
]

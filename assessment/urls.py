"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, include, path

from assessment.views import sealing
from assessment.views.base import base, confirm, send_back
from assessment.views.base_evidence import attach, document
from assessment.views.bases import confirm_many, deadline
from assessment.views.bases import index as bases
from assessment.views.city import city, wall
from assessment.views.counted import counted
from assessment.views.explain import explain
from assessment.views.explain import export as explain_export
from assessment.views.home import home
from assessment.views.my_unit import my_unit
from assessment.views.notice import notice
from assessment.views.papers import city_paper, pack_part, packs, unit_paper, unit_papers
from assessment.views.policies import new_policy, policies
from assessment.views.policy import policy
from assessment.views.policy_edit import (
    policy_discard,
    policy_head,
    policy_pairings,
    policy_rule,
    policy_rule_remove,
)
from assessment.views.policy_force import policy_force
from assessment.views.remind import remind_units
from assessment.views.standings import standings, standings_index
from assessment.views.todo import todo
from assessment.views.unit import unit
from assessment.views.unit_edit import edit as unit_edit
from assessment.views.unit_edit import new as unit_new
from assessment.views.whatif import city as whatif_city
from assessment.views.whatif import unit as whatif_unit
from assessment.views.workbook import workbook

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("api/v1/", include("assessment.api.urls")),
    path("todo/", todo, name="todo"),
    path("remind/", remind_units, name="remind"),
    path("unit/", my_unit, name="my_unit"),
    path("purchases/<int:pk>/counted/", counted, name="counted"),
    path("bases/", bases, name="bases"),
    path("bases/confirm/", confirm_many, name="bases_confirm"),
    path("bases/deadline/", deadline, name="bases_deadline"),
    path("bases/<int:year>/<str:code>/", base, name="base"),
    path("bases/<int:year>/<str:code>/evidence/", attach, name="base_attach"),
    path("bases/<int:year>/<str:code>/evidence/<int:pk>/", document, name="base_document"),
    path("bases/<int:year>/<str:code>/confirm/", confirm, name="base_confirm"),
    path("bases/<int:year>/<str:code>/return/", send_back, name="base_return"),
    path("city/", city, name="city"),
    path("city/wall/", wall, name="wall"),
    path("units/new/", unit_new, name="unit_new"),
    path("units/<str:code>/", unit, name="unit"),
    path("units/<str:code>/sheet/", unit_paper, name="unit_paper"),
    path("units/<str:code>/edit/", unit_edit, name="unit_edit"),
    path("standings/", standings_index, name="standings_index"),
    path("standings/sheets/", unit_papers, name="unit_papers"),
    path("standings/notice/", notice, name="notice"),
    path("standings/<str:rule>/", standings, name="standings"),
    path("explain/<int:year>/<str:rule>/", explain, name="explain"),
    path("explain/<int:year>/<str:rule>/export/", explain_export, name="explain_export"),
    path("whatif/", whatif_city, name="whatif"),
    path("whatif/<str:code>/", whatif_unit, name="whatif_unit"),
    path("sealing/", sealing.index, name="sealing_index"),
    path("sealing/<int:year>/", sealing.sealing_of, name="sealing"),
    path("sealing/<int:year>/lock/", sealing.lock, name="sealing_lock"),
    path("sealing/<int:year>/ask/", sealing.ask, name="sealing_ask"),
    path("sealing/<int:year>/openings/<int:pk>/", sealing.decide, name="sealing_decide"),
    path("sealing/<int:year>/check/", sealing.check, name="sealing_check"),
    path("sealing/<int:year>/differences/", sealing.differences, name="sealing_differences"),
    path("sealing/<int:year>/versions/<int:version>/", sealing.snapshot, name="snapshot"),
    path("workbook/<int:year>/", workbook, name="workbook"),
    path("workbook/<int:year>/summary/", city_paper, name="city_paper"),
    path("packs/<int:year>/", packs, name="packs"),
    path("packs/<int:year>/<int:number>/", pack_part, name="pack_part"),
    path("policies/", policies, name="policies"),
    path("policies/new/", new_policy, name="new_policy"),
    path("policy/<int:year>/", policy, name="policy"),
    path("policy/<int:year>/edit/", policy_head, name="policy_head"),
    path("policy/<int:year>/edit/pairings/", policy_pairings, name="policy_pairings"),
    path("policy/<int:year>/edit/rules/<str:kind>/", policy_rule, name="policy_rule"),
    path("policy/<int:year>/edit/rules/<str:kind>/remove/", policy_rule_remove, name="policy_rule_remove"),
    path("policy/<int:year>/discard/", policy_discard, name="policy_discard"),
    path("policy/<int:year>/force/", policy_force, name="policy_force"),
]

"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, path

from initiatives.views import acts, applications, blacklist, complaints, inspections, papers, records, schemes
from initiatives.views.calendar import activities
from initiatives.views.coverage import outlets
from initiatives.views.plan import plan_page
from initiatives.views.tasks import create_tasks

urlpatterns: list[URLPattern | URLResolver] = [
    path("initiatives/", records.index, name="initiatives"),
    path("initiatives/plan/", plan_page, name="initiatives_plan"),
    path("initiatives/tasks/create/", create_tasks, name="create_tasks"),
    path("initiatives/activities/", activities, name="activities"),
    path("initiatives/outlets/", outlets, name="outlets"),
    path("initiatives/complaints/", complaints.listing, name="complaints"),
    path("initiatives/complaints/new/", complaints.new, name="new_complaint"),
    path("initiatives/complaints/<int:pk>/", complaints.detail, name="complaint"),
    path("initiatives/complaints/<int:pk>/act/", complaints.act, name="complaint_act"),
    path("initiatives/complaints/<int:pk>/attach/", papers.complaint_attach, name="complaint_attach"),
    path("initiatives/blacklist/", blacklist.listing, name="blacklist"),
    path("initiatives/blacklist/new/", blacklist.new, name="new_blacklisting"),
    path("initiatives/blacklist/<int:pk>/", blacklist.detail, name="blacklisting"),
    path("initiatives/blacklist/<int:pk>/act/", blacklist.act, name="blacklisting_act"),
    path("initiatives/inspections/", inspections.listing, name="inspections"),
    path("initiatives/inspections/new/", inspections.new, name="new_inspection"),
    path("initiatives/inspections/<int:pk>/", inspections.detail, name="inspection"),
    path("initiatives/inspections/<int:pk>/act/", inspections.act, name="inspection_act"),
    path("initiatives/inspections/<int:pk>/attach/", papers.inspection_attach, name="inspection_attach"),
    path("initiatives/questions/<int:pk>/answer/", inspections.answer, name="question_answer"),
    path("initiatives/revocations/<int:pk>/act/", inspections.decide, name="revocation_act"),
    path("initiatives/schemes/", schemes.listing, name="schemes"),
    path("initiatives/schemes/new/", schemes.new, name="new_scheme"),
    path("initiatives/schemes/<int:pk>/", schemes.detail, name="scheme"),
    path("initiatives/schemes/<int:pk>/edit/", schemes.edit, name="scheme_edit"),
    path("initiatives/schemes/<int:pk>/publicity/", schemes.publicity, name="scheme_publicity"),
    path("initiatives/schemes/<int:pk>/apply/", applications.new, name="new_application"),
    path("initiatives/applications/", applications.listing, name="applications"),
    path("initiatives/applications/<int:pk>/", applications.detail, name="application"),
    path("initiatives/applications/<int:pk>/edit/", applications.edit, name="application_edit"),
    path("initiatives/applications/<int:pk>/act/", applications.act, name="application_act"),
    path("initiatives/applications/<int:pk>/link/", applications.link, name="application_link"),
    path("initiatives/applications/<int:pk>/unlink/", applications.unlink, name="application_unlink"),
    path("initiatives/applications/<int:pk>/attach/", papers.application_attach, name="application_attach"),
    path("initiatives/papers/<int:pk>/", papers.paper_file, name="paper"),
    path("initiatives/papers/<int:pk>/remove/", papers.paper_remove, name="paper_remove"),
    path("initiatives/kinds/<slug:kind>/", records.listing, name="records"),
    path("initiatives/kinds/<slug:kind>/new/", records.new, name="new_record"),
    path("initiatives/<int:pk>/", records.detail, name="record"),
    path("initiatives/<int:pk>/edit/", records.edit, name="record_edit"),
    path("initiatives/<int:pk>/move/", acts.move, name="record_move"),
    path("initiatives/<int:pk>/change/", acts.change_from, name="record_change_from"),
    path("initiatives/<int:pk>/link/", acts.link, name="record_link"),
    path("initiatives/<int:pk>/sales/", acts.sales, name="record_sales"),
    path("initiatives/<int:pk>/unlink/", acts.unlink, name="record_unlink"),
    path("initiatives/<int:pk>/attach/", acts.attach, name="record_attach"),
    path("initiatives/evidence/<int:pk>/", acts.evidence_file, name="record_evidence"),
    path("initiatives/evidence/<int:pk>/remove/", acts.detach, name="record_detach"),
]

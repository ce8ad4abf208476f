"""Every address of the site: each app brings its own."""

from django.urls import include, path

from cixi_xiezuo.display import display
from cixi_xiezuo.exports.views import export
from cixi_xiezuo.health import healthz, metrics, readyz
from cixi_xiezuo.helping import help_page

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("", include("cixi_xiezuo.jobs.urls")),
    path("display/", display, name="display"),
    path("help/", help_page, name="help"),
    path("exports/<slug:slug>/", export, name="export"),
    path("", include("units.urls")),
    path("", include("procurement.urls")),
    path("", include("assessment.urls")),
    path("", include("initiatives.urls")),
]

handler400 = "cixi_xiezuo.pages.bad_request"
handler500 = "cixi_xiezuo.pages.server_error"

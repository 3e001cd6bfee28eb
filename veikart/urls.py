from django.conf import settings
from django.urls import include, path

from accounts.views import set_language
from common.views import components
from phases.views.start import start
from veikart.health import healthz, readyz

handler500 = "veikart.errors.server_error"

urlpatterns = [
    path("", start, name="start"),
    path("", include("accounts.urls")),
    path("metode/", include("methodology.urls")),
    path("redigering/", include("authoring.urls")),
    path("prosjekter/<int:project_id>/metode/", include("authoring.project_urls")),
    path("prosjekter/", include("phases.urls")),
    # Before the tools' own: worksheets have more pages than other tools.
    path("prosjekter/<int:project_id>/", include("worksheets.urls")),
    path("prosjekter/<int:project_id>/", include("tools.urls")),
    path("prosjekter/<int:project_id>/", include("projects.urls")),
    path("innboks/", include("inbox.urls")),
    path("rapporter/", include("reports.urls")),
    path("sprak/", set_language, name="set_language"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]

if settings.DEBUG:
    urlpatterns.append(path("_components/", components, name="components"))

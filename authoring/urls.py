"""The editor: methods, their drafts and versions, and an organisation's adjustments."""

from django.urls import include, path

from authoring import overlay_urls
from authoring.views import drafts, files, methods, parts, publishing

app_name = "authoring"
urlpatterns = [
    path("", methods.index, name="index"),
    path("last-opp/", files.upload, name="upload"),
    path("<slug:key>/", methods.method, name="method"),
    path("<slug:key>/historikk/", methods.history, name="history"),
    path("<slug:key>/sammenlign/", publishing.compare_versions, name="compare"),
    path("<slug:key>/<int:number>/fil/", files.download, name="download"),
    path("<slug:key>/<int:number>/kopier/", methods.copy, name="copy"),
    path("<slug:key>/<int:number>/egen-kopi/", methods.copy_own, name="copy_own"),
    path("<slug:key>/utkast/", parts.draft, name="draft"),
    path("<slug:key>/utkast/del/<path:address>/", parts.part, name="part"),
    path("<slug:key>/utkast/ny/<path:address>/", parts.part_add, name="part_add"),
    path("<slug:key>/utkast/flytt/<path:address>/", parts.part_move, name="part_move"),
    path("<slug:key>/utkast/fjern/<path:address>/", parts.part_remove, name="part_remove"),
    path("<slug:key>/utkast/angre/", parts.part_restore, name="part_restore"),
    path("<slug:key>/utkast/ark/<slug:sheet_key>/", parts.sheet, name="sheet"),
    path("<slug:key>/utkast/forhandsvis/", drafts.preview, name="preview"),
    path(
        "<slug:key>/utkast/forhandsvis/<slug:phase_key>/",
        drafts.preview_phase,
        name="preview_phase",
    ),
    path(
        "<slug:key>/utkast/forhandsvis/<slug:phase_key>/<slug:step_key>/",
        drafts.preview_step,
        name="preview_step",
    ),
    path("<slug:key>/utkast/publiser/", publishing.publish, name="publish"),
    path("<slug:key>/utkast/forkast/", drafts.discard, name="discard"),
    path("<slug:key>/tilpasning/", include(overlay_urls)),
]

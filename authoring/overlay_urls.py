"""Where an organisation adjusts a method. Part of ``authoring.urls``."""

from django.urls import path

from authoring.views import overlay_parts, overlays

urlpatterns = [
    path("", overlays.overlay, name="overlay"),
    path("begynn/", overlays.begin, name="overlay_begin"),
    path("rydd/", overlays.tidy, name="overlay_tidy"),
    path("forkast/", overlays.discard, name="overlay_discard"),
    path("publiser/", overlays.publish, name="overlay_publish"),
    path("forhandsvis/", overlays.preview, name="overlay_preview"),
    path("forhandsvis/<slug:phase_key>/", overlays.preview, name="overlay_preview_phase"),
    path("steg/<slug:step_key>/", overlay_parts.step, name="overlay_step"),
    path(
        "kriterium/<slug:gate_key>/<slug:criterion_key>/",
        overlay_parts.criterion,
        name="overlay_criterion",
    ),
    path("eget-steg/", overlay_parts.own_step, name="overlay_step_add"),
    path("eget-steg/<slug:step_key>/", overlay_parts.own_step, name="overlay_own_step"),
    path(
        "eget-kriterium/<slug:gate_key>/",
        overlay_parts.own_criterion,
        name="overlay_criterion_add",
    ),
    path(
        "eget-kriterium/<slug:gate_key>/<slug:criterion_key>/",
        overlay_parts.own_criterion,
        name="overlay_own_criterion",
    ),
    path("fjern/<slug:part>/<slug:part_key>/", overlay_parts.remove, name="overlay_remove"),
    path("merknad/<slug:kind>/<slug:part_key>/", overlay_parts.note, name="overlay_note"),
]

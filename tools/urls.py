from django.urls import path

from tools.views import pages, registers, rows, slots

app_name = "tools"
urlpatterns = [
    path("verktoy/", pages.index, name="index"),
    path("verktoy/plass/<slug:slot_key>/", slots.slot, name="slot"),
    path("verktoy/plass/<slug:slot_key>/relevans/", slots.relevance, name="relevance"),
    path("verktoy/<slug:tool_slug>/", pages.tool, name="tool"),
    path("verktoy/<slug:tool_slug>/<slug:register_slug>/", registers.register, name="register"),
    path(
        "verktoy/<slug:tool_slug>/<slug:register_slug>/eksport.xlsx",
        registers.export,
        name="export",
    ),
    path("verktoy/<slug:tool_slug>/<slug:register_slug>/ny/", rows.row_create, name="row_create"),
    path(
        "verktoy/<slug:tool_slug>/<slug:register_slug>/<int:row_id>/",
        rows.row_edit,
        name="row_edit",
    ),
    path(
        "verktoy/<slug:tool_slug>/<slug:register_slug>/<int:row_id>/slett/",
        rows.row_delete,
        name="row_delete",
    ),
    path(
        "verktoy/<slug:tool_slug>/<slug:register_slug>/<int:row_id>/gjenopprett/",
        rows.row_restore,
        name="row_restore",
    ),
    path(
        "verktoy/<slug:tool_slug>/<slug:register_slug>/<int:row_id>/flytt/",
        rows.row_move,
        name="row_move",
    ),
]

from django.urls import path

from tools.links import content_slug
from worksheets.views import earlier, history, pictures, rows, sheets

app_name = "worksheets"
_SHEET = f"verktoy/{content_slug('<slug:worksheet_key>')}/"
_TABLE = f"{_SHEET}rader/<slug:field_key>/"
_ROW = f"{_TABLE}<slug:row_id>/"
_PICTURE = f"{_SHEET}bilde/<slug:field_key>/"
urlpatterns = [
    path(f"{_SHEET}fyll-ut/", sheets.edit, name="edit"),
    path(f"{_TABLE}ny/", rows.row_create, name="row_create"),
    path(_ROW, rows.row_edit, name="row_edit"),
    path(f"{_ROW}slett/", rows.row_delete, name="row_delete"),
    path(f"{_ROW}gjenopprett/", rows.row_restore, name="row_restore"),
    path(f"{_ROW}flytt/", rows.row_move, name="row_move"),
    path(_PICTURE, pictures.picture_edit, name="picture_edit"),
    path(f"{_PICTURE}fjern/", pictures.picture_remove, name="picture_remove"),
    path(f"{_SHEET}historikk/", history.history, name="history"),
    path(f"{_SHEET}historikk/sammenlign/", history.compare, name="compare"),
    path(
        f"{_SHEET}historikk/<int:number>/hent-tilbake/",
        history.revision_bring_back,
        name="bring_back",
    ),
    path(f"{_SHEET}tidligere/", earlier.earlier, name="earlier"),
    path(f"{_SHEET}tidligere/overta/", earlier.take_over, name="take_over"),
    path("verktoy/bilder/<int:picture_id>/", pictures.picture, name="picture"),
]

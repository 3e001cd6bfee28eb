from django.urls import path

from phases.views import routes

urlpatterns = [
    path("hvem-beslutter/", routes.routes, name="routes"),
    path("hvem-beslutter/ny/", routes.route_create, name="route_create"),
    path("hvem-beslutter/<int:route_id>/", routes.route_edit, name="route_edit"),
    path("hvem-beslutter/<int:route_id>/flytt/", routes.route_move, name="route_move"),
    path("hvem-beslutter/<int:route_id>/slett/", routes.route_delete, name="route_delete"),
]

"""A project and its method: the version it stands on, and moving to another."""

from django.urls import path

from authoring.views import moving

app_name = "project_method"
urlpatterns = [
    path("", moving.method, name="method"),
    path("flytt/", moving.move, name="move"),
]

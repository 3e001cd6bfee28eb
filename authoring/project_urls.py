"""A project and its method: the version it stands on, and moving to another."""

from django.urls import URLPattern

app_name = "project_method"
urlpatterns: list[URLPattern] = []

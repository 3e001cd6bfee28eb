"""The editor: methods, their drafts and versions, and an organisation's adjustments."""

from django.urls import URLPattern

app_name = "authoring"
urlpatterns: list[URLPattern] = []

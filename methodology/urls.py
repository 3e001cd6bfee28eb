from django.urls import path

from methodology import views

app_name = "methodology"
urlpatterns = [
    path("", views.index, name="index"),
    path("sok/", views.search, name="search"),
    path("<slug:key>/", views.method, name="method"),
    path("<slug:key>/verktoy/<slug:slot_key>/", views.tool, name="tool"),
    path("<slug:key>/<slug:phase_key>/", views.phase, name="phase"),
    path("<slug:key>/<slug:phase_key>/<slug:step_key>/", views.step, name="step"),
]

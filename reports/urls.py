from django.urls import path

from reports import papers, printouts, views

app_name = "reports"

urlpatterns = [
    path("", views.index, name="index"),
    path("bestill/", views.order, name="order"),
    path("prosjekt/<int:project_id>/", views.project_reports, name="project"),
    path(
        "prosjekt/<int:project_id>/skriv-ut/<slug:tool_slug>/",
        printouts.order,
        name="printout",
    ),
    path(
        "prosjekt/<int:project_id>/beslutning/<int:decision_id>/", papers.decision, name="decision"
    ),
    path("prosjekt/<int:project_id>/arkivpakke/", papers.archive, name="archive"),
    path("<int:job_id>/", views.job, name="job"),
    path("<int:job_id>/hent/", views.download, name="download"),
    path("<int:job_id>/avbryt/", views.cancel, name="cancel"),
    path("<int:job_id>/igjen/", views.retry, name="retry"),
    path("<int:job_id>/slett/", views.delete, name="delete"),
]

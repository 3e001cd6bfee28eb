from django.urls import path

from phases.views import closing, projects, walk

urlpatterns = [
    path("", projects.projects, name="projects"),
    path("ny/", projects.project_create, name="project_create"),
    path("<int:project_id>/", walk.project, name="project"),
    path("<int:project_id>/fase/<slug:phase_key>/", walk.phase, name="phase"),
    path("<int:project_id>/steg/<slug:step_key>/", walk.step, name="step"),
    path("<int:project_id>/avslutning/<slug:step_key>/", closing.closing_step, name="closing_step"),
]

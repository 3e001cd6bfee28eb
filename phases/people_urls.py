from django.urls import path

from phases.views import people

urlpatterns = [
    path("<int:project_id>/utnevn/<slug:role>/", people.appoint, name="appoint"),
    path("<int:project_id>/forslag/<int:proposal_id>/", people.proposal, name="proposal"),
    path("<int:project_id>/historikk/", people.history, name="history"),
]

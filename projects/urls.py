from django.urls import path

from projects import views

app_name = "projects"
urlpatterns = [
    path("rediger/", views.edit, name="edit"),
    path("team/", views.team, name="team"),
    path("team/inviter/", views.invite, name="invite"),
    path("team/<int:membership_id>/", views.member_change, name="member_change"),
    path("team/<int:membership_id>/avslutt/", views.member_end, name="member_end"),
]

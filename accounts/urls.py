from django.urls import path

from accounts import auth_views, deputy_views, views

app_name = "accounts"

urlpatterns = [
    path("logg-inn/", auth_views.SignInView.as_view(), name="login"),
    path("logg-ut/", auth_views.SignOutView.as_view(), name="logout"),
    path("passord/glemt/", auth_views.PasswordResetView.as_view(), name="password_reset"),
    path(
        "passord/glemt/sendt/",
        auth_views.PasswordResetDoneView.as_view(),
        name="password_reset_done",
    ),
    path(
        "passord/velg/<uidb64>/<token>/",
        auth_views.PasswordResetConfirmView.as_view(),
        name="password_reset_confirm",
    ),
    path(
        "passord/valgt/",
        auth_views.PasswordResetCompleteView.as_view(),
        name="password_reset_complete",
    ),
    path("passord/", auth_views.PasswordChangeView.as_view(), name="password_change"),
    path(
        "passord/endret/",
        auth_views.PasswordChangeDoneView.as_view(),
        name="password_change_done",
    ),
    path("profil/", views.profile, name="profile"),
    path("profil/stedfortredere/", deputy_views.own_deputies, name="deputies"),
    path(
        "profil/stedfortredere/<int:deputy_id>/avslutt/",
        deputy_views.deputy_end,
        name="deputy_end",
    ),
    path("fortsett/", views.show_kept_form, name="resume"),
    path("fortsett/forkast/", views.discard_kept_form, name="resume_discard"),
    path("organisasjon/", views.people, name="people"),
    path("organisasjon/opplysninger/", views.organisation_edit, name="organisation_edit"),
    path("organisasjon/personer/ny/", views.person_invite, name="person_invite"),
    path("organisasjon/personer/<int:person_id>/", views.person_edit, name="person_edit"),
    path("organisasjon/personer/<int:person_id>/steng/", views.person_close, name="person_close"),
    path("organisasjon/personer/<int:person_id>/apne/", views.person_reopen, name="person_reopen"),
    path(
        "organisasjon/personer/<int:person_id>/invitasjon/",
        views.person_send_invitation,
        name="person_send_invitation",
    ),
    path(
        "organisasjon/personer/<int:person_id>/stedfortredere/",
        deputy_views.person_deputies,
        name="person_deputies",
    ),
    path("organisasjon/enheter/", views.units, name="units"),
    path("organisasjon/enheter/ny/", views.unit_create, name="unit_create"),
    path("organisasjon/enheter/<int:unit_id>/", views.unit_edit, name="unit_edit"),
]

"""Django's own views for signing in and for passwords, with our forms and pages."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import views
from django.contrib.auth.decorators import login_not_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from accounts import forms, resume
from accounts.models import User
from accounts.services import link_lifetime_days


class SignInView(views.LoginView):
    template_name = "accounts/sign_in.html"
    authentication_form = forms.SignInForm
    redirect_authenticated_user = True

    def get_success_url(self) -> str:
        """Where the person was going, or what they had written when the session ended."""
        target = super().get_success_url()
        if resume.kept_form(self.request, target) is None:
            return target
        return f"{reverse('accounts:resume')}?{urlencode({'path': target})}"


@method_decorator(login_not_required, name="dispatch")
class SignOutView(views.LogoutView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        response.delete_cookie(resume.COOKIE, samesite="Lax")
        return response


class PasswordResetView(views.PasswordResetView):
    template_name = "form_page.html"
    form_class = forms.PasswordRequestForm
    email_template_name = "accounts/mail/password_reset.txt"
    subject_template_name = "accounts/mail/password_reset_subject.txt"
    success_url = reverse_lazy("accounts:password_reset_done")
    title = _("Choose a new password")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "cancel_url": reverse("accounts:login")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            lead=_("Write your e-mail address, and we send you a link."), **kwargs
        )

    def form_valid(self, form: BaseForm) -> HttpResponse:
        self.extra_email_context = {"days": link_lifetime_days()}
        return super().form_valid(form)


class PasswordResetDoneView(views.PasswordResetDoneView):
    template_name = "accounts/password_reset_done.html"
    title = _("Look in your inbox")


class PasswordResetConfirmView(views.PasswordResetConfirmView):
    """Where a link from a mail leads: a first password, or a new one instead of a forgotten."""

    template_name = "accounts/password_reset_confirm.html"
    form_class = forms.NewPasswordForm
    post_reset_login = True
    post_reset_login_backend = "django.contrib.auth.backends.ModelBackend"
    success_url = reverse_lazy("start")
    title = _("Choose a new password")

    def get_user(self, uidb64: str) -> User | None:
        """Refuses, as if the link were too old, somebody whose access was closed meanwhile."""
        user = super().get_user(uidb64)
        return user if user is not None and user.is_active else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(person=self.user, **kwargs)
        if self.validlink and not self.user.has_usable_password():
            context["title"] = _("Welcome to Veikart")
        if not self.validlink:
            context["title"] = _("This link cannot be used")
        return context


class PasswordResetCompleteView(views.PasswordResetCompleteView):
    template_name = "accounts/password_reset_complete.html"
    title = _("Your password is saved")


class PasswordChangeView(views.PasswordChangeView):
    template_name = "accounts/password_change.html"
    form_class = forms.PasswordForm
    success_url = reverse_lazy("accounts:password_change_done")
    title = _("Change your password")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "cancel_url": reverse("accounts:profile")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            lead=_("You stay signed in here, and are signed out everywhere else."), **kwargs
        )


class PasswordChangeDoneView(views.PasswordChangeDoneView):
    template_name = "accounts/password_change_done.html"
    title = _("Your password is changed")

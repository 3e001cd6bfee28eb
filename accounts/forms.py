from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.contrib.auth.forms import (
    AuthenticationForm,
    PasswordChangeForm,
    PasswordResetForm,
    SetPasswordForm,
)
from django.contrib.auth.password_validation import (
    MinimumLengthValidator,
    get_default_password_validators,
)
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.models import ColourScheme, Digest, Language, Organisation, Unit, User
from accounts.policy import OrganisationRole
from accounts.selectors import TreeUnit, units_below
from accounts.services import choose_password, mail_language
from common.forms import DayField, PageForm
from common.layout import Columns
from common.wording import Country, OrganisationKind


class SignInForm(PageForm, AuthenticationForm):
    """E-mail and password. The field is called ``username`` for the sake of password keepers."""

    submit_label = _("Sign in")
    error_messages = {
        "invalid_login": _(
            "The e-mail address or the password is wrong. Check both, or choose a new password."
        ),
        "inactive": _(
            "Your access to Veikart is closed. "
            "Ask an administrator in your organisation to open it."
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        username = self.fields["username"]
        username.label = _("E-mail address")
        username.widget = forms.EmailInput(
            attrs={"autocomplete": "username", "maxlength": 254, "autofocus": True}
        )

    def clean_username(self) -> str:
        # One spelling, so that attempts on one person are counted together.
        return self.cleaned_data["username"].strip().lower()

    def get_invalid_login_error(self) -> ValidationError:
        """Tell the person themselves, and nobody else, that their access is closed."""
        user = User.objects.filter(email=self.cleaned_data["username"], is_active=False).first()
        if user is not None and user.check_password(self.cleaned_data["password"]):
            return ValidationError(self.error_messages["inactive"], code="inactive")
        return super().get_invalid_login_error()


class PasswordRequestForm(PageForm, PasswordResetForm):
    submit_label = _("Send me a link")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")

    def get_users(self, email: str) -> QuerySet[User]:
        """Also those who were invited and have not chosen a password yet."""
        return User.objects.filter(email__iexact=email, is_active=True).select_related(
            "organisation"
        )

    def send_mail(
        self,
        subject_template_name: str,
        email_template_name: str,
        context: dict[str, Any],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """In the language of the person who gets the mail, whoever asked for it."""
        with translation.override(mail_language(context["user"])):
            super().send_mail(subject_template_name, email_template_name, context, *args, **kwargs)


class NewPasswordForm(PageForm, SetPasswordForm):
    submit_label = _("Save the password")
    error_messages = {
        "password_mismatch": _("The two passwords are not the same. Write the new one twice."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first, second = self.fields["new_password1"], self.fields["new_password2"]
        first.label = _("New password")
        first.help_text = _(
            "At least %(count)s characters, and not one that you use elsewhere. "
            "Three or four words that do not belong together are a good start."
        ) % {"count": least_password_length()}
        second.label, second.help_text = _("New password once more"), ""

    def save(self) -> User:
        return choose_password(user=self.user, password=self.cleaned_data["new_password1"])


class PasswordForm(NewPasswordForm, PasswordChangeForm):
    error_messages = {
        **NewPasswordForm.error_messages,
        "password_incorrect": _("This is not your password now. Write it again."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("Your password now")


def least_password_length() -> int:
    return max(
        validator.min_length
        for validator in get_default_password_validators()
        if isinstance(validator, MinimumLengthValidator)
    )


class ProfileForm(PageForm):
    submit_label = _("Save")

    name = forms.CharField(
        label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = forms.ChoiceField(
        label=_("Language of the pages"),
        required=False,
        help_text=_("Records and reports follow the project's language, whatever you choose here."),
    )
    colour_scheme = forms.ChoiceField(
        label=_("Light or dark"), choices=ColourScheme, widget=forms.RadioSelect
    )
    digest = forms.ChoiceField(
        label=_("Summary by e-mail"),
        choices=Digest,
        widget=forms.RadioSelect,
        help_text=User._meta.get_field("digest").help_text,
    )

    def __init__(self, *args: Any, organisation: Organisation | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unchosen = _("As my organisation") if organisation else _("As my browser")
        self.fields["language"].choices = [("", unchosen), *Language.choices]
        self.helper.mark_optional = False


class OrganisationForm(PageForm):
    submit_label = _("Save")

    name = forms.CharField(label=_("Name"), max_length=150)
    document_language = forms.ChoiceField(
        label=_("Language of records and reports"),
        choices=Language,
        help_text=_(
            "Proposed for new projects, and the language of the pages for those who have not "
            "chosen one. Projects that have begun keep theirs."
        ),
    )
    country = forms.ChoiceField(
        label=_("Country"),
        choices=Country,
        help_text=_("Decides which national guidance the method's pages lead to."),
    )
    kind = forms.ChoiceField(
        label=_("Kind of organisation"),
        choices=OrganisationKind,
        widget=forms.RadioSelect,
        help_text=_("Decides what the method's guidance calls the organisation."),
    )


class PersonForm(PageForm):
    submit_label = _("Save")

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("The person signs in with this address, and gets mail there."),
    )
    roles = forms.TypedMultipleChoiceField(
        label=_("Roles in the organisation"),
        choices=OrganisationRole,
        coerce=OrganisationRole,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Nobody needs one to take part in a project: that is given in the project itself. "
            "Administrators look after people, units and teams, and see every project."
        ),
    )


class InvitationForm(PersonForm):
    submit_label = _("Send the invitation")


class UnitForm(PageForm):
    submit_label = _("Save")

    name = forms.CharField(label=_("Name"), max_length=150)
    parent = forms.TypedChoiceField(
        label=_("Part of"), coerce=int, empty_value=None, required=False
    )
    manager = forms.TypedChoiceField(
        label=_("Manager"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Proposed as line manager for the unit's projects."),
    )

    def __init__(
        self, *args: Any, tree: list[TreeUnit], people: list[User], unit: Unit, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        own_branch = units_below(tree, unit) if unit.pk else frozenset()
        self.fields["parent"].choices = [
            ("", _("Nothing: it stands at the top")),
            *((entry.unit.pk, entry.path) for entry in tree if entry.unit.pk not in own_branch),
        ]
        self.fields["manager"].choices = [
            ("", _("Nobody yet")),
            *((person.pk, f"{person.name} ({person.email})") for person in people),
        ]


class DeputyForm(PageForm):
    """Who acts for a person, and in which days."""

    submit_label = _("Name the deputy")

    deputy = forms.TypedChoiceField(
        label=_("Deputy"),
        coerce=int,
        help_text=_("Somebody of the organisation who can sign in."),
    )
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"), help_text=_("Included."))

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deputy"].choices = [
            ("", _("Choose a person")),
            *((person.pk, f"{person.name} ({person.email})") for person in people),
        ]
        self.helper.layout = Layout("deputy", Columns("starts_on", "ends_on"))

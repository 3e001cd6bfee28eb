"""Forms over register rows, and the form of a slot."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.selectors import active_people_of
from common.forms import PageModelForm
from common.outcomes import Refusal, add_refusal
from common.versioned_forms import VersionedFormMixin
from projects.models import Project
from projects.selectors import people_in
from tools.models import RegisterRow, SlotState
from tools.services import save_row, save_slot_state


class RowForm(VersionedFormMixin, PageModelForm):
    """A form over a :class:`tools.models.RegisterRow`. Subclasses name model and fields, no more.

    Rows to choose from are those of the same project that are not deleted; people are those in the
    project, or in its whole organisation when ``people_from_organisation`` says so. Whoever is
    chosen already stays a choice.
    """

    submit_label = _("Save")
    people_from_organisation: ClassVar[bool] = False

    def __init__(self, *args: Any, project: Project, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project
        self.actor = actor
        if self.instance.pk is None:
            self.instance.project = project
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = self._choices(name, field.queryset)
                if field.empty_label is not None:
                    field.empty_label = _("Not chosen") if not field.required else _("Choose")
                if field.required and not field.queryset.exists():
                    field.help_text = _(
                        "There is nothing to choose here yet. Write that down on the tool's page "
                        "first."
                    )

    def _choices(self, name: str, everything: QuerySet) -> QuerySet:
        if issubclass(everything.model, RegisterRow):
            return everything.filter(project=self.project, deleted_at__isnull=True)
        if everything.model is User:
            allowed = Q(pk__in=people_in(self.project).values("pk"))
            if self.people_from_organisation:
                allowed |= Q(pk__in=active_people_of(self.project.organisation).values("pk"))
            if self.instance.pk is not None:
                allowed |= Q(pk=getattr(self.instance, f"{name}_id"))
            return everything.filter(allowed)
        return everything

    def save_as_actor(self) -> RegisterRow | None:
        """Save a valid form. ``None`` means that the write was refused, which the form now says."""
        try:
            return save_row(row=self.instance, actor=self.actor, changed=self.changed_fields)
        except (Refusal, ValidationError) as error:
            add_refusal(self, error)
            return None


class SlotForm(VersionedFormMixin, PageModelForm):
    """Notes for a tool without a page, and whether the tool is relevant."""

    submit_label = _("Save")

    class Meta:
        model = SlotState
        fields = ["note", "is_not_relevant", "not_relevant_reason"]
        widgets = {"note": forms.Textarea(attrs={"rows": 12})}
        help_texts = {
            "note": _("Write here, or say where the work is kept."),
            "not_relevant_reason": _("One sentence that somebody outside the project understands."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("is_not_relevant") and not cleaned.get("not_relevant_reason"):
            self.add_error("not_relevant_reason", _("Say why the tool is not relevant here."))
        return cleaned

    def save_as(self, actor: User) -> SlotState | None:
        """Save a valid form. ``None`` means that the write was refused, which the form now says."""
        try:
            return save_slot_state(state=self.instance, actor=actor)
        except (Refusal, ValidationError) as error:
            add_refusal(self, error)
            return None


class RelevanceForm(SlotForm):
    """Whether a tool with a page is relevant here."""

    class Meta(SlotForm.Meta):
        fields = ["is_not_relevant", "not_relevant_reason"]

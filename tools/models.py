from collections.abc import Collection

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.rows import VersionedRow
from projects.models import Project


class RegisterRow(VersionedRow):
    """A row of a register of some tool. Deleted softly: it can be brought back for 30 days."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", editable=False)
    position = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        abstract = True
        ordering = ["position", "pk"]

    def clean(self) -> None:
        """Refuses a reference to a row of another project."""
        super().clean()
        for field in self._meta.fields:
            related = field.related_model
            if not isinstance(related, type) or not issubclass(related, RegisterRow):
                continue
            chosen = getattr(self, field.name, None)
            if chosen is not None and chosen.project_id != self.project_id:
                raise ValidationError(
                    {
                        field.name: _(
                            "This belongs to another project. Choose one from this project."
                        )
                    }
                )

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """As Django's, but a constraint whose ``violation_error_code`` is the name of a field has
        its sentence shown beside that field."""
        try:
            super().validate_constraints(exclude=exclude)
        except ValidationError as error:
            names = {field.name for field in self._meta.fields}
            placed: dict[str, list[ValidationError]] = {}
            for name, errors in error.error_dict.items():
                for each in errors:
                    place = each.code if name == NON_FIELD_ERRORS and each.code in names else name
                    placed.setdefault(place, []).append(each)
            raise ValidationError(placed) from None

    def fill_in_new(self) -> None:
        """Give a new row what it gets by itself, such as a code. Called once, before the first
        save, while nobody else adds rows to the project."""


class SlotState(VersionedRow):
    """What a project says about one of the method's tools: a note (all there is while the tool has
    no page of its own), or why the tool is not relevant here."""

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="slot_states", editable=False
    )
    # The same in every version of the method; a note whose slot is gone from it stays.
    slot_key = models.SlugField(max_length=60, editable=False)
    note = models.TextField(_("notes"), max_length=20000, blank=True)
    is_not_relevant = models.BooleanField(_("not relevant in this project"), default=False)
    not_relevant_reason = models.CharField(_("why it is not relevant"), max_length=500, blank=True)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "slot_key"], name="slot_state_once_per_project"
            ),
            models.CheckConstraint(
                condition=Q(is_not_relevant=False) | ~Q(not_relevant_reason=""),
                name="slot_not_relevant_has_reason",
                violation_error_message=_("Say why the tool is not relevant here."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.slot_key}"

"""The method as content. A published version never changes; projects pin one.

Texts are JSON: field name -> language -> text (or list of texts). Keys are for machines and stay
the same from version to version; people only ever see titles.
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.outcomes import Refusal
from methodology.enums import GateMode, Severity, VersionStatus


class PublishedContent(Refusal):
    """A write to a version that projects may already stand on."""

    def __init__(self, version: "MethodVersion") -> None:
        super().__init__(
            gettext(
                "Version %(number)s of %(method)s is published and never changes. "
                "Make a new version instead."
            )
            % {"number": version.number, "method": version.method.key}
        )


class Content(models.Model):
    """A row of a version's content. Saving or deleting it is refused with
    :class:`PublishedContent` unless the version is a draft."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        _refuse_published(self.owner_version.pk)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        _refuse_published(self.owner_version.pk)
        return super().delete(*args, **kwargs)

    @property
    def owner_version(self) -> "MethodVersion":
        raise NotImplementedError


def _refuse_published(version_pk: int | None) -> None:
    if version_pk is None:
        return
    # The stored status counts, whatever the row in memory says.
    stored = MethodVersion.objects.select_related("method").filter(pk=version_pk).first()
    if stored is not None and stored.status != VersionStatus.DRAFT:
        raise PublishedContent(stored)


class Method(models.Model):
    key = models.SlugField(_("key"), max_length=60, unique=True)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


class MethodVersion(models.Model):
    """One version of a method, as loaded from its files.

    ``content_hash`` is the SHA-256 of the content in canonical form; loading other content under
    the number of a published version is refused.
    """

    method = models.ForeignKey(Method, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    status = models.CharField(max_length=10, choices=VersionStatus, default=VersionStatus.DRAFT)
    content_hash = models.CharField(max_length=64)
    default_language = models.CharField(max_length=2)
    languages = models.JSONField(default=dict)
    texts = models.JSONField(default=dict)
    words = models.JSONField(default=dict)
    sources = models.JSONField(default=list)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["method__key", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["method", "number"], name="method_version_number_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.method.key} {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refused with :class:`PublishedContent` once the stored version is not a draft."""
        _refuse_published(self.pk)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        _refuse_published(self.pk)
        return super().delete(*args, **kwargs)


class Slot(Content):
    """A place for a tool in a method, in the method's words. ``tool`` is the key of the app that
    serves it now or later."""

    version = models.ForeignKey(MethodVersion, on_delete=models.PROTECT, related_name="slots")
    key = models.SlugField(max_length=60)
    position = models.PositiveIntegerField()
    tool = models.CharField(max_length=60)
    variant = models.CharField(max_length=30, blank=True)
    is_addition = models.BooleanField(default=False)
    texts = models.JSONField(default=dict)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="slot_key_unique_in_version")
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def owner_version(self) -> MethodVersion:
        return self.version


class Role(Content):
    """A role in the method's own words. ``project_role`` is the access role it goes with."""

    version = models.ForeignKey(MethodVersion, on_delete=models.PROTECT, related_name="roles")
    key = models.SlugField(max_length=60)
    position = models.PositiveIntegerField()
    project_role = models.CharField(max_length=20, blank=True)
    is_expected = models.BooleanField(default=False)
    texts = models.JSONField(default=dict)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="role_key_unique_in_version")
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def owner_version(self) -> MethodVersion:
        return self.version


class Phase(Content):
    version = models.ForeignKey(MethodVersion, on_delete=models.PROTECT, related_name="phases")
    key = models.SlugField(max_length=60)
    number = models.PositiveIntegerField()
    texts = models.JSONField(default=dict)
    examples = models.JSONField(default=list)
    slots = models.ManyToManyField(Slot, through="PhaseSlot", related_name="phases")

    class Meta:
        ordering = ["version", "number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="phase_key_unique_in_version"),
            models.UniqueConstraint(
                fields=["version", "number"], name="phase_number_unique_in_version"
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def owner_version(self) -> MethodVersion:
        return self.version


class PhaseSlot(Content):
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT)
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["phase", "slot"], name="slot_once_in_phase")]

    def __str__(self) -> str:
        return f"{self.phase_id}: {self.slot_id}"

    @property
    def owner_version(self) -> MethodVersion:
        return self.phase.version


class Step(Content):
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="steps")
    key = models.SlugField(max_length=60)
    number = models.PositiveIntegerField()
    is_optional = models.BooleanField(default=False)
    is_decision = models.BooleanField(default=False)
    texts = models.JSONField(default=dict)
    slots = models.ManyToManyField(Slot, through="StepSlot", related_name="steps")

    class Meta:
        ordering = ["phase", "number"]
        constraints = [
            models.UniqueConstraint(fields=["phase", "key"], name="step_key_unique_in_phase"),
            models.UniqueConstraint(fields=["phase", "number"], name="step_number_unique_in_phase"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def owner_version(self) -> MethodVersion:
        return self.phase.version


class StepSlot(Content):
    step = models.ForeignKey(Step, on_delete=models.PROTECT)
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["step", "slot"], name="slot_once_in_step")]

    def __str__(self) -> str:
        return f"{self.step_id}: {self.slot_id}"

    @property
    def owner_version(self) -> MethodVersion:
        return self.step.phase.version


class Gate(Content):
    """The decision point at the end of a phase. ``back_to`` holds keys of earlier phases."""

    phase = models.OneToOneField(Phase, on_delete=models.PROTECT, related_name="gate")
    key = models.SlugField(max_length=60)
    mode = models.CharField(max_length=10, choices=GateMode)
    outcomes = models.JSONField(default=list)
    back_to = models.JSONField(default=list)
    texts = models.JSONField(default=dict)

    class Meta:
        ordering = ["phase"]

    def __str__(self) -> str:
        return self.key

    @property
    def owner_version(self) -> MethodVersion:
        return self.phase.version


class Criterion(Content):
    """``finding_codes`` settle the criterion when the tool that gives them is there."""

    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="criteria")
    key = models.SlugField(max_length=60)
    position = models.PositiveIntegerField()
    severity = models.CharField(max_length=10, choices=Severity)
    finding_codes = models.JSONField(default=list)
    texts = models.JSONField(default=dict)

    class Meta:
        ordering = ["gate", "position"]
        constraints = [
            models.UniqueConstraint(fields=["gate", "key"], name="criterion_key_unique_in_gate")
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def owner_version(self) -> MethodVersion:
        return self.gate.phase.version

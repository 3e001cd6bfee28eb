"""The method as content. A published version never changes; projects pin one.

The content itself is one document per version (``methodology.files`` says what stands in it and
``methodology.catalogue`` gives it as dataclasses). Keys are for machines and stay the same from
version to version, and the state of projects names content by them; people only ever see titles.
"""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from common.outcomes import Refusal
from common.rows import VersionedRow
from methodology.enums import VersionStatus


class PublishedContent(Refusal):
    """A write to a version that projects may already stand on."""

    def __init__(self, version: "MethodVersion | OverlayVersion") -> None:
        super().__init__(
            gettext(
                "Version %(number)s of %(method)s is published and never changes. "
                "Make a new version instead."
            )
            % {"number": version.number, "method": version.method.key}
        )


class Method(models.Model):
    """A method of the installation, or of one organisation, which alone then sees and uses it."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    organisation = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="methods",
        verbose_name=_("organisation"),
    )

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


# More than anybody changes one draft.
STAMPS = 1_000_000


class Edition(VersionedRow):
    """Something that is drafted, published and retired. Written on only while it is a draft."""

    number = models.PositiveIntegerField(_("version"))
    status = models.CharField(max_length=10, choices=VersionStatus, default=VersionStatus.DRAFT)
    # SHA-256 of the content in canonical form, from the moment it is published.
    content_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refused with :class:`PublishedContent` once the stored row is not a draft."""
        self._refuse_published()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._refuse_published()
        return super().delete(*args, **kwargs)

    @property
    def is_draft(self) -> bool:
        return self.status == VersionStatus.DRAFT

    @property
    def stamp(self) -> int:
        """Names this state of this row, unlike those of any other: what a page that was opened
        before tells whether it still speaks of the same."""
        return int(self.pk) * STAMPS + self.row_version

    def _refuse_published(self) -> None:
        # The stored status counts, whatever the row in memory says.
        stored = type(self)._base_manager.select_related("method").filter(pk=self.pk).first()
        if stored is not None and not stored.is_draft:
            raise PublishedContent(stored)


class MethodVersion(Edition):
    """One version of a method. ``based_on`` is what a draft was copied from."""

    method = models.ForeignKey(Method, on_delete=models.PROTECT, related_name="versions")
    based_on = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["method__key", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["method", "number"], name="method_version_number_unique"
            ),
            models.UniqueConstraint(
                fields=["method"],
                condition=Q(status="draft"),
                name="method_one_draft",
                violation_error_message=_("There is already a draft of this method."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method.key} {self.number}"


class VersionDocument(models.Model):
    """The content of a version. Beside it and not in it, because projects are listed with their
    version and the content is large."""

    version = models.OneToOneField(
        MethodVersion, on_delete=models.PROTECT, primary_key=True, related_name="document"
    )
    content = models.JSONField()

    def __str__(self) -> str:
        return str(self.version_id)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refused with :class:`PublishedContent` once the version is not a draft."""
        self.version._refuse_published()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self.version._refuse_published()
        return super().delete(*args, **kwargs)


class OverlayVersion(Edition):
    """What one organisation hides, adds and says on top of a method, by key
    (``methodology.overlays``). It follows the method from version to version."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="overlays"
    )
    method = models.ForeignKey(Method, on_delete=models.PROTECT, related_name="overlays")
    content = models.JSONField()

    class Meta:
        ordering = ["organisation", "method__key", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "method", "number"], name="overlay_number_unique"
            ),
            models.UniqueConstraint(
                fields=["organisation", "method"],
                condition=Q(status="draft"),
                name="overlay_one_draft",
                violation_error_message=_("There is already a draft of these adjustments."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.method.key} {self.number}"

"""What a project has written in its worksheets, with every earlier revision."""

import uuid

from django.db import models

from accounts.models import User
from common.rows import VersionedRow
from projects.models import Project


def picture_path(instance: models.Model, filename: str) -> str:
    """A random name: nothing can be guessed from or through it."""
    return f"pictures/{uuid.uuid4().hex}.{filename.rpartition('.')[2]}"


class Sheet(VersionedRow):
    """The answers of one project to one worksheet of its method. The definition is content of the
    method; here stand only keys.

    ``answers`` holds values by field (see ``worksheets.values``). ``number`` is that of the newest
    revision. ``guarded`` remembers which answers were written under a promise: path of the field
    (``field`` or ``rows.column``) -> keys of the dates on which it is erased, ``""`` for what only
    those who write may see. The promise outlives the field.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", editable=False)
    worksheet_key = models.SlugField(max_length=60, editable=False)
    answers = models.JSONField(default=dict, editable=False)
    guarded = models.JSONField(default=dict, editable=False)
    number = models.PositiveIntegerField(default=0, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)

    class Meta:
        ordering = ["project", "worksheet_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "worksheet_key"], name="sheet_once_per_project"
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.worksheet_key}"

    @property
    def version(self) -> int:
        """What forms are merged by: grows with each revision, and when answers are erased. 0 before
        the first save."""
        return self.row_version if self.pk else 0


class SheetRevision(models.Model):
    """The answers as they were after one save."""

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    answers = models.JSONField()
    saved_at = models.DateTimeField(auto_now_add=True)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["sheet", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "number"], name="sheet_revision_number")
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id}: {self.number}"


class SheetPicture(models.Model):
    """A picture, made anew when it came: without position, camera and anything else that a file
    can carry beside what is seen. Never changed; earlier revisions show it too."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    worksheet_key = models.SlugField(max_length=60)
    # Where it stands, so that it is shown to those who may see the field.
    field_key = models.CharField(max_length=60)
    file = models.FileField(upload_to=picture_path)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    uploaded_at = models.DateTimeField(auto_now_add=True)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.worksheet_key}: {self.field_key}"

"""What shows that something is so: a link and a file."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.uploads import evidence_path, validate_upload


class Evidence(models.Model):
    """A link, a file, or both."""

    evidence_url = models.URLField(_("link"), max_length=500, blank=True)
    evidence_file = models.FileField(
        _("file"),
        upload_to=evidence_path,
        max_length=200,
        blank=True,
        validators=[validate_upload],
    )
    # What the person called the file; it is stored under a random name.
    evidence_file_name = models.CharField(max_length=200, blank=True, editable=False)
    evidence_file_sha256 = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        abstract = True
